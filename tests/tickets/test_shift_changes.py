"""Changes of duty, reckoned: who comes, who goes, who steps in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOON
from tickets.oncall.changes import Change, changes, next_change, next_in_rotation, on_at, turn_of
from tickets.oncall.rotation import Shift


def at(hours: float) -> dt.datetime:
    return NOON + dt.timedelta(hours=hours)


def shift(member: str, start: float, end: float) -> Shift:
    return Shift(member, at(start), at(end))


def change(hours: float, coming: str, going: str) -> Change:
    people: list[frozenset[Hashable]] = [frozenset(names.split()) for names in (coming, going)]
    return Change(at(hours), *people)


DAY = [shift("ana", 0, 8), shift("ben", 8, 16), shift("ben", 16, 20), shift("cara", 20, 24)]


def test_somebody_who_goes_on_neither_comes_nor_goes() -> None:
    found = list(changes(DAY, at(0), at(24)))
    assert found == [change(8, "ben", "ana"), change(20, "cara", "ben")]


def test_the_edges_of_what_is_known_are_no_changes() -> None:
    assert next_change([shift("ana", 0, 8)], at(0), at(8)) is None
    assert next_change(DAY, at(8), at(24)) == change(20, "cara", "ben")


def test_a_gap_is_a_change_with_nobody_coming() -> None:
    found = list(changes([shift("ana", 0, 8), shift("ben", 9, 12)], at(0), at(12)))
    assert found == [change(8, "", "ana"), change(9, "ben", "")]


def test_of_several_on_duty_only_those_who_change_are_named() -> None:
    found = next_change([shift("lead", 0, 24), *DAY], at(0), at(24))
    assert found == change(8, "ben", "ana")


def test_whose_turn_it_is_at_an_instant() -> None:
    assert on_at(DAY, at(8)) == {"ben"}
    assert turn_of(DAY, "ben", at(17)) == DAY[2]
    assert turn_of(DAY, "ana", at(8)) is None


def test_the_next_of_the_rotation_is_whose_turn_comes_first() -> None:
    assert next_in_rotation(DAY, at(8), but=["ben"]) == "cara"
    assert next_in_rotation(DAY, at(8), but=["ben", "cara"]) is None


def test_what_is_preferred_is_given_up_from_the_last_on() -> None:
    def not_ben(name: Hashable) -> bool:
        return name != "ben"

    def not_cara(name: Hashable) -> bool:
        return name != "cara"

    assert next_in_rotation(DAY, at(8), but=[], prefer=(not_ben,)) == "cara"
    assert next_in_rotation(DAY, at(8), but=[], prefer=(not_ben, not_cara)) == "cara"
    assert next_in_rotation(DAY, at(8), but=["cara"], prefer=(not_ben,)) == "ben"


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 40), st.integers(1, 20)), max_size=8)
)
def test_between_changes_nobody_changes(drawn: list[tuple[str, int, int]]) -> None:
    turns = [shift(name, start, start + length) for name, start, length in drawn]
    found = list(changes(turns, at(-1), at(80)))
    on = on_at(turns, at(-1) + dt.timedelta(seconds=1))
    for one in found:
        assert on_at(turns, one.at - dt.timedelta(seconds=1)) == on
        on = (on - one.going) | one.coming
        assert on_at(turns, one.at) == on
        assert not one.coming & one.going
    assert on == set()
