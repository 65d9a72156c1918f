"""The ladder editor: what cannot work is refused with the reason, and what rings is told."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts import tenancy
from accounts.models import Event, User
from tests import factories
from tests.factories import NOON
from tests.tickets.admin.queries import page_queries
from tests.tickets.admin.test_plain_editing import fill
from tickets import escalation
from tickets.models import Escalation, Ladder, LadderStep
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
PAGE = "/admin/duty/ladders/"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancy, "database_now", lambda read: NOON)


@pytest.fixture
def ladder(cast: SimpleNamespace) -> Ladder:
    return Ladder.objects.get(team=cast.team)


def address(ladder: Ladder) -> str:
    return reverse("admin:tickets_ladder_change", args=[ladder.pk])


def send(browser: Any, ladder: Ladder, **changed: Any) -> Any:
    sent = fill(browser.get(address(ladder))) | changed
    return browser.post(address(ladder), sent, follow=True)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": "person", "roster": ""}, "Say whom this step rings."),
        ({"roster": ""}, "Say whom this step rings."),
        ({"kind": "leads"}, "This kind of step rings no such thing."),
        ({"kind": "astronauts"}, "Select a valid choice"),
        ({"roster": "", "kind": "managers", "level": "L3"}, "Only people on duty have a lowest"),
        ({"patience_seconds": "9"}, "Nobody can acknowledge that fast."),
        ({"patience_seconds": "0"}, "Nobody can acknowledge that fast."),
        ({"patience_seconds": "86401"}, "Wait a day at most."),
        ({"times": "0"}, "A step is rung 1 to 10 times."),
        ({"position": "1"}, "duplicate"),
    ],
)
def test_a_step_that_cannot_work_is_refused(
    wrong: dict[str, str], sentence: str, ladder: Ladder, cast: SimpleNamespace, browser_of: Any
) -> None:
    before = list(LadderStep.objects.values_list())
    steps = {f"steps-0-{name}": value for name, value in wrong.items()}
    answer = send(browser_of(cast.lead), ladder, **steps)
    assert sentence in answer.content.decode()
    assert list(LadderStep.objects.values_list()) == before


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"rounds": "0"}, "greater than or equal to 1"),
        ({"rounds": "21"}, "less than or equal to 20"),
        ({"silence_minutes": "0"}, "greater than or equal to 1"),
        ({"severity": "mild"}, "Select a valid choice"),
    ],
)
def test_a_ladder_that_cannot_work_is_refused(
    wrong: dict[str, str], sentence: str, ladder: Ladder, cast: SimpleNamespace, browser_of: Any
) -> None:
    answer = send(browser_of(cast.lead), ladder, **wrong)
    assert sentence in answer.content.decode()


def test_a_ladder_without_steps_is_refused_and_nothing_is_saved(
    ladder: Ladder, cast: SimpleNamespace, browser_of: Any
) -> None:
    gone = {f"steps-{number}-DELETE": "on" for number in range(3)}
    answer = send(browser_of(cast.lead), ladder, rounds="7", **gone)
    assert "A ladder needs at least one step." in answer.content.decode()
    ladder.refresh_from_db()
    assert (ladder.rounds, ladder.steps.count()) == (3, 3)


def test_a_second_ladder_for_the_same_severity_is_refused(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    sent = {
        "team": cast.team.pk,
        "severity": "",
        "rounds": "3",
        "silence_minutes": "15",
        "steps-TOTAL_FORMS": "1",
        "steps-INITIAL_FORMS": "0",
        "steps-0-position": "0",
        "steps-0-kind": "leads",
        "steps-0-patience_seconds": "60",
        "steps-0-times": "1",
    }
    browser = browser_of(cast.lead)
    answer = browser.post(reverse("admin:tickets_ladder_add"), sent)
    assert "has a ladder for that severity already" in answer.content.decode()
    sent["severity"] = "urgent"
    assert browser.post(reverse("admin:tickets_ladder_add"), sent).status_code == 302
    assert Event.objects.filter(verb="ladder.added").count() == 1


def test_who_left_cannot_be_put_on_a_ladder(
    ladder: Ladder, cast: SimpleNamespace, browser_of: Any
) -> None:
    User.objects.filter(pk=cast.second.pk).update(is_active=False)
    steps = {"steps-0-kind": "person", "steps-0-roster": "", "steps-0-person": cast.second.pk}
    assert "Select a valid choice" in send(browser_of(cast.lead), ladder, **steps).content.decode()


def test_saving_says_how_many_ring_and_that_they_keep_their_names(
    ladder: Ladder, cast: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(cast.lead)
    assert "rings for" not in send(browser, ladder, rounds="4").content.decode()
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    page = send(browser, ladder, rounds="5").content.decode()
    assert "rings for 1 ticket at this moment; it keeps the names it began with" in page


def test_the_preview_tells_who_is_rung_when(
    ladder: Ladder, cast: SimpleNamespace, browser_of: Any
) -> None:
    LadderStep.objects.filter(ladder=ladder, position=0).update(times=2)
    LadderStep.objects.create(ladder=ladder, position=3, kind="contact")
    gone = factories.engineer("Gone Away")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    LadderStep.objects.create(ladder=ladder, position=4, kind="person", person=gone)
    for where in (address(ladder), PAGE):
        page = " ".join(browser_of(cast.lead).get(where).content.decode().split())
        for wanted in ("at once", "+6 min", "+9 min", "+12 min", "Zhao Min (L2)", "Chen Yu (Lead)"):
            assert wanted in page, (where, wanted)
        assert "Gone Away no longer works here" in page
        assert "passed over" in page


def test_the_default_teams_ladder_for_any_severity_stays(
    ladder: Ladder, cast: SimpleNamespace, browser_of: Any
) -> None:
    other = factories.ladder(cast.team, "urgent")
    browser = browser_of(cast.lead)
    delete = "admin:tickets_ladder_delete"
    assert browser.post(reverse(delete, args=[ladder.pk]), {"post": "yes"}).status_code == 403
    assert browser.post(reverse(delete, args=[other.pk]), {"post": "yes"}).status_code == 302


def test_the_page_of_ladders_costs_the_same_however_many(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(cast.engineer)
    browser.get(PAGE)
    with page_queries() as before:
        browser.get(PAGE)
    factories.team(cast.second, cast.lead, cast.engineer, name="RTC", is_default=False)
    with page_queries() as after:
        browser.get(PAGE)
    assert len(before) == len(after) <= 16


def test_a_roster_that_has_ended_is_not_offered(
    ladder: Ladder, cast: SimpleNamespace, browser_of: Any
) -> None:
    ended = factories.roster(cast.team, cast.second, name="Old nights", ended_at=NOON)
    page = browser_of(cast.lead).get(address(ladder)).content.decode()
    assert "Old nights" not in page
    refused = send(browser_of(cast.lead), ladder, **{"steps-0-roster": str(ended.pk)})
    assert "Select a valid choice" in refused.content.decode()
