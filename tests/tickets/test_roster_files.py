"""Rosters out as files and in: without loss, all or nothing, each error with its place."""

from __future__ import annotations

import copy
import datetime as dt
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from icalendar import Calendar

from accounts.models import Event
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import rosters
from tickets.models import DutyChange, Roster, RosterVersion, Team
from tickets.oncall import duty
from tickets.roster_files import exporting, ical, importing

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def desk(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: NOON)
    cast.by = Viewer.of(cast.lead)
    cast.nights = factories.roster(
        cast.team,
        cast.engineer,
        cast.second,
        name="Nights",
        time_zone="Asia/Shanghai",
        weekdays=frozenset({0, 4}),
        opens=dt.time(20),
        closes=dt.time(8),
        unit="days",
    )
    return cast


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(exporting.as_json())
    return found


def bring_in(desk: SimpleNamespace, whole: Any) -> list[str]:
    report = importing.apply(json.dumps(whole), by=desk.by, now=NOON)
    return [f"{one.what}: {one.name}" for one in report]


def test_what_was_exported_changes_nothing_when_imported(desk: SimpleNamespace) -> None:
    before = RosterVersion.objects.count()
    assert bring_in(desk, document()) == []
    assert RosterVersion.objects.count() == before


def test_an_empty_desk_gets_all_of_it(desk: SimpleNamespace) -> None:
    whole = document()
    whole["teams"][0]["name"] = "Elsewhere"
    Team.objects.update(is_default=False)
    report = bring_in(desk, whole)
    assert report[0] == "team added: Elsewhere"
    assert "roster added: Elsewhere · Nights" in report
    again = next(team for team in document()["teams"] if team["name"] == "Elsewhere")
    assert again == whole["teams"][0]


def test_only_what_differs_is_edited_and_recorded(desk: SimpleNamespace) -> None:
    whole = document()
    nights = next(one for one in whole["teams"][0]["rosters"] if one["name"] == "Nights")
    nights["layers"][0]["members"] = ["li@vigil.example", "chen@vigil.example"]
    nights["note_minutes"] = 30
    whole["teams"][0]["duty_level"] = "L2"
    assert bring_in(desk, whole) == ["team changed: IM core", "roster edited: IM core · Nights"]
    plan = rosters.current_plan(desk.nights)
    assert plan is not None
    assert [one.name for one in plan.layers[0].members] == ["Li Wei", "Chen Yu"]
    assert Roster.objects.get(pk=desk.nights.pk).note_minutes == 30
    assert list(Event.objects.values_list("verb", flat=True)) == ["team.changed", "roster.edited"]
    assert bring_in(desk, whole) == []


def altered(whole: dict[str, Any], path: list[Any], value: Any) -> dict[str, Any]:
    made = copy.deepcopy(whole)
    place = made
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return made


