"""Tell the customers whom a release concerns: those who run less than it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, agenda, events
from accounts.viewer import Viewer
from knowledge.models import Change, ChangeKind, Release, ReleaseAnnouncement

TELL: Final = "release.tell"
WORTH_TELLING: Final = (ChangeKind.SECURITY, ChangeKind.BREAKING)


@transaction.atomic
def announce(*, release: Release, by: Viewer, now: dt.datetime) -> ReleaseAnnouncement:
    """Have the members of the organizations it concerns told by mail, once and for all.

    `ValidationError` with a sentence for a release that is not out or breaks and mends nothing.
    """
    access.require(by, "release.announce")
    release = Release.objects.select_for_update(of=["self"]).get(pk=release.pk)
    earlier = ReleaseAnnouncement.objects.filter(release=release).first()
    if earlier is not None:
        return earlier
    if sentence := why_not(release, on=now.date()):
        raise ValidationError(sentence)
    made = ReleaseAnnouncement.objects.create(release=release, by=by.user, by_name=by.name, at=now)
    events.record(
        verb="release.announced",
        subject=f"release/{release.pk}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        version=release.version,
    )
    tell_from(release, after=0, now=now)
    return made


def why_not(release: Release, *, on: dt.date) -> str:
    """A sentence on why nobody can be told of it yet; empty when they can."""
    if release.released_on > on:
        return _("It is not out yet: on %(day)s, tell them.") % {"day": release.released_on}
    if not release.changes.filter(kind__in=WORTH_TELLING).exists():
        return _("Nothing in it is about security or breaks anything: nobody has to be told.")
    return ""


def told_of(release: Release) -> list[Change]:
    """What in it customers are told of."""
    return list(release.changes.filter(kind__in=WORTH_TELLING).order_by("position", "pk"))


def platforms_of(release: Release, told: Iterable[Change]) -> set[str]:
    """The platforms these changes of it are of; empty: all of them."""
    named = [set(change.platforms or filter(None, [release.platform])) for change in told]
    return set().union(*named) if all(named) else set()


def tell_from(release: Release, *, after: int, now: dt.datetime) -> None:
    """Have the engine write to the organizations whose number is higher than `after`."""
    agenda.schedule(
        kind=TELL,
        key=f"release:{release.pk}:{after}",
        due_at=now,
        subject=f"release/{release.pk}",
        organization_id=None,
        release=release.pk,
        after=after,
    )
