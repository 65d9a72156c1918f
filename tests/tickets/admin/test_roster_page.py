"""Rosters are made and edited on a page of their own; what cannot work is refused there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts import tenancy
from tests import factories
from tests.factories import NOON
from tickets.models import DutyChange, Roster, RosterVersion, Swap, Team
from tickets.oncall import duty

pytestmark = pytest.mark.django_db
ADD = "/admin/duty/rosters/add/"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancy, "database_now", lambda read: NOON)


def layer(number: int = 0, **fields: Any) -> dict[str, Any]:
    given = {
        "name": f"Layer {number}",
        "length": "1",
        "unit": "days",
        "starts_on": "2026-11-23",
        "hand_over_at": "20:00",
    } | fields
    return {f"layers-{number}-{name}": value for name, value in given.items()}


def sent(team: Team, *layers: dict[str, Any], **fields: Any) -> dict[str, Any]:
    count = {"layers-TOTAL_FORMS": len(layers), "layers-INITIAL_FORMS": 0}
    minutes = {"drill_minutes": 20, "confirm_minutes": 5, "note_minutes": 30, "accept_minutes": 7}
    form = {"team": team.pk, "name": "Nights", "time_zone": "Asia/Shanghai"} | count | minutes
    for one in layers:
        form |= one
    return form | fields


def test_a_roster_is_made_with_layers_and_is_on_duty_from_now_on(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    form = sent(
        cast.team,
        layer(member_0=cast.second.pk, member_2=cast.engineer.pk),
        layer(1, member_0=cast.lead.pk, weekdays=["0"], opens="20:00", closes="06:00"),
    )
    assert browser_of(cast.lead).post(ADD, form).status_code == 302
    made = Roster.objects.get(name="Nights")
    assert [one.name for one in duty.on_duty(made, NOON)] == ["Li Wei", "Chen Yu"]
    assert (made.drill_minutes, made.confirm_minutes) == (20, 5)
    assert (made.note_minutes, made.accept_minutes) == (30, 7)
    one, other = RosterVersion.objects.get(roster=made).definition["layers"]
    assert [member["name"] for member in one["members"]] == ["Li Wei", "Zhao Min"]
    assert (other["weekdays"], other["from"], other["until"]) == ([0], "20:00:00", "06:00:00")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"time_zone": "Moon/Base"}, "is not a time zone"),
    ({"name": "Rung 0"}, "already exists"),
    ({"name": ""}, "This field is required."),
    ({"drill_minutes": ""}, "This field is required."),
    ({"drill_minutes": "241"}, "Ask at most 240 minutes before"),
    ({"drill_minutes": "4", "confirm_minutes": "5"}, "A drill must be over before"),
    ({"accept_minutes": "0"}, "Wait 1 to 120 minutes"),
    ({"note_minutes": "99999"}, "less than or equal to 32767"),
    ({"layers-0-member_0": ""}, "A rotation needs at least one member."),
    ({"layers-0-member_0": "developer"}, "Select a valid choice"),
    ({"layers-0-length": "0"}, "greater than or equal to 1"),
    ({"layers-0-length": "1001"}, "less than or equal to 1000"),
    ({"layers-0-hand_over_at": "25:00"}, "Enter a valid time."),
    ({"layers-0-starts_on": "0001-01-01"}, "between 2000 and 2099"),
    ({"layers-0-opens": "08:00", "layers-0-closes": "20:00"}, "need at least one weekday"),
    ({"layers-0-weekdays": ["0"], "layers-0-opens": "08:00"}, "both a beginning and an end"),
    ({"layers-0-weekdays": ["9"]}, "Select a valid choice"),
    ({"layers-0-unit": "years"}, "Select a valid choice"),
    ({"layers-0-DELETE": "on"}, "A roster needs at least one layer."),
    ({"layers-TOTAL_FORMS": "0"}, "A roster needs at least one layer."),
    ({"layers-TOTAL_FORMS": "x"}, "ManagementForm"),
]


@pytest.mark.parametrize(("wrong", "sentence"), REFUSED)
def test_a_roster_that_cannot_work_is_refused(
    wrong: dict[str, Any], sentence: str, cast: SimpleNamespace, browser_of: Any
) -> None:
    if wrong.get("layers-0-member_0") == "developer":
        wrong = {"layers-0-member_0": cast.developer.pk}
    rosters = Roster.objects.count()
    form = sent(cast.team, layer(member_0=cast.second.pk)) | wrong
    answer = browser_of(cast.lead).post(ADD, form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Roster.objects.count() == rosters


def test_editing_says_what_changes_and_appends_a_version(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    roster = factories.roster(cast.team, cast.engineer)
    address = reverse("admin:roster_layers", args=[roster.pk])
    browser = browser_of(cast.lead)
    shown = browser.get(address).content.decode()
    assert "pages that are ringing keep their names" in shown
    assert "Zhao Min" in shown
    answer = browser.post(address, sent(cast.team, layer(member_0=cast.second.pk)))
    assert answer.status_code == 302
    assert RosterVersion.objects.filter(roster=roster).count() == 2
    roster.refresh_from_db()
    assert (roster.drill_minutes, roster.accept_minutes) == (20, 7)
    assert [one.name for one in duty.on_duty(roster, NOON)] == ["Li Wei"]


def test_another_layer_is_an_empty_form_more(cast: SimpleNamespace, browser_of: Any) -> None:
    roster = factories.roster(cast.team, cast.engineer)
    shown = browser_of(cast.lead).get(f"/admin/duty/rosters/{roster.pk}/?more=1")
    assert "Layer 2" in shown.content.decode()


def test_an_engineer_looks_and_is_offered_no_button(cast: SimpleNamespace, browser_of: Any) -> None:
    roster = factories.roster(cast.team, cast.engineer)
    shown = browser_of(cast.engineer).get(f"/admin/duty/rosters/{roster.pk}/").content.decode()
    assert "Save from now on" not in shown


SPAN = {"starts_at": "2026-11-24T10:00", "ends_at": "2026-11-24T12:00"}


def test_an_override_is_shown_with_its_word_and_can_be_taken_back(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    roster = factories.roster(cast.team, cast.engineer)
    browser = browser_of(cast.lead)
    form = {"roster": roster.pk, "person": cast.lead.pk, "replaces": cast.engineer.pk} | SPAN
    assert browser.post("/admin/duty/override/", form).status_code == 302
    assert "Chen Yu, override" in browser.get("/admin/duty/").content.decode()
    change = DutyChange.objects.get()
    browser.post(f"/admin/duty/changes/{change.pk}/cancel/")
    assert "Chen Yu, override" not in browser.get("/admin/duty/").content.decode()


def test_leave_shows_the_hole(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.engineer)
    form = {"person": cast.engineer.pk, "reason": "Hospital"} | SPAN
    assert browser.post("/admin/duty/leave/", form).status_code == 302
    shown = browser.get("/admin/duty/").content.decode()
    assert "duty-gap" in shown
    assert "nobody stands in" in shown


def test_a_refused_form_keeps_what_was_typed_and_says_why(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    roster = factories.roster(cast.team, cast.engineer)
    form = {"roster": roster.pk, "person": cast.lead.pk, "replaces": cast.second.pk} | SPAN
    answer = browser_of(cast.lead).post("/admin/duty/override/", form | {"reason": "Kept"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Li Wei is not on duty for Primary then." in shown
    assert "Kept" in shown
    backwards = {"starts_at": SPAN["ends_at"], "ends_at": SPAN["starts_at"]}
    answer = browser_of(cast.lead).post("/admin/duty/override/", form | backwards)
    assert "The end must lie after the start." in answer.content.decode()


def test_a_swap_is_asked_for_and_accepted_in_the_browser(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    roster = factories.roster(cast.team, cast.engineer, cast.second, name="Days", unit="days")
    key = f"{roster.pk}|20261125T0000|{cast.engineer.pk}"
    answer = browser_of(cast.engineer).post(
        "/admin/duty/swap/", {"shift": key, "asked": cast.lead.pk, "note": "Please"}
    )
    assert answer.status_code == 302
    other = browser_of(cast.lead)
    assert "asks you to take" in other.get("/admin/duty/").content.decode()
    other.post(f"/admin/duty/swaps/{Swap.objects.get().pk}/accept/")
    assert "Chen Yu, swap" in other.get("/admin/duty/").content.decode()


def test_the_calendar_turns_to_other_weeks(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.engineer)
    assert "Today" not in browser.get("/admin/duty/?from=2026-11-25").content.decode()
    shown = browser.get("/admin/duty/?from=2026-12-01&weeks=2").content.decode()
    assert "Today" in shown
    assert "from=2026-11-16" in shown
    for nonsense in ("x", "9999-12-31", "0001-01-01", ""):
        assert browser.get("/admin/duty/", {"from": nonsense}).status_code == 200
