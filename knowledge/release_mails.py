"""End the mails about releases to one member of an organization, and take that back."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import Organization, User
from accounts.viewer import Viewer
from knowledge.models import ReleaseMailMute


@transaction.atomic
def mute(*, organization: Organization, by: Viewer, now: dt.datetime) -> None:
    """Send this person no more mails about releases. Muting twice changes nothing."""
    person = _member(organization, by)
    _mute, is_new = ReleaseMailMute.objects.get_or_create(
        organization=organization, user=person, defaults={"at": now}
    )
    if is_new:
        _record(organization, "release_mails.muted", by=by, now=now)


@transaction.atomic
def unmute(*, organization: Organization, by: Viewer, now: dt.datetime) -> None:
    """Tell them of releases again; not of those that came out meanwhile."""
    person = _member(organization, by)
    gone, _by_model = ReleaseMailMute.objects.filter(
        organization=organization, user=person
    ).delete()
    if gone:
        _record(organization, "release_mails.unmuted", by=by, now=now)


def _member(organization: Organization, by: Viewer) -> User:
    access.require(by, "organization.read", organization.pk)
    if by.user is None or by.is_staff:
        raise PermissionDenied(_("Only a customer's own mails can be muted."))
    return by.user


def _record(organization: Organization, verb: str, *, by: Viewer, now: dt.datetime) -> None:
    events.record(
        verb=verb,
        subject=f"organization/{organization.pk}",
        by=by,
        at=now,
        organization_id=organization.pk,
    )
