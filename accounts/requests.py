"""A request after the tenancy middleware: it knows who asks, for whom, and what time it is."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest

from accounts.api_tokens import Caller
from accounts.models import Organization
from accounts.viewer import Viewer
from accounts.widget_identity import Visitor


class TenantRequest(HttpRequest):
    """`now` is UTC, from the database's clock; `organization` the one chosen in the switcher.

    Under /api/ there is a `caller` in place of a session: who a valid token acts as, or None;
    under /widget/ likewise a `widget`, the visitor a frame's key was recognised of.
    """

    viewer: Viewer
    caller: Caller | None
    widget: Visitor | None
    now: dt.datetime
    organization: Organization | None
    organizations: list[Organization]
