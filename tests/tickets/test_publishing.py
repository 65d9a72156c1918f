"""What a calendar feed tells of a shift, over time."""

from __future__ import annotations

import datetime as dt

from tickets.oncall.publishing import Event, edges, key_of, published

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LONG_AGO = NOON - dt.timedelta(weeks=4)


def event(key: str = "a", *, hours: int = 8, start: dt.datetime = NOON) -> Event:
    return Event(key, start, start + hours * HOUR, "On duty")


def told(
    before: dict[str, Event], *shown: Event, at: dt.datetime = NOON, since: dt.datetime = LONG_AGO
) -> dict[str, Event]:
    return published(before, shown, now=at, since=since)


def test_what_stays_the_same_keeps_its_number_and_date() -> None:
    first = told({}, event())
    assert (first["a"].sequence, first["a"].changed_at) == (0, NOON)
    assert told(first, event(), at=NOON + HOUR) == first


def test_what_changed_gets_a_higher_number_and_the_date_of_the_change() -> None:
    changed = told(told({}, event()), event(hours=4), at=NOON + HOUR)["a"]
    assert (changed.sequence, changed.changed_at) == (1, NOON + HOUR)
    assert changed.ends_at == NOON + 4 * HOUR


def test_what_comes_back_has_a_higher_number_than_before_it_went() -> None:
    gone = told(told({}, event()), at=NOON + HOUR)
    assert gone["a"].gone
    back = told(gone, event(), at=NOON + 2 * HOUR)["a"]
    assert (back.gone, back.sequence, back.changed_at) == (False, 1, NOON + 2 * HOUR)


def test_what_is_long_past_is_forgotten() -> None:
    old = event(start=LONG_AGO - 9 * HOUR)
    assert told(told({}, old)) == {}


def test_dates_are_whole_seconds() -> None:
    changed = told({}, event(), at=NOON.replace(microsecond=7))["a"].changed_at
    assert changed == NOON


def test_a_shift_is_known_by_when_it_begins() -> None:
    assert key_of(3, 7, NOON) == "3-7-20261123T120000Z"
    assert key_of(3, 7, None) == "3-7-begun"


def test_the_edges_of_the_window_stay_for_a_month() -> None:
    margin = dt.timedelta(days=93)
    days = [NOON + dt.timedelta(days=number) for number in range(4)]
    seen = {edges(day, day, margin) for day in days}
    assert len(seen) == 1
