"""A request after the tenancy middleware: it knows who asks, for whom, and what time it is."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest

from accounts.models import Organization
from accounts.viewer import Viewer


class TenantRequest(HttpRequest):
    """`now` is UTC, from the database's clock; `organization` the one chosen in the switcher."""

    viewer: Viewer
    now: dt.datetime
    organization: Organization | None
    organizations: list[Organization]
