"""The coverage page: what it says for a small desk, which filters it knows, what it costs."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import PeakHours, User
from tests import factories
from tests.factories import NOON
from tests.tickets.admin.queries import page_queries
from tickets import rosters
from tickets.models import LadderStep, Roster, Skill

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Monday 23 November 2026, 12:00 UTC, read in UTC by the lead."""
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: NOON)
    return cast


def off_duty(*people: User) -> None:
    """The rosters of these people stand empty from some time before."""
    for roster in Roster.objects.all():
        plan = rosters.current_plan(roster)
        if plan and plan.member_keys() & {person.pk for person in people}:
            factories.reroster(roster, since=NOON - dt.timedelta(days=2))


def page(desk: SimpleNamespace, browser_of: Any, query: str = "") -> Any:
    answer = browser_of(desk.lead).get(reverse("admin:coverage") + query)
    assert answer.status_code == 200
    return answer


def row(answer: Any, label: str) -> list[str]:
    (found,) = [row for row in answer.context["day_rows"] if row.label == label]
    return [cell.figure for cell in found.cells]


def test_each_hour_shows_how_many_are_there(desk: SimpleNamespace, browser_of: Any) -> None:
    answer = page(desk, browser_of)
    assert row(answer, "Instant messaging · 中文") == ["3"] * 24
    assert answer.context["uncovered"] == 0
    assert "every hour covered" in answer.content.decode()
    assert "Somebody qualified is on duty at every hour." in answer.content.decode()


def test_a_level_a_ladder_asks_of_a_roster_is_to_be_covered_too(
    desk: SimpleNamespace, browser_of: Any
) -> None:
    step = LadderStep.objects.filter(roster=desk.team.rosters.first())[0]
    LadderStep.objects.filter(pk=step.pk).update(level="L3")
    answer = page(desk, browser_of)
    assert row(answer, "Instant messaging · 中文 · L3 or lead") == ["2"] * 24
    assert row(answer, "Instant messaging · 中文") == ["3"] * 24


def test_a_language_nobody_speaks_is_a_gap_in_words_and_figures(
    desk: SimpleNamespace, browser_of: Any
) -> None:
    for person in (desk.engineer, desk.second, desk.lead):
        person.staff_profile.languages = ["en"]
        person.staff_profile.save()
    answer = page(desk, browser_of)
    assert row(answer, "Instant messaging · 中文") == ["0"] * 24
    assert row(answer, "Instant messaging · English") == ["3"] * 24
    assert answer.context["uncovered"] == 14 * 24 - 12  # those of this morning are over
    text = answer.content.decode()
    assert "324 hours uncovered" in text
    assert "Mon 23 Nov, 12:00 to Sun 6 Dec, 24:00" in text or "Mon 7 Dec, 00:00" in text


def test_one_person_alone_is_counted_and_named(desk: SimpleNamespace, browser_of: Any) -> None:
    off_duty(desk.second, desk.lead)
    answer = page(desk, browser_of, "?language=zh")
    assert row(answer, "Instant messaging · 中文") == ["1"] * 24
    assert answer.context["single"] == 14 * 24 - 12
    assert 'title="Zhao Min"' in answer.content.decode()


def test_who_may_not_log_in_any_more_covers_nothing(desk: SimpleNamespace, browser_of: Any) -> None:
    User.objects.filter(pk__in=[desk.engineer.pk, desk.second.pk]).update(is_active=False)
    assert row(page(desk, browser_of), "Instant messaging · English") == ["1"] * 24


def test_a_team_says_which_level_it_wants(desk: SimpleNamespace, browser_of: Any) -> None:
    desk.team.duty_level = "L3"
    desk.team.save()
    answer = page(desk, browser_of)
    assert row(answer, "Instant messaging · English · L3 or lead") == ["2"] * 24
    assert row(page(desk, browser_of, "?level=L1"), "Instant messaging · English") == ["3"] * 24
    assert len(page(desk, browser_of, "?level=all").context["day_rows"]) == 6


