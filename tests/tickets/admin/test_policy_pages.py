"""Policies and calendars in the workspace: looked at, changed after a confirmation, refused."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories
from tickets.models import CalendarVersion, PolicyVersion, Promise, WorkCalendar

pytestmark = pytest.mark.django_db
POLICY = "/admin/policies/premium/normal/"
GOOD = {
    "response_seconds": "4 h",
    "update_seconds": "",
    "resolution_seconds": "3 d",
    "pauses_resolution": ["waiting on customer"],
    "warn_response": "50, 80",
    "warn_update": "",
    "warn_resolution": "",
    "budget_L1": "4 h",
    "budget_L2": "",
    "budget_L3": "",
    "note": "Contract of 2027",
}
CALENDAR = {
    "name": "China working days",
    "zone": "Asia/Shanghai",
    "country": "CN",
    **{f"hours_{day}": "09:00-12:00, 13:00-18:00" for day in ("mon", "tue", "wed", "thu", "fri")},
}


def always() -> int:
    return CalendarVersion.objects.get(calendar__name="Around the clock").pk


def sent(**changed: Any) -> dict[str, Any]:
    return GOOD | {"calendar": always()} | changed


def newest() -> PolicyVersion:
    return PolicyVersion.objects.filter(policy__plan="premium", policy__severity="normal").latest(
        "number"
    )


def test_everyone_of_staff_sees_what_is_promised_and_only_managers_edit(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    page = browser_of(cast.engineer).get("/admin/policies/").content.decode()
    assert "answer 15 min" in page
    assert "Around the clock" in page
    assert b"Look at the change" not in browser_of(cast.engineer).get(POLICY).content
    assert b"Look at the change" in browser_of(cast.lead).get(POLICY).content
    assert browser_of(cast.engineer).post(POLICY, sent()).status_code == 403


def test_a_change_says_how_many_tickets_keep_their_promise_before_it_is_in_force(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    ticket = factories.ticket(cast.developer)
    before = list(ticket.promises.values_list("due_at", "policy_version", "calendar_version"))
    manager = browser_of(cast.lead)
    page = manager.post(POLICY, sent()).content.decode()
    assert "1 running ticket was promised under this policy" in page
    assert "First answer: 8 h → 4 h" in page
    assert newest().number == 1
    assert manager.post(POLICY, sent(step="publish")).status_code == 302
    made = newest()
    assert (made.number, made.response_seconds, made.budgets) == (2, 14400, {"L1": 14400})
    assert made.pauses == {"resolution": ["waiting on customer"]}
    assert made.warn_at == {"response": [0.5, 0.8]}
    assert made.by == cast.lead
    after = list(ticket.promises.values_list("due_at", "policy_version", "calendar_version"))
    assert after == before
    history = manager.get(POLICY).content.decode()
    assert "Contract of 2027" in history
    assert "First answer: 8 h → 4 h" in history


def test_what_changes_nothing_makes_no_version(cast: SimpleNamespace, browser_of: Any) -> None:
    manager = browser_of(cast.lead)
    for _click in range(2):
        page = manager.post(POLICY, sent(step="publish"))
    assert newest().number == 2
    assert "Nothing differs from the version in force." in page.content.decode()
    assert 'value="publish"' not in page.content.decode()


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("response_seconds", "", "This field is required."),
        ("response_seconds", "soon", "Write it as 15 min, 4 h or 5 d."),
        ("response_seconds", "0 min", "Promise at least a minute"),
        ("resolution_seconds", "1 h", "cannot be due before the first answer"),
        ("warn_response", "120", "1 to 99 per cent"),
        ("warn_response", "half", "Write percentages"),
        ("warn_response", "10,20,30,40,50", "At most 4 warnings"),
        ("budget_L2", "9 d", "more than the time to the solution"),
        ("pauses_resolution", ["lunch"], "not one of the available choices"),
        ("calendar", "999999", "not one of the available choices"),
    ],
)
def test_what_cannot_be_promised_is_refused_with_the_reason(
    cast: SimpleNamespace, browser_of: Any, field: str, wrong: Any, sentence: str
) -> None:
    response = browser_of(cast.lead).post(POLICY, sent(step="publish", **{field: wrong}))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert newest().number == 1


def test_an_urgent_answer_has_no_pause_to_choose(cast: SimpleNamespace, browser_of: Any) -> None:
    page = browser_of(cast.lead).get("/admin/policies/premium/urgent/").content.decode()
    assert "pauses_resolution" in page
    assert "pauses_response" not in page


def test_a_calendar_is_previewed_and_then_put_in_force(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    manager = browser_of(cast.lead)
    page = manager.post("/admin/calendars/new/", CALENDAR).content.decode()
    assert "The next 14 days" in page
    assert "09:00–12:00, 13:00–18:00" in page
    assert not WorkCalendar.objects.filter(name="China working days").exists()
    manager.post("/admin/calendars/new/", CALENDAR | {"step": "publish"})
    made = CalendarVersion.objects.get(calendar__name="China working days")
    assert made.definition["special"]["2026-02-14"] == [["09:00", "12:00"], ["13:00", "18:00"]]
    assert "2026-10-01" in made.definition["closed"]
    assert made.holidays_until is not None


def test_a_new_version_of_a_calendar_takes_its_policies_along_and_no_promise(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    manager = browser_of(cast.lead)
    manager.post("/admin/calendars/new/", CALENDAR | {"step": "publish"})
    first = CalendarVersion.objects.get(calendar__name="China working days")
    manager.post(POLICY, sent(calendar=first.pk, step="publish"))
    ticket = factories.ticket(cast.developer, now=newest().valid_from)
    address = f"/admin/calendars/{first.calendar_id}/"
    changed = CALENDAR | {"closed": "2027-05-04 Inventory"}
    page = manager.post(address, changed).content.decode()
    assert "1 running ticket is counted by this calendar" in page
    manager.post(address, changed | {"step": "publish"})
    second = CalendarVersion.objects.get(calendar=first.calendar, number=2)
    assert (newest().number, newest().calendar_version) == (3, second)
    assert set(ticket.promises.values_list("calendar_version", flat=True)) == {first.pk}


ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    b"DTSTART;VALUE=DATE:{day}\r\nSUMMARY:Inventory\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("name", "around the clock", "Another calendar has this name"),
        ("zone", "Mars/Olympus", "no time zone named"),
        ("zone", "", "no time zone named"),
        ("hours_mon", "09:00-12:00, 11:00-15:00", "overlap"),
        ("hours_mon", "22:00-10:00", "overlap"),
        ("hours_mon", "9-25", "is not a time"),
        ("country", "XX", "not one of the available choices"),
        ("subdivision", "BY", "has no part"),
        ("closed", "tomorrow", "does not begin with a date"),
        ("closed", "2027-01-01\n2027-01-01", "is named twice"),
        ("special", "2027-01-02 Half a day", "names no hours"),
        ("special", "2027-01-14 20:00-10:00 Move", "20:00–10:00 of 2027-01-14 run into those of"),
        ("special", "2027-01-13..2027-01-14 20:00-21:00, 22:00-20:30", "of 2027-01-13 run into"),
        ("breaks", "2027-01-02 12:00-12:00", "is no time span"),
        ("closures", b"hello", "no iCalendar file"),
        ("closures", ICS.replace(b"{day}", b"2026"), "no iCalendar file"),
        ("closures", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no events"),
    ],
)
def test_a_calendar_that_cannot_work_is_refused_with_the_reason(
    cast: SimpleNamespace, browser_of: Any, field: str, wrong: Any, sentence: str
) -> None:
    value = SimpleUploadedFile("days.ics", wrong) if isinstance(wrong, bytes) else wrong
    data = CALENDAR | {"step": "publish", field: value}
    response = browser_of(cast.lead).post("/admin/calendars/new/", data)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert CalendarVersion.objects.count() == 1


def test_a_calendar_without_hours_is_refused(cast: SimpleNamespace, browser_of: Any) -> None:
    data = {"name": "Never", "zone": "UTC", "step": "publish"}
    response = browser_of(cast.lead).post("/admin/calendars/new/", data)
    assert "has no opening hours" in response.content.decode()
    assert not WorkCalendar.objects.filter(name="Never").exists()


def test_the_days_of_a_file_are_seen_before_they_count(
    cast: SimpleNamespace, browser_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: factories.NOON)
    upload = SimpleUploadedFile("days.ics", ICS.replace(b"{day}", b"20261224"))
    page = browser_of(cast.lead).post("/admin/calendars/new/", CALENDAR | {"closures": upload})
    assert 'name="closed" value="2026-12-24 Inventory"' in page.content.decode()


def test_a_promise_by_working_hours_is_counted_by_them(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    manager = browser_of(cast.lead)
    manager.post("/admin/calendars/new/", CALENDAR | {"country": "", "step": "publish"})
    hours = CalendarVersion.objects.get(calendar__name="China working days")
    manager.post(POLICY, sent(calendar=hours.pk, step="publish"))
    page = browser_of(cast.developer).get("/tickets/new/").content.decode()
    assert (
        "An engineer answers within 4 working hours "
        "(Mon–Fri 09:00–12:00, 13:00–18:00 Shanghai)" in page
    )
    ticket = factories.ticket(cast.developer, now=newest().valid_from)
    assert Promise.objects.filter(ticket=ticket, calendar_version=hours).count() == 2


def test_more_than_a_day_of_working_time_is_told_in_hours(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    manager = browser_of(cast.lead)
    manager.post("/admin/calendars/new/", CALENDAR | {"country": "", "step": "publish"})
    hours = CalendarVersion.objects.get(calendar__name="China working days")
    manager.post(POLICY, sent(calendar=hours.pk, resolution_seconds="27 h", step="publish"))
    assert "solved in 27 h" in manager.get("/admin/policies/").content.decode()
    assert 'value="27 h"' in manager.get(POLICY).content.decode()


def test_hours_stand_in_the_matrix_and_beside_each_special_day(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    manager = browser_of(cast.lead)
    special = f"{dt.date.today() + dt.timedelta(days=30)} 10:00-11:30 Inventory"
    page = manager.post("/admin/calendars/new/", CALENDAR | {"special": special}).content.decode()
    assert page.count("10:00–11:30") == 1
    manager.post("/admin/calendars/new/", CALENDAR | {"step": "publish"})
    working = CalendarVersion.objects.get(calendar__name="China working days")
    manager.post(POLICY, sent(calendar=working.pk, step="publish"))
    matrix = manager.get("/admin/policies/").content.decode()
    assert matrix.count("Mon–Fri 09:00–12:00, 13:00–18:00 Shanghai") == 2  # its cell, its line


def test_the_history_of_a_policy_names_the_year(cast: SimpleNamespace, browser_of: Any) -> None:
    manager = browser_of(cast.lead)
    manager.post(POLICY, sent(step="publish"))
    made, page = newest(), manager.get(POLICY).content.decode()
    assert f"{made.valid_from:%Y, %H:%M}</time>" in page
    assert "2000" not in page  # since ever, and not since a date