LAYER = ["teams", 0, "rosters", 0, "layers", 0]


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (["format"], "other", "format: one of these is expected: vigil-rosters."),
        (["version"], 2, "version: a number from 1 to 1"),
        (["teams"], {}, "teams: a list is expected here."),
        (["teams", 0, "extra"], 1, "teams[0]: there is no field “extra”."),
        (["teams", 0, "products"], ["nope"], "teams[0].products: there is no product “nope”."),
        (["teams", 0, "duty_level"], "L9", "teams[0].duty_level: "),
        (["teams", 0, "name"], "a\0b", "teams[0].name: a text is expected here."),
        (["teams", 0, "name"], "a\ud800b", "teams[0].name: a text is expected here."),
        (["teams", 0, "a\ud800b"], 1, "teams[0]: there is no field “a\ufffdb”."),
        (["teams", 0, "rosters", 0, "layers"], [], "layers: a roster needs at least one layer."),
        (["teams", 0, "rosters", 0, "time_zone"], "Mars/Olympus", "teams[0].rosters[0]:"),
        (["teams", 0, "rosters", 0, "name"], "Nights", "“Nights” stands here twice."),
        ([*LAYER, "members"], ["who@nowhere.example"], "layers[0]: nobody of the staff has"),
        ([*LAYER, "members"], [], "A rotation needs at least one member."),
        ([*LAYER, "starts_on"], "yesterday", "starts_on: a date like 2026-01-05"),
        ([*LAYER, "hand_over_at"], "25:00", "hand_over_at: a time like 08:00"),
        ([*LAYER, "unit"], "fortnights", "unit: one of these is expected"),
        ([*LAYER, "weekdays"], [7], "weekdays[0]: a number from 0 to 6"),
        ([*LAYER, "weekdays"], [1], "Duty hours need both a beginning and an end."),
        ([*LAYER, "length"], 0, "length: a number from 1 to 1000"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place_and_nothing_is_kept(
    path: list[Any], value: Any, why: str, desk: SimpleNamespace
) -> None:
    whole = document()
    whole["teams"].append(
        copy.deepcopy(whole["teams"][0]) | {"name": "New", "is_default": False, "rosters": []}
    )
    whole["teams"].reverse()  # what is right comes first, and must not stay
    if path[:2] == ["teams", 0]:
        path = ["teams", 1, *path[2:]]
        why = why.replace("teams[0]", "teams[1]")
    with pytest.raises(ValidationError) as refused:
        bring_in(desk, altered(whole, path, value))
    assert why in " ".join(refused.value.messages)
    assert not Team.objects.filter(name="New").exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Line 1, column 1: this is not JSON."),
        ('{"format":\n nonsense', "Line 2"),
        ("[]", "an object is expected"),
        ("[" * 100_000, "not"),
        ("1" * 5000, "not a file of rosters"),
    ],
)
def test_what_is_no_document_is_refused(text: str, why: str, desk: SimpleNamespace) -> None:
    with pytest.raises(ValidationError) as refused:
        importing.apply(text, by=desk.by, now=NOON)
    assert why in " ".join(refused.value.messages)


def test_everyones_shifts_leave_as_a_calendar(desk: SimpleNamespace) -> None:
    events = Calendar.from_ical(exporting.as_ical(NOON)).walk("VEVENT")
    assert {str(one["SUMMARY"]) for one in events} == {"Zhao Min", "Li Wei", "Chen Yu"}
    assert str(events[0]["ATTENDEE"]).startswith("mailto:")
    assert len({str(one["UID"]) for one in events}) == len(events)


def calendar(*events: str) -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\nUID:{n}\n{event}\nEND:VEVENT\n" for n, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


LI = "SUMMARY:Duty Li Wei\nDTSTART:20261125T080000Z\nDTEND:20261125T160000Z"
CHEN = (
    "SUMMARY:Late\nATTENDEE;CN=x:MAILTO:chen@vigil.example\n"
    "DTSTART:20261125T160000Z\nDTEND:20261126T080000Z"
)


def on_duty(desk: SimpleNamespace, at: dt.datetime) -> list[str]:
    roster = Roster.objects.get(name="Rung 0")
    found = duty.shifts([roster], at, at + dt.timedelta(seconds=1), known_at=NOON)[roster.pk]
    names = {person.pk: person.name for person in (desk.engineer, desk.second, desk.lead)}
    return [names[int(str(shift.member))] for shift in found]


@pytest.mark.parametrize(
    ("how", "there"),
    [(ical.TEMPORARY, ["Li Wei"]), (ical.OVERRIDES, ["Li Wei", "Zhao Min"])],
)
def test_a_calendar_becomes_changes_of_duty(
    how: str, there: list[str], desk: SimpleNamespace
) -> None:
    roster = Roster.objects.get(name="Rung 0")
    ical.apply(calendar(LI, CHEN), roster=roster, by=desk.by, how=how, now=NOON)
    assert sorted(on_duty(desk, dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC))) == there
    assert "Chen Yu" in on_duty(desk, dt.datetime(2026, 11, 25, 17, tzinfo=dt.UTC))