def test_a_product_without_a_team_is_the_default_teams(
    desk: SimpleNamespace, browser_of: Any
) -> None:
    rtc = factories.product("rtc")
    assert row(page(desk, browser_of, "?product=rtc"), "Voice and video · English") == ["0"] * 24
    Skill.objects.create(user=desk.engineer, product=rtc)
    assert row(page(desk, browser_of, "?product=rtc"), "Voice and video · English") == ["1"] * 24


def test_hours_and_days_are_those_of_the_reader(desk: SimpleNamespace, browser_of: Any) -> None:
    desk.lead.time_zone = "Asia/Shanghai"
    desk.lead.save()
    off_duty(desk.second, desk.lead)
    factories.roster(
        desk.team,
        desk.second,
        desk.engineer,
        name="Daily",
        unit="days",
        starts_on=dt.date(2026, 11, 23),
        hand_over_at=dt.time(16),
    )
    answer = page(desk, browser_of, "?day=2026-11-24")
    # Li Wei from 16:00 UTC on Monday, midnight in Shanghai, for a day; Zhao Min always.
    assert row(answer, "Instant messaging · English") == ["2"] * 24
    assert row(page(desk, browser_of, "?day=2026-11-25"), "Instant messaging · English") == (
        ["1"] * 24
    )
    assert "Asia/Shanghai" in answer.content.decode()


def test_customers_at_their_peak_stand_against_the_people(
    desk: SimpleNamespace, browser_of: Any
) -> None:
    PeakHours.objects.create(
        organization=desk.star, weekdays=[1], starts_at=dt.time(20), ends_at=dt.time(22)
    )
    answer = page(desk, browser_of, "?day=2026-11-24")
    figures = [cell.figure for cell in answer.context["peak_cells"]]
    assert figures == [""] * 20 + ["1", "1"] + [""] * 2
    assert "StarCast peaks 20:00–22:00" in answer.content.decode()
    assert "enough people are on duty for them" in answer.content.decode()
    off_duty(desk.engineer, desk.second, desk.lead)
    answer = page(desk, browser_of, "?day=2026-11-24")
    assert [cell.figure for cell in answer.context["peak_cells"]][20] == "1!"
    assert "Nobody is there for them" in answer.content.decode()


def test_what_nobody_can_carry_is_flagged(desk: SimpleNamespace, browser_of: Any) -> None:
    text = page(desk, browser_of).content.decode()
    assert "3 impossible" in text
    assert "without 11 h of rest" in text


@pytest.mark.parametrize(
    "query",
    [
        "?day=1999-01-01",
        "?day=never",
        "?day=9999999999999999999",
        "?product=nope&language=tlh&level=L9",
        "?product=%00&language=%00&level=%00&day=%00",
        f"?day={'9' * 3000}",
    ],
)
def test_what_cannot_be_is_passed_over(desk: SimpleNamespace, browser_of: Any, query: str) -> None:
    answer = page(desk, browser_of, query)
    assert answer.context["day"] == NOON.date()
    assert len(answer.context["day_rows"]) == 2


def test_links_to_a_day_keep_the_filters(desk: SimpleNamespace, browser_of: Any) -> None:
    text = page(desk, browser_of, "?language=zh&level=all").content.decode()
    assert "?language=zh&amp;level=all&amp;day=2026-11-24#day" in text


def test_more_teams_people_and_customers_cost_no_more_queries(
    desk: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(desk.lead)
    browser.get(reverse("admin:coverage"))
    with page_queries() as few:
        browser.get(reverse("admin:coverage"))
    for number in range(5):
        person = factories.engineer(f"Engineer {number}", products=("im", "rtc"))
        factories.team(person, name=f"Team {number}", is_default=False)
        customer = factories.organization(f"Customer {number}", scenario="live")
        factories.ticket(factories.member(customer), product=desk.product)
    with page_queries() as many:
        assert browser.get(reverse("admin:coverage")).status_code == 200
    assert len(many) == len(few), "\n".join(many)


def test_an_empty_desk_says_what_to_do(db: None, browser_of: Any) -> None:
    reader = browser_of(factories.engineer(products=()))
    assert "Nothing to cover yet" in reader.get(reverse("admin:coverage")).content.decode()
