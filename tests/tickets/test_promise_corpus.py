"""Business-time cases of another program, through our calendar."""

from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from tests.tickets.corpus import load
from tickets.sla.weekly_calendar import WeeklyCalendar
from tickets.sla.written_calendar import read_calendar

CASES = load("promises/cases.json")


def calendar_of(written: dict[str, Any]) -> WeeklyCalendar:
    def by_date(key: str) -> dict[date, Any]:
        return {date.fromisoformat(day): spans for day, spans in written[key].items()}

    return read_calendar(
        zone=written["tz"],
        weekly=written["weekly"],
        closed=[date.fromisoformat(day) for day in written["holidays"]],
        special=by_date("shifts"),
        breaks=by_date("breaks"),
    )


def answer(case: dict[str, Any]) -> object:
    calendar, start = calendar_of(case["calendar"]), datetime.fromisoformat(case["start"])
    match case["op"]:
        case "add":
            return calendar.add(start, case["seconds"])
        case "subtract":
            return calendar.subtract(start, case["seconds"])
        case "add_days":
            return calendar.add_days(start, case["days"])
        case "subtract_days":
            return calendar.subtract_days(start, case["days"])
        case "between":  # the collection counts minutes
            return calendar.between(start, datetime.fromisoformat(case["end"])) / 60
        case "is_open":
            return calendar.is_open(start)
        case "open_periods":
            periods = calendar.open_periods(start, start + timedelta(days=3660))
            return list(islice(periods, case["count"]))
    raise AssertionError(f"an operation we do not know: {case['op']}")


def expected(value: Any) -> Any:
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    return [tuple(map(expected, pair)) for pair in value] if isinstance(value, list) else value


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_calendar_agrees(case: dict[str, Any]) -> None:
    assert answer(case) == expected(case["expected"])
