"""Once for each trouble, again every quarter of an hour, and once when it is over."""

from __future__ import annotations

from portal.watchdog.alarms import CALM, Notice, State, Word, step
from portal.watchdog.decision import Trouble

ENGINE = Trouble("engine", "No engine.")
DISK = Trouble("disk", "Full.")


def play(seen: list[tuple[float, list[Trouble]]]) -> list[tuple[float, Word, tuple[str, ...]]]:
    """What is told when, of what was seen when."""
    state: State = CALM
    told = []
    for now, found in seen:
        state, notices = step(state, found, now)
        told += [(now, notice.word, notice.keys) for notice in notices]
    return told


def lasting(begin: int, end: int, *found: Trouble) -> list[tuple[float, list[Trouble]]]:
    return [(float(now), list(found)) for now in range(begin, end)]


def test_a_trouble_is_told_once_it_is_sure_and_not_again() -> None:
    assert play(lasting(0, 800, ENGINE)) == [(4.0, Word.NEW, ("engine",))]


def test_a_single_odd_look_tells_nothing() -> None:
    assert play([*lasting(0, 3, ENGINE), *lasting(3, 100)]) == []


def test_it_is_repeated_every_quarter_of_an_hour_while_it_lasts() -> None:
    told = play(lasting(0, 2000, ENGINE))
    assert [(now, word) for now, word, _keys in told] == [
        (4.0, Word.NEW),
        (904.0, Word.STILL),
        (1804.0, Word.STILL),
    ]


def test_its_end_is_told_once_it_stayed_away() -> None:
    told = play([*lasting(0, 100, ENGINE), *lasting(100, 200)])
    assert told == [(4.0, Word.NEW, ("engine",)), (120.0, Word.OVER, ("engine",))]


def test_a_trouble_that_flutters_is_one_trouble() -> None:
    seen = lasting(0, 60, ENGINE) + lasting(60, 75) + lasting(75, 120, ENGINE)
    assert play(seen) == [(4.0, Word.NEW, ("engine",))]


def test_after_its_end_it_is_told_anew() -> None:
    seen = lasting(0, 50, ENGINE) + lasting(50, 100) + lasting(100, 150, ENGINE)
    assert [word for _now, word, _keys in play(seen)] == [Word.NEW, Word.OVER, Word.NEW]


def test_several_are_told_together_and_each_on_its_own() -> None:
    seen = [*lasting(0, 10, ENGINE, DISK), *lasting(10, 40, DISK)]
    assert play(seen) == [
        (4.0, Word.NEW, ("engine", "disk")),
        (30.0, Word.OVER, ("engine",)),
    ]


def test_a_notice_tells_the_latest_words_and_how_long_it_lasted() -> None:
    state, _none = step(CALM, [ENGINE], 0.0)
    state, (notice,) = step(state, [Trouble("engine", "No engine for 10 s.")], 10.0)
    assert notice == Notice(Word.NEW, ("engine",), ("No engine for 10 s.",))
    _state, (over,) = step(state, [], 40.0)
    assert over.lines == ("No engine for 10 s. (over after 10 s)",)
