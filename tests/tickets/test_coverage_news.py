"""What counts as news, and that what was told survives being written down."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from tickets.oncall.coverage_news import Told, read, written
from tickets.oncall.qualification import Need
from tickets.periods import Period

START = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
EN, ZH = Need("im", "", "en", "L1"), Need("im", "", "zh", "L1")


def at(hours: float) -> dt.datetime:
    return START + dt.timedelta(hours=hours)


def gap(start: float, end: float) -> Period:
    return at(start), at(end)


TOLD = Told({EN: (gap(10, 20), gap(30, 100))}, frozenset({(7, "no_rest")}), at(100))


@pytest.mark.parametrize(
    ("need", "period", "known"),
    [
        (EN, gap(10, 20), True),
        (EN, gap(12, 18), True),
        (EN, gap(9, 20), False),
        (EN, gap(10, 21), False),
        (ZH, gap(10, 20), False),
        (EN, gap(30, 124), True),  # it only goes on past what could be seen
        (EN, gap(50, 124), True),
        (EN, gap(100, 124), False),
        (EN, gap(110, 111), False),
    ],
)
def test_a_gap_is_news_unless_all_of_it_was_told(need: Need, period: Period, known: bool) -> None:
    assert TOLD.knows(need, period) == known


def test_before_the_first_warning_everything_is_news() -> None:
    assert not Told().knows(EN, gap(0, 1))
    assert Told().is_empty


def test_more_gaps_are_told_besides() -> None:
    more = TOLD.and_gaps([(ZH, gap(1, 2)), (EN, gap(20, 25))], at(48))
    assert more.knows(ZH, gap(1, 2))
    assert more.knows(EN, gap(10, 25))
    assert more.horizon == at(100)
    assert Told().and_gaps([(ZH, gap(1, 2))], at(48)).horizon == at(48)


def test_what_was_told_is_read_as_it_was_written() -> None:
    assert read(json.loads(json.dumps(written(TOLD)))) == TOLD
    assert read(json.loads(json.dumps(written(Told())))) == Told()
