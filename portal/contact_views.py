"""The screen a contact check's link opens: one button to say that the message arrived.

As with pages, machines that follow links confirm nothing: only the button does, by POST.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import contact_checks
from accounts.models import ContactCheck
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal.page_views import private


@dataclass(frozen=True, slots=True)
class Opened:
    """A check that can be confirmed, by the person who would be rung."""

    check: ContactCheck
    viewer: Viewer
    now: dt.datetime


@require_safe
@private
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Who would be rung here. Changes nothing, however often and by whomever it is fetched."""
    try:
        with opened(token) as found:
            context = {"name": found.check.user.name, "token": token}
            return render(request, "page/contact.html", context)
    except contact_checks.Gone:
        return render(request, "page/contact_gone.html", status=410)


@require_POST
@private
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Answers with a page and not a redirect: the link is used up."""
    try:
        with opened(token) as found:
            contact_checks.confirm(check=found.check, by=found.viewer, now=found.now)
            context = {"name": found.check.user.name, "is_confirmed": True}
            return render(request, "page/contact.html", context)
    except contact_checks.Gone:
        return render(request, "page/contact_gone.html", status=410)


@contextmanager
def opened(token: str) -> Iterator[Opened]:
    """Act as the person who would be rung, in their language.

    Raises `contact_checks.Gone`; Http404 for a link that is none of ours; `PermissionDenied`
    when they have left the staff.
    """
    try:
        key = contact_checks.key_of(token)
    except contact_checks.Forged as problem:
        raise Http404 from problem
    with acting_as(DatabaseRole.STAFF) as now:
        check = contact_checks.open_check(key, now=now)
        if check is None:
            raise contact_checks.Gone
        viewer = Viewer.of(check.user)
        if not viewer.is_person_of_staff:
            raise PermissionDenied(_("This link is for somebody who no longer works here."))
        # Not before: only now is it known whose rows the database lets this link change.
        with (
            acting_as(DatabaseRole.STAFF, user_id=check.user_id),
            translation.override(check.user.language),
        ):
            yield Opened(check, viewer, now)
