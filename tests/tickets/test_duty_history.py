"""Who was on duty is answered from what was on record then: nothing later rewrites it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tickets.oncall.history import Change, History, Mark, Version, final, holes, marked, planned
from tickets.oncall.rotation import Rotation, Shift, Unit
from tickets.oncall.schedule import Layer, Override, TemporarySchedule

UTC = ZoneInfo("UTC")
MONDAY = dt.datetime(2026, 9, 21, tzinfo=dt.UTC)


def at(hours: float) -> dt.datetime:
    return MONDAY + dt.timedelta(hours=hours)


def turns(*members: str, hours: int = 12) -> Layer:
    return Layer(Rotation(members, MONDAY, hours, Unit.HOURS, UTC))


def history(
    *changes: Change, versions: Sequence[Version] = (Version(at(-100), (turns("Li", "Chen"),)),)
) -> History:
    return History(tuple(versions), changes)


def told(shifts: Sequence[Shift]) -> list[tuple[object, float, float]]:
    return [
        (one.member, (one.starts_at - MONDAY) / H, (one.ends_at - MONDAY) / H) for one in shifts
    ]


H = dt.timedelta(hours=1)


def test_an_edit_holds_from_when_it_was_saved() -> None:
    edited = [
        Version(at(-100), (turns("Li", "Chen"),)),
        Version(at(6), (turns("Ana"),)),
    ]
    known = history(versions=edited)
    assert told(final(known, at(0), at(24), known_at=at(24))) == [("Li", 0, 6), ("Ana", 6, 24)]
    assert told(final(known, at(0), at(24), known_at=at(3))) == [("Li", 0, 12), ("Chen", 12, 24)]


def test_before_the_first_version_nobody_is_known() -> None:
    known = history(versions=[Version(at(6), (turns("Li"),))])
    assert told(final(known, at(0), at(12), known_at=at(12))) == [("Li", 6, 12)]


def test_layers_stand_side_by_side() -> None:
    known = history(versions=[Version(at(-1), (turns("Li"), turns("Ana", "Bo")))])
    assert told(final(known, at(0), at(24), known_at=at(0))) == [
        ("Ana", 0, 12),
        ("Li", 0, 24),
        ("Bo", 12, 24),
    ]


def test_a_cancelled_override_held_until_it_was_cancelled() -> None:
    change = Change(Override("Ana", at(2), at(10), "Li"), at(1), cancelled_at=at(5))
    known = history(change)
    assert told(final(known, at(0), at(12), known_at=at(12))) == [
        ("Li", 0, 2),
        ("Ana", 2, 5),
        ("Li", 5, 12),
    ]
    assert told(final(known, at(0), at(12), known_at=at(4)))[1] == ("Ana", 2, 10)


def test_a_later_change_applies_to_a_temporary_schedule() -> None:
    schedule = TemporarySchedule(at(0), at(12), (Shift("Bo", at(0), at(8)),))
    known = history(
        Change(schedule, at(-3), mark=Mark.TEMPORARY),
        Change(Override("Ana", at(4), at(8), "Bo"), at(-2), mark=Mark.STAND_IN),
    )
    assert told(final(known, at(0), at(12), known_at=at(-1))) == [("Bo", 0, 4), ("Ana", 4, 8)]
    assert holes(known, at(0), at(12), known_at=at(-1)) == [(at(8), at(12))]


def test_leave_without_a_stand_in_leaves_a_hole() -> None:
    known = history(Change(Override(None, at(3), at(6), "Li"), at(0), mark=Mark.STAND_IN))
    assert holes(known, at(0), at(24), known_at=at(1)) == [(at(3), at(6))]


def test_each_piece_says_why_it_is_somebodys() -> None:
    known = history(
        Change(Override("Ana", at(2), at(4), "Li"), at(0), mark=Mark.SWAP),
        Change(Override("Chen", at(10), at(14), "Li"), at(0), mark=Mark.OVERRIDE),
    )
    found = [
        (one.shift.member, (one.shift.starts_at - MONDAY) / H, one.mark)
        for one in marked(known, at(0), at(24), known_at=at(1))
    ]
    assert found == [
        ("Li", 0, Mark.PLAIN),
        ("Ana", 2, Mark.SWAP),
        ("Li", 4, Mark.PLAIN),
        ("Chen", 10, Mark.OVERRIDE),
        ("Chen", 12, Mark.PLAIN),
    ]


people = st.sampled_from(["Li", "Chen", "Ana", "Bo"])
hours = st.integers(-30, 60)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """Made, then beginning at the earliest at once, perhaps cancelled at some time after."""
    made = draw(hours)
    start = made + draw(st.integers(0, 20))
    end = start + draw(st.integers(1, 30))
    kind = draw(st.sampled_from(["override", "off", "besides", "temporary"]))
    thing: Override | TemporarySchedule
    if kind == "temporary":
        shift = Shift(draw(people), at(start), at(end))
        thing = TemporarySchedule(at(start), at(end), draw(st.sampled_from([(), (shift,)])))
    else:
        replaces = None if kind == "besides" else draw(people)
        member = None if kind == "off" else draw(people)
        thing = Override(member, at(start), at(end), replaces)
    cancelled = draw(st.none() | st.integers(0, 40))
    return Change(thing, at(made), None if cancelled is None else at(made + cancelled))


versions = st.builds(
    lambda hour, members, length: Version(at(hour), (turns(*members, hours=length),)),
    hours,
    st.lists(people, min_size=1, max_size=3, unique=True),
    st.integers(1, 24),
)
histories = st.builds(
    lambda made, changed: History(tuple(made), tuple(sorted(changed, key=lambda c: c.created_at))),
    st.lists(versions, max_size=3, unique_by=lambda one: one.valid_from),
    st.lists(changes(), max_size=4),
)


def on_at(known: History, moment: dt.datetime, known_at: dt.datetime) -> set[object]:
    instant = dt.timedelta(microseconds=1)
    return {one.member for one in final(known, moment, moment + instant, known_at=known_at)}


@given(histories, changes() | versions, st.integers(0, 40), hours)
def test_what_is_recorded_later_never_changes_the_answer_for_before(
    known: History, news: Change | Version, back: int, moment: int
) -> None:
    if isinstance(news, Change):
        later = History(known.versions, (*known.changes, news))
        recorded = news.created_at
    else:
        later = History((*known.versions, news), known.changes)
        recorded = news.valid_from
    before = recorded - dt.timedelta(hours=back, seconds=1)
    whenever = max(before, at(moment))
    assert on_at(later, before, whenever) == on_at(known, before, whenever)
    span = (before - 20 * H, before)
    assert final(later, *span, known_at=whenever) == final(known, *span, known_at=whenever)


@given(histories, changes(), st.integers(0, 30), st.integers(0, 40))
def test_a_cancellation_never_changes_the_answer_for_before(
    known: History, change: Change, after: int, back: int
) -> None:
    standing = Change(change.change, change.created_at)
    cancelled_at = change.created_at + after * H
    cancelled = Change(change.change, change.created_at, cancelled_at)
    before = cancelled_at - back * H - dt.timedelta(seconds=1)
    kept = History(known.versions, (*known.changes, standing))
    taken_back = History(known.versions, (*known.changes, cancelled))
    assert on_at(taken_back, before, at(99)) == on_at(kept, before, at(99))


@given(histories, hours, st.integers(1, 48), hours)
def test_a_stretch_says_the_same_as_its_instants(
    known: History, start: int, length: int, known_at: int
) -> None:
    whole = final(known, at(start), at(start + length), known_at=at(known_at))
    for hour in range(start, start + length):
        among = {one.member for one in whole if one.starts_at <= at(hour) < one.ends_at}
        assert among == on_at(known, at(hour), at(known_at))


@given(histories, hours, hours)
def test_the_marked_pieces_are_the_final_schedule(known: History, start: int, knows: int) -> None:
    span = (at(start), at(start + 24))
    pieces = [one.shift for one in marked(known, *span, known_at=at(knows))]
    whole = final(known, *span, known_at=at(knows))
    assert sum((p.ends_at - p.starts_at for p in pieces), dt.timedelta()) == sum(
        (one.ends_at - one.starts_at for one in whole), dt.timedelta()
    )


@given(histories, hours, hours)
def test_a_hole_is_where_somebody_was_planned_and_nobody_is(
    known: History, start: int, knows: int
) -> None:
    span = (at(start), at(start + 24))
    for a, b in holes(known, *span, known_at=at(knows)):
        assert not final(known, a, b, known_at=at(knows))
    if not known.changes:
        assert not holes(known, *span, known_at=at(knows))
        assert planned(known, *span, known_at=at(knows)) == final(known, *span, known_at=at(knows))
