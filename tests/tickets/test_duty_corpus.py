"""Cases of another on-call program, through our rotations and schedules."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.tickets.corpus import load
from tickets.oncall.duty_hours import DutyHours
from tickets.oncall.rotation import Rotation, Shift, Unit, on_duty, shifts
from tickets.oncall.schedule import Layer, TemporarySchedule, final_schedule
from tickets.sla.written_calendar import WEEKDAYS

CASES = load("oncall/cases.json")
UNITS = {"hourly": Unit.HOURS, "daily": Unit.DAYS, "weekly": Unit.WEEKS, "monthly": Unit.MONTHS}
at = datetime.fromisoformat


def by_id(cases: list[dict[str, Any]]) -> dict[str, Any]:
    return {"argvalues": cases, "ids": [case["id"] for case in cases]}


def rotation_of(case: dict[str, Any]) -> Rotation:
    zone = ZoneInfo(case["tz"])
    start = at(case["start"]).replace(tzinfo=zone)
    return Rotation(("Ada", "Bo"), start, case["length"], UNITS[case["type"]], zone)


def hours_of(rule: dict[str, Any], zone: str) -> DutyHours:
    days = frozenset(WEEKDAYS.index(day) for day in rule["days"])
    start, end = time.fromisoformat(rule["start"]), time.fromisoformat(rule["end"])
    return DutyHours(days, start, end, ZoneInfo(zone))


@pytest.mark.parametrize("case", **by_id(CASES["rotations"]))
def test_hand_overs_agree(case: dict[str, Any]) -> None:
    rotation = rotation_of(case)
    if case["kind"] == "shift_end":
        end = at(case["expected_end"]).replace(tzinfo=rotation.zone)
        assert on_duty(rotation, rotation.starts_at).ends_at == end
        return
    a, b = (at(text).replace(tzinfo=rotation.zone) for text in case["window"])
    turns = list(shifts(rotation, a, b + timedelta(microseconds=1)))  # its windows include the end
    found = [turn.starts_at for turn in turns] + [turns[-1].ends_at]
    assert found == [at(text) for text in case["expected_handoffs"]]


@pytest.mark.parametrize("case", **by_id(CASES["rules"]))
def test_weekday_rules_agree(case: dict[str, Any]) -> None:
    hours = hours_of(case["rule"], case.get("tz", "UTC"))
    assert hours.is_active(at(case["at"])) is case["expected_active"]


def written(shift: dict[str, Any]) -> Shift:
    return Shift(shift["user"], at(shift["start"]), at(shift["end"]))


@pytest.mark.parametrize("case", **by_id(CASES["shifts"]))
def test_final_schedules_agree(case: dict[str, Any]) -> None:
    assert not case["overrides"], "no case here had any, so their form is not known"
    a, b = map(at, case["window"])
    zone = ZoneInfo(case["tz"])
    layers = [
        Layer(Rotation((rule["user"],), a, 1, Unit.WEEKS, zone), hours_of(rule, case["tz"]))
        for rule in case["rules"]
    ]
    temporary = [
        TemporarySchedule(at(part["start"]), at(part["end"]), tuple(map(written, part["shifts"])))
        for part in case["temporary"]
    ]
    assert final_schedule(layers, temporary, a, b) == [written(s) for s in case["expected"]]