def test_times_without_a_zone_are_those_of_the_roster_and_repeats_are_unfolded(
    desk: SimpleNamespace,
) -> None:
    event = (
        "SUMMARY:li wei\nDTSTART:20261125T200000\nDTEND:20261126T080000\nRRULE:FREQ=DAILY;COUNT=3"
    )
    found = ical.read(calendar(event), roster=desk.nights, now=NOON)
    assert [one.starts_at for one in found] == [
        dt.datetime(2026, 11, day, 12, tzinfo=dt.UTC) for day in (25, 26, 27)
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a calendar file"),
        (b"nonsense", "not a calendar file"),
        (calendar(), "no event from now on"),
        (calendar(LI.replace("Li Wei", "Somebody")), "names nobody of the staff"),
        (calendar(LI.replace("Li Wei", "Li Wei and Chen Yu")), "names several"),
        (calendar(LI.replace("2026", "2019")), "no event from now on"),
        (calendar(LI.replace("T160000", "T060000")), "the end must lie after the start"),
        (
            calendar("SUMMARY:Li Wei\nDTSTART:20261125T080000Z\nDURATION:-PT8H"),
            "the end must lie after the start",
        ),
        (calendar(LI + "\nRRULE:FREQ=SECONDLY"), "more often than once a day"),
        (calendar(LI + "\nRRULE:FREQ=DAILY;BYSECOND=1,2"), "more often than once a day"),
        (calendar(*[LI + "\nRRULE:FREQ=DAILY"] * 21), "At most 20 repeating events"),
        (calendar(LI + "\nRRULE:FREQ=NEVER"), "not a calendar file"),
        (calendar(LI + "\nRRULE:FREQ=YEARLY;INTERVAL=0"), "more often than once a day"),
        (calendar(LI + "\nSTATUS:CANCELLED"), "no event from now on"),
    ],
)
def test_a_calendar_that_cannot_be_used_is_refused(
    data: bytes, why: str, desk: SimpleNamespace
) -> None:
    roster = Roster.objects.get(name="Rung 0")
    with pytest.raises(ValidationError) as refused:
        ical.apply(data, roster=roster, by=desk.by, how=ical.OVERRIDES, now=NOON)
    assert why in " ".join(refused.value.messages)
    assert not DutyChange.objects.exists()


def test_the_page_tells_first_and_does_it_then(desk: SimpleNamespace, browser_of: Any) -> None:
    manager, address = browser_of(desk.lead), reverse("admin:roster_files")
    whole = document()
    whole["teams"][0]["duty_level"] = "L3"
    text = json.dumps(whole)
    file = SimpleUploadedFile("rosters.json", text.encode())
    answer = manager.post(address, {"how": "json", "file": file})
    assert "team changed: IM core" in answer.content.decode()
    assert Team.objects.get().duty_level == "L1"
    sure = {"how": "json", "text": answer.context["text"], "sure": "yes"}
    assert manager.post(address, sure).status_code == 302
    assert Team.objects.get().duty_level == "L3"


@pytest.mark.parametrize(
    ("sent", "content", "why"),
    [
        ({"how": "json"}, None, "Choose a file."),
        ({"how": "json"}, b"\xff\xfe\x00", "not text in UTF-8"),
        ({"how": "json"}, b"{", "this is not JSON"),
        ({"how": "temporary"}, b"x", "Say which roster"),
        ({"how": "temporary", "roster": "999999"}, b"x", "Select a valid choice"),
        ({"how": "magic"}, b"x", "Select a valid choice"),
        ({"how": "json"}, b"x" * 500_001, "larger than 500 kB"),
    ],
)
def test_the_page_says_what_is_wrong(
    sent: dict[str, str], content: bytes | None, why: str, desk: SimpleNamespace, browser_of: Any
) -> None:
    data: dict[str, Any] = dict(sent)
    if content is not None:
        data["file"] = SimpleUploadedFile("file", content)
    answer = browser_of(desk.lead).post(reverse("admin:roster_files"), data)
    assert answer.status_code == 422
    assert why in answer.content.decode()


def test_the_commands_write_and_read(desk: SimpleNamespace, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("export_rosters", stdout=out)
    whole = json.loads(out.getvalue())
    whole["teams"][0]["duty_level"] = "L2"
    file = tmp_path / "rosters.json"
    file.write_text(json.dumps(whole))
    said = io.StringIO()
    call_command("import_rosters", file, dry_run=True, stdout=said)
    assert "team changed: IM core" in said.getvalue()
    assert Team.objects.get().duty_level == "L1"
    call_command("import_rosters", file, stdout=said)
    assert Team.objects.get().duty_level == "L2"
    file.write_text("{")
    with pytest.raises(CommandError, match="not JSON"):
        call_command("import_rosters", file)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_rosters", tmp_path / "nothing.json")
