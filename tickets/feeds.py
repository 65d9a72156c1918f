"""Calendars of shifts by secret addresses: made, revoked, and what stands in them.

A token has 256 bits of chance; only its SHA-256 is kept, and it is shown once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import User
from accounts.viewer import Viewer
from tickets.models import CalendarFeed, Team
from tickets.oncall import duty
from tickets.oncall.publishing import Event, edges, key_of, published
from tickets.oncall.rotation import Shift

BACK: Final = dt.timedelta(weeks=4)
AHEAD: Final = dt.timedelta(weeks=8)
# Shifts are asked for beyond the window, so that those at its edges are told whole.
MARGIN: Final = dt.timedelta(days=93)


@transaction.atomic
def make(*, by: Viewer, team: Team | None, now: dt.datetime) -> tuple[CalendarFeed, str]:
    """Make the viewer's feed (of a team, or of their own shifts) and return it with its token.

    The address there was before stops working.
    """
    access.require(by, "roster.read")
    if by.user is None:
        raise ValueError("A feed is made by the person who follows it.")
    CalendarFeed.objects.filter(owner=by.user, team=team, revoked_at=None).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        owner=by.user, team=team, token_hash=_digest(token), made_at=now
    )
    _record("feed.made", feed, by=by, now=now)
    return feed, token


@transaction.atomic
def revoke(*, feed: CalendarFeed, by: Viewer, now: dt.datetime) -> None:
    """End an address for good; a second time changes nothing. Everybody revokes their own."""
    access.require(by, "roster.read")
    own = CalendarFeed.objects.filter(pk=feed.pk, owner=by.user, revoked_at=None)
    if own.update(revoked_at=now):
        _record("feed.revoked", feed, by=by, now=now)


def find(token: str) -> CalendarFeed | None:
    """The live feed of that address, locked; None when there is none, or its owner left."""
    return (
        CalendarFeed.objects.filter(
            token_hash=_digest(token), revoked_at=None, owner__is_active=True, owner__is_staff=True
        )
        .select_related("owner", "team")
        .select_for_update(of=("self",))
        .first()
    )


def read(feed: CalendarFeed, *, now: dt.datetime) -> list[Event]:
    """The final schedule from 4 weeks back to 8 weeks ahead, by start. The feed is locked.

    It notes what it tells, and that somebody read it.
    """
    told = {key: _thawed(key, row) for key, row in feed.published.items()}
    told = published(told, _shown(feed, now), now=now, since=now - BACK)
    feed.published = {key: _frozen(event) for key, event in told.items()}
    feed.read_at = now
    feed.save(update_fields=["published", "read_at"])
    shown = [event for event in told.values() if not event.gone]
    return sorted(shown, key=lambda event: (event.starts_at, event.key))


def _shown(feed: CalendarFeed, now: dt.datetime) -> list[Event]:
    teams = [one for one in duty.teams() if feed.team_id in (None, one.pk)]
    rosters = {roster.pk: (team, roster) for team in teams for roster in team.rosters.all()}
    start, end = now - BACK, now + AHEAD
    first, last = edges(start, end, MARGIN)
    asked = [roster for _team, roster in rosters.values()]
    found = duty.shifts(asked, first, last, known_at=now)
    wanted = [
        (key, shift)
        for key, shifts in found.items()
        for shift in shifts
        if shift.starts_at < end
        and shift.ends_at > start
        and (feed.team_id is not None or shift.member == feed.owner_id)
    ]
    names = _names(shift for _key, shift in wanted)
    with translation.override(feed.owner.language):
        return [
            Event(
                key=key_of(
                    key, _person(shift), shift.starts_at if shift.starts_at > first else None
                ),
                starts_at=shift.starts_at.replace(microsecond=0),
                ends_at=shift.ends_at.replace(microsecond=0),
                title=_title(feed, names.get(_person(shift), ""), *rosters[key]),
            )
            for key, shift in wanted
        ]


def _title(feed: CalendarFeed, name: str, team: Team, roster: Any) -> str:
    if feed.team_id is not None:
        return f"{name} · {roster.name}"
    return _("On duty: %(team)s · %(roster)s") % {"team": team.name, "roster": roster.name}


def _names(shifts: Iterable[Shift]) -> dict[int, str]:
    people = User.names.filter(pk__in={_person(shift) for shift in shifts})
    return {person.pk: person.name for person in people}


def _person(shift: Shift) -> int:
    return int(str(shift.member))


def _frozen(event: Event) -> list[Any]:
    changed = event.changed_at or event.starts_at
    times = [moment.isoformat() for moment in (event.starts_at, event.ends_at, changed)]
    return [*times, event.title, event.sequence, event.gone]


def _thawed(key: str, row: list[Any]) -> Event:
    starts_at, ends_at, changed_at = (dt.datetime.fromisoformat(text) for text in row[:3])
    return Event(key, starts_at, ends_at, row[3], row[4], changed_at, row[5])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(verb: str, feed: CalendarFeed, *, by: Viewer, now: dt.datetime) -> None:
    events.record(
        verb=verb,
        subject=f"staff/{feed.owner_id}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        feed=feed.pk,
        team=feed.team.name if feed.team else "",
    )
