"""Leads are told of gaps and impossible loads: daily, news first, and at once when it is soon."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import staffing
from accounts.models import Deadline, Delivery, Event
from accounts.viewer import Viewer
from portal.engine.handlers import HANDLERS
from tests import factories
from tests.factories import NOON
from tickets import coverage_watch, duty_changes, rosters
from tickets.coverage_recheck import RECHECK
from tickets.models import Roster

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def desk(db: None) -> SimpleNamespace:
    """One product, one roster on which four people take daily turns: nothing to complain of."""
    people = [
        factories.engineer(name, level=level, email=f"{name.lower()}@vigil.example")
        for name, level in (("Ana", "L2"), ("Bo", "L2"), ("Cem", "L3"), ("Dai", "L2"))
    ]
    lead = factories.engineer("Lea", level="lead", is_manager=True, email="lea@vigil.example")
    team = factories.team()
    team.products.add(factories.product())
    roster = factories.roster(team, *people, unit="days", starts_on=dt.date(2026, 11, 23))
    return SimpleNamespace(people=people, lead=lead, team=team, roster=roster)


def letters() -> list[str]:
    found = Delivery.objects.filter(subject="coverage").order_by("due_at")
    return [one.payload["text"] for one in found]


def gap(desk: SimpleNamespace, start: dt.datetime, end: dt.datetime, now: dt.datetime) -> None:
    duty_changes.plan_temporary(
        roster=desk.roster,
        by=Viewer.of(desk.lead),
        starts_at=start,
        ends_at=end,
        shifts=[(desk.people[0], start, start + HOUR)],
        now=now,
    )


def test_all_is_well_and_nobody_is_told(desk: SimpleNamespace) -> None:
    coverage_watch.warn_daily(now=NOON)
    assert letters() == []
    assert not Event.objects.filter(subject="coverage").exists()


def test_each_day_plans_the_next(desk: SimpleNamespace) -> None:
    coverage_watch.plan_daily(NOON)
    coverage_watch.plan_daily(NOON + HOUR)
    (row,) = Deadline.objects.filter(kind=coverage_watch.DAILY)
    assert row.due_at == dt.datetime(2026, 11, 23, 1, tzinfo=dt.UTC)
    HANDLERS[row.kind](row, NOON)
    planned = Deadline.objects.filter(kind=coverage_watch.DAILY).order_by("due_at")
    assert [one.due_at.day for one in planned] == [23, 24]


def test_the_lead_is_told_of_gaps_in_their_language_and_zone(desk: SimpleNamespace) -> None:
    desk.lead.time_zone = "Asia/Shanghai"
    desk.lead.save()
    gap(desk, NOON + 5 * DAY, NOON + 5 * DAY + 3 * HOUR, NOON)
    coverage_watch.warn_daily(now=NOON)
    (text,) = letters()
    (mail,) = Delivery.objects.filter(subject="coverage")
    assert mail.address == "lea@vigil.example"
    assert "1 gap" in mail.payload["subject"]
    assert "New: nobody qualified is on duty" in text
    assert (
        "Sat 28 Nov, 21:00 to 23:00 (2 h): "
        "Instant messaging · English, Instant messaging · 中文" in text
    )
    assert "Asia/Shanghai" in text
    assert "/admin/duty/coverage/" in text
    event = Event.objects.get(verb="coverage.warned")
    assert event.internal
    assert event.data["to"] == [desk.lead.pk]


def test_what_was_told_stands_below_what_is_new(desk: SimpleNamespace) -> None:
    gap(desk, NOON + 5 * DAY, NOON + 5 * DAY + 3 * HOUR, NOON)
    coverage_watch.warn_daily(now=NOON)
    gap(desk, NOON + 7 * DAY, NOON + 7 * DAY + 3 * HOUR, NOON)
    coverage_watch.warn_daily(now=NOON + DAY)
    text = letters()[-1]
    new, before = text.index("New: nobody"), text.index("Told before: nobody")
    assert new < text.index("Mon 30 Nov") < before < text.index("Sat 28 Nov")


def test_a_gap_that_only_goes_on_is_no_news(desk: SimpleNamespace) -> None:
    factories.reroster(desk.roster, since=NOON - HOUR)
    coverage_watch.warn_daily(now=NOON)
    coverage_watch.warn_daily(now=NOON + DAY)
    assert "New: nobody" in letters()[0]
    assert "New: nobody" not in letters()[1]
    assert "Told before: nobody" in letters()[1]


def test_when_all_is_well_again_that_is_recorded_and_a_return_is_news(
    desk: SimpleNamespace,
) -> None:
    gap(desk, NOON + 5 * DAY, NOON + 5 * DAY + 3 * HOUR, NOON)
    change = desk.roster.duty_changes.get()
    coverage_watch.warn_daily(now=NOON)
    duty_changes.cancel(change=change, by=Viewer.of(desk.lead), now=NOON + HOUR)
    coverage_watch.warn_daily(now=NOON + DAY)
    assert len(letters()) == 1
    assert Event.objects.filter(verb="coverage.clear").count() == 1
    gap(desk, NOON + 5 * DAY, NOON + 5 * DAY + 3 * HOUR, NOON + DAY)
    coverage_watch.warn_daily(now=NOON + 2 * DAY)
    assert "New: nobody" in letters()[-1]


def test_impossible_loads_are_told_with_their_reason(desk: SimpleNamespace) -> None:
    factories.roster(desk.team, desk.people[0], name="Second")
    coverage_watch.warn_daily(now=NOON)
    (text,) = letters()
    assert "New: more than anybody can carry" in text
    assert "- Ana: 4 d on two rosters at once" in text
    assert "14 d without 11 h of rest" in text
    coverage_watch.warn_daily(now=NOON + DAY)
    assert "Told before: more than anybody can carry" in letters()[-1]


def test_only_leads_of_the_product_are_told_and_all_when_there_is_none(
    desk: SimpleNamespace,
) -> None:
    other = factories.engineer("Olu", level="lead", products=("rtc",), email="olu@vigil.example")
    gap(desk, NOON + 5 * DAY, NOON + 5 * DAY + 3 * HOUR, NOON)
    coverage_watch.warn_daily(now=NOON)
    told = set(Delivery.objects.filter(subject="coverage").values_list("address", flat=True))
    assert told == {"lea@vigil.example"}
    desk.lead.is_active = False
    desk.lead.save()
    coverage_watch.warn_daily(now=NOON + DAY)
    told = set(Delivery.objects.filter(subject="coverage").values_list("address", flat=True))
    assert other.email in told


def test_without_any_lead_the_event_says_that_nobody_was_told(desk: SimpleNamespace) -> None:
    gap(desk, NOON + 5 * DAY, NOON + 5 * DAY + 3 * HOUR, NOON)
    desk.lead.is_active = False
    desk.lead.save()
    coverage_watch.warn_daily(now=NOON)
    assert letters() == []
    assert Event.objects.get(verb="coverage.warned").data["to"] == []


def handle_rechecks(now: dt.datetime) -> None:
    for row in Deadline.objects.filter(kind=RECHECK, settled_at=None):
        HANDLERS[row.kind](row, now)
        row.settled_at = now
        row.save()


def test_a_change_that_opens_a_gap_within_two_days_is_told_at_once(desk: SimpleNamespace) -> None:
    gap(desk, NOON + DAY, NOON + DAY + 3 * HOUR, NOON)
    handle_rechecks(NOON)
    (text,) = letters()
    assert "Tue 24 Nov, 13:00 to 15:00 (2 h)" in text
    handle_rechecks(NOON)
    coverage_watch.warn_at_once(now=NOON + HOUR)
    assert len(letters()) == 1
    coverage_watch.warn_daily(now=NOON + HOUR)
    assert "Told before: nobody qualified is on duty" in letters()[-1]
    assert "New: nobody" not in letters()[-1]


def test_leave_that_opens_a_gap_is_told_at_once(desk: SimpleNamespace) -> None:
    bo = desk.people[1]
    duty_changes.take_leave(
        person=bo, by=Viewer.of(bo), starts_at=NOON, ends_at=NOON + 2 * DAY, now=NOON
    )
    handle_rechecks(NOON)
    assert "Tue 24 Nov, 00:00 to 24:00" in letters()[0]


def test_a_gap_in_five_days_waits_for_the_daily_warning(desk: SimpleNamespace) -> None:
    gap(desk, NOON + 5 * DAY, NOON + 5 * DAY + 3 * HOUR, NOON)
    handle_rechecks(NOON)
    assert letters() == []


def test_ending_a_roster_is_looked_at(desk: SimpleNamespace) -> None:
    rosters.end(roster=Roster.objects.get(), by=Viewer.of(desk.lead), now=NOON)
    handle_rechecks(NOON)
    assert "Mon 23 Nov, 12:00" in letters()[0]


def filled(page: Any) -> dict[str, Any]:
    """What a page of the admin would send if nobody changed anything."""
    formsets = [one.formset for one in page.context["inline_admin_formsets"]]
    forms = [page.context["adminform"].form]
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    fields = {field.html_name: field.value() for form in forms for field in form}
    return {
        name: value for name, value in fields.items() if value is not None and value is not False
    }


class TestWhoMayStandInDutyChanged:
    """The engine looks at once, as after a change of duty."""

    def looked(self, now: dt.datetime) -> list[str]:
        for row in Deadline.objects.filter(kind=staffing.CHANGED):
            HANDLERS[row.kind](row, now)
        return letters()

    def test_letting_somebody_go_tells_of_the_gap_they_leave(self, desk: SimpleNamespace) -> None:
        on_duty, manager = desk.people[0], Viewer.of(desk.lead)
        staffing.deactivate(user=on_duty, by=manager, now=NOON)
        (text,) = self.looked(NOON)
        assert "nobody qualified is on duty" in text

    def test_letting_a_customer_go_asks_for_nothing(self, desk: SimpleNamespace) -> None:
        member = factories.member(factories.organization("StarCast", key="STAR"), name="Bob")
        staffing.deactivate(user=member, by=Viewer.of(desk.lead), now=NOON)
        assert not Deadline.objects.filter(kind=staffing.CHANGED).exists()

    def test_another_level_is_looked_at(self, desk: SimpleNamespace, browser_of: Any) -> None:
        person = desk.people[0]
        path = f"/admin/accounts/user/{person.pk}/change/"
        browser = browser_of(desk.lead)
        fields = filled(browser.get(path))
        browser.post(path, fields | {"staff_profile-0-level": "L3"})
        assert Deadline.objects.filter(kind=staffing.CHANGED).count() == 1
