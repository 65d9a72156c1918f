"""Calendars of shifts by secret addresses, read back as a calendar program would."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from icalendar import Calendar

from accounts.models import Event, User
from accounts.viewer import Viewer
from tests import factories
from tests.portal.conftest import Clock
from tickets import feeds
from tickets.models import CalendarFeed, Roster, Team

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limits_yet() -> None:
    cache.clear()


@pytest.fixture
def nights(cast: SimpleNamespace) -> Roster:
    """Weekly from Monday 20:00 in Shanghai: Li Wei and Zhao Min in turn."""
    return factories.roster(
        cast.team,
        cast.second,
        cast.engineer,
        name="Nights",
        time_zone="Asia/Shanghai",
        hand_over_at=dt.time(20),
    )


def address(person: User, clock: Clock, team: Team | None = None) -> str:
    _feed, token = feeds.make(by=Viewer.of(person), team=team, now=clock.now)
    return reverse("calendar_feed", args=[token])


def read(client: Any, link: str) -> list[Any]:
    answer = client.get(link)
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.content)
    return [entry for entry in calendar.walk("VEVENT") if "Nights" in str(entry["summary"])]


def test_it_holds_ones_own_shifts_with_the_right_times(
    cast: SimpleNamespace, client: Any, clock: Clock, nights: Roster
) -> None:
    entries = read(client, address(cast.engineer, clock))
    starts = [entry.start for entry in entries]
    assert all(start.astimezone(dt.UTC).hour == 12 for start in starts)
    assert min(starts) <= clock.now - dt.timedelta(weeks=3)
    assert clock.now + dt.timedelta(weeks=6) < max(starts) < clock.now + dt.timedelta(weeks=8)
    assert {entry.end - entry.start for entry in entries} == {dt.timedelta(weeks=1)}
    assert {str(entry["summary"]) for entry in entries} == {"On duty: IM core · Nights"}


def test_a_teams_calendar_names_everybody(
    cast: SimpleNamespace, client: Any, clock: Clock, nights: Roster
) -> None:
    entries = read(client, address(cast.lead, clock, cast.team))
    assert {str(entry["summary"]) for entry in entries} == {"Li Wei · Nights", "Zhao Min · Nights"}


def test_nothing_else_stands_in_it(
    cast: SimpleNamespace, client: Any, clock: Clock, nights: Roster
) -> None:
    factories.ticket(cast.developer, subject="CANARY")
    body = client.get(address(cast.lead, clock, cast.team)).content.decode()
    for word in ("StarCast", "BrightClass", "CANARY", "STAR-", cast.engineer.email, "Bob Lin"):
        assert word not in body


def test_keys_stay_and_only_what_changed_counts_up(
    cast: SimpleNamespace, client: Any, clock: Clock, nights: Roster
) -> None:
    link = address(cast.engineer, clock)
    before = {str(entry["uid"]): entry for entry in read(client, link)}
    changed_at = clock.forward(hours=1)
    Roster.objects.filter(pk=nights.pk).update(name="Nights (new)")
    after = {str(entry["uid"]): entry for entry in read(client, link)}
    assert set(before) == set(after)
    assert {int(entry["sequence"]) for entry in before.values()} == {0}
    assert {int(entry["sequence"]) for entry in after.values()} == {1}
    assert {entry["dtstamp"].dt for entry in after.values()} == {changed_at}
    assert len(set(after)) == len(read(client, link))


def test_the_same_file_is_not_sent_twice(
    cast: SimpleNamespace, client: Any, clock: Clock, nights: Roster
) -> None:
    link = address(cast.engineer, clock)
    first = client.get(link)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, no-cache"
    clock.forward(hours=1)
    again = client.get(link, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(link, headers={"If-None-Match": '"other"'}).status_code == 200
    assert CalendarFeed.objects.get().read_at == clock.now


def test_an_unknown_address_and_a_revoked_one_look_alike(
    cast: SimpleNamespace, client: Any, clock: Clock
) -> None:
    link = address(cast.engineer, clock)
    feeds.revoke(
        feed=CalendarFeed.objects.get(), by=Viewer.of(cast.engineer), now=clock.forward(hours=1)
    )
    revoked, unknown = client.get(link), client.get("/calendar/unknown.ics")
    assert (revoked.status_code, unknown.status_code) == (404, 404)
    assert revoked.content == unknown.content
    assert list(Event.objects.filter(verb__startswith="feed.").values_list("verb", flat=True)) == [
        "feed.made",
        "feed.revoked",
    ]


def test_a_new_address_ends_the_old_one_of_the_same_calendar_alone(
    cast: SimpleNamespace, client: Any, clock: Clock
) -> None:
    old, of_team = address(cast.engineer, clock), address(cast.engineer, clock, cast.team)
    others = address(cast.second, clock)
    new = address(cast.engineer, clock)
    answers = [client.get(link).status_code for link in (old, of_team, others, new)]
    assert answers == [404, 200, 200, 200]


def test_whoever_leaves_takes_their_calendars_along(
    cast: SimpleNamespace, client: Any, clock: Clock
) -> None:
    link = address(cast.engineer, clock)
    User.objects.filter(pk=cast.engineer.pk).update(is_active=False)
    assert client.get(link).status_code == 404


def test_the_token_is_not_in_the_database(cast: SimpleNamespace, clock: Clock) -> None:
    feed, token = feeds.make(by=Viewer.of(cast.engineer), team=None, now=clock.now)
    assert len(token) == 43
    assert token not in str(CalendarFeed.objects.values().get(pk=feed.pk))


def test_it_is_limited(cast: SimpleNamespace, client: Any, clock: Clock) -> None:
    link = address(cast.engineer, clock)
    answers = [client.get(link).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    assert client.get(link)["Retry-After"]


def test_guessing_is_limited(client: Any, db: None) -> None:
    answers = [client.get(f"/calendar/guess{number}.ics").status_code for number in range(241)]
    assert answers == [404] * 240 + [429]


def test_it_cannot_be_changed_through(cast: SimpleNamespace, client: Any, clock: Clock) -> None:
    link = address(cast.engineer, clock)
    assert client.post(link).status_code == 405
    assert client.head(link).status_code == 200
