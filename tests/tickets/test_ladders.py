"""Which ladder a ticket rings, and whom each kind of step stands for."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Event, StaffProfile, User
from tests import factories
from tests.factories import NOON
from tests.tickets.scenes import after
from tickets import escalation, step_remarks
from tickets.models import Escalation, Ladder, LadderStep, Page, Roster, Skill, Team, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
Kind, Reason = LadderStep.Kind, Escalation.Reason


def step(ladder: Ladder, kind: Kind, **fields: Any) -> LadderStep:
    return LadderStep.objects.create(
        ladder=ladder, position=ladder.steps.count(), kind=kind, **fields
    )


def urgent(cast: SimpleNamespace, **fields: Any) -> Ticket:
    return factories.ticket(cast.developer, severity=Severity.URGENT, **fields)


def ring(ticket: Ticket, reason: Reason = Reason.URGENT) -> Escalation:
    started = escalation.start(ticket=ticket, reason=reason, now=NOON)
    assert started is not None
    return started


def rung(escalation: Escalation) -> list[str]:
    return list(escalation.pages.order_by("person_name").values_list("person_name", flat=True))


def names(escalation: Escalation) -> list[list[str]]:
    """Everybody on the frozen ladder, step by step."""
    return [[one["name"] for one in row["people"]] for row in escalation.ladder["steps"]]


def said(ticket: Ticket) -> list[tuple[str, int, str]]:
    events = Event.objects.filter(
        subject=ticket.event_subject, verb__in=[step_remarks.EMPTY, step_remarks.UNQUALIFIED]
    )
    assert all(event.internal for event in events), "a hole in our roster is for our eyes only"
    return [
        (event.verb.rpartition("_")[2], event.data["step"], event.data["why"])
        for event in events.order_by("id")
    ]


@pytest.fixture
def own(cast: SimpleNamespace) -> Ladder:
    """The team's ladder for urgent tickets alone, without steps so far."""
    return factories.ladder(cast.team, Severity.URGENT, rounds=2, silence_minutes=7)


def test_a_severitys_own_ladder_goes_before_the_one_for_any(
    cast: SimpleNamespace, own: Ladder
) -> None:
    step(own, Kind.PERSON, person=cast.lead)
    found = ring(urgent(cast))
    assert (rung(found), found.source, found.ladder["rounds"]) == (["Chen Yu"], own, 2)
    assert found.silence_seconds == 420
    other = factories.ticket(cast.developer, severity=Severity.IMPORTANT)
    assert rung(ring(other, Reason.MANUAL)) == ["Zhao Min"]


def test_a_ladder_without_steps_is_no_ladder(cast: SimpleNamespace, own: Ladder) -> None:
    assert rung(ring(urgent(cast))) == ["Zhao Min"]


def test_a_team_without_a_ladder_rings_the_default_teams(cast: SimpleNamespace) -> None:
    other = factories.product("rtc")
    small = factories.team(name="RTC", is_default=False)
    small.products.add(other)
    Ladder.objects.filter(team=small).delete()
    found = ring(urgent(cast, product=other))
    assert (found.team_name, rung(found)) == ("RTC", ["Zhao Min"])
    assert found.source is not None
    assert found.source.team == cast.team


def test_the_dedicated_contact_the_leads_and_the_managers_stand_on_a_ladder(
    cast: SimpleNamespace, own: Ladder
) -> None:
    cast.star.dedicated_contact = cast.second
    cast.star.save()
    boss = factories.engineer("Big Boss", level="L1", is_manager=True)
    for kind in (Kind.CONTACT, Kind.LEADS, Kind.MANAGERS):
        step(own, kind)
    assert names(ring(urgent(cast))) == [["Li Wei"], ["Chen Yu"], [boss.name]]


def test_a_lead_who_is_a_manager_too_is_rung_once_and_then_the_next(
    cast: SimpleNamespace, own: Ladder
) -> None:
    for kind in (Kind.LEADS, Kind.MANAGERS):
        step(own, kind, patience_seconds=120)
    step(own, Kind.PERSON, person=cast.second, patience_seconds=180)
    step(own, Kind.PERSON, person=cast.lead)
    ticket = urgent(cast)
    found = ring(ticket)
    assert names(found) == [["Chen Yu"], [], ["Li Wei"], ["Chen Yu"]]
    assert (found.next_names, found.next_at) == (["Li Wei"], after(2))
    assert said(ticket) == [], "nothing is wrong with the roster"


def test_a_step_rung_twice_stands_twice_on_the_frozen_ladder(
    cast: SimpleNamespace, own: Ladder
) -> None:
    step(own, Kind.PERSON, person=cast.second, times=2, patience_seconds=60)
    step(own, Kind.PERSON, person=cast.lead)
    found = ring(urgent(cast))
    assert names(found) == [["Li Wei"], ["Li Wei"], ["Chen Yu"]]
    escalation.next_step(escalation=found, index=1, now=after(1))
    assert rung(found) == ["Li Wei", "Li Wei"]


def test_empty_steps_are_passed_over_at_once_and_each_says_why(
    cast: SimpleNamespace, own: Ladder
) -> None:
    gone = factories.engineer("Gone Away")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    step(own, Kind.ROSTER, roster=factories.roster(cast.team, name="Empty"))
    step(own, Kind.PERSON, person=gone)
    step(own, Kind.CONTACT)
    step(own, Kind.PERSON, person=cast.second)
    ticket = urgent(cast)
    found = ring(ticket)
    assert (rung(found), found.step) == (["Li Wei"], 3)
    assert said(ticket) == [
        ("empty", 0, "nobody_on_duty"),
        ("empty", 1, "left"),
        ("empty", 2, "no_contact"),
    ]


def test_a_person_of_a_roster_who_left_is_said_to_have_left(
    cast: SimpleNamespace, own: Ladder
) -> None:
    step(own, Kind.ROSTER, roster=Roster.objects.get(name="Rung 0"))
    step(own, Kind.PERSON, person=cast.second)
    User.objects.filter(pk=cast.engineer.pk).update(is_active=False)
    ticket = urgent(cast)
    assert rung(ring(ticket)) == ["Li Wei"]
    assert said(ticket) == [("empty", 0, "left")]


def test_with_nobody_on_any_step_each_is_told_and_every_lead_rung(
    cast: SimpleNamespace, own: Ladder
) -> None:
    step(own, Kind.CONTACT)
    ticket = urgent(cast)
    assert rung(ring(ticket)) == ["Chen Yu"]
    assert said(ticket) == [("empty", 0, "no_contact")]


def test_who_leaves_later_is_told_once_and_not_once_a_round(
    cast: SimpleNamespace, own: Ladder
) -> None:
    step(own, Kind.PERSON, person=cast.engineer)
    step(own, Kind.PERSON, person=cast.second)
    ticket = urgent(cast)
    found = ring(ticket)
    User.objects.filter(pk=cast.second.pk).update(is_active=False)
    escalation.next_step(escalation=found, index=1, now=after(3))
    found.refresh_from_db()
    assert found.step == 2
    escalation.next_step(escalation=found, index=3, now=after(6))
    assert said(ticket)[:1] == [("empty", 1, "left")]
    assert [one for one in said(ticket) if one[1] == 1] == [
        ("empty", 1, "left"),
        ("empty", 1, "left"),
    ], "once in the run that ended, once in the one made up anew"


def test_of_those_on_duty_the_qualified_are_rung(cast: SimpleNamespace, own: Ladder) -> None:
    both = factories.roster(cast.team, cast.engineer, name="Both")
    factories.version(
        both,
        factories.layer(cast.engineer, name="a"),
        factories.layer(cast.second, name="b"),
    )
    step(own, Kind.ROSTER, roster=both)
    StaffProfile.objects.filter(user=cast.engineer).update(languages=["de"])
    ticket = urgent(cast, product=cast.product)
    assert rung(ring(ticket)) == ["Li Wei"]
    assert said(ticket) == []


def test_a_step_may_ask_for_a_level(cast: SimpleNamespace, own: Ladder) -> None:
    both = factories.roster(cast.team, cast.engineer, name="Both")
    factories.version(
        both,
        factories.layer(cast.engineer, name="a"),
        factories.layer(cast.second, name="b"),
    )
    step(own, Kind.ROSTER, roster=both, level="L3")
    assert rung(ring(urgent(cast))) == ["Li Wei"]


def test_when_nobody_on_duty_is_qualified_whoever_is_there_is_rung_and_it_is_told(
    cast: SimpleNamespace, own: Ladder
) -> None:
    step(own, Kind.ROSTER, roster=Roster.objects.get(name="Rung 0"))
    Skill.objects.filter(user=cast.engineer).delete()
    ticket = urgent(cast, product=cast.product)
    assert rung(ring(ticket)) == ["Zhao Min"]
    assert said(ticket) == [("unqualified", 0, "nobody_qualified")]


def test_names_and_levels_are_frozen_when_it_begins(cast: SimpleNamespace) -> None:
    found = ring(urgent(cast))
    User.objects.filter(pk=cast.second.pk).update(name="Li Wang")
    StaffProfile.objects.filter(user=cast.second).update(level="L1")
    LadderStep.objects.filter(position=1).delete()
    escalation.next_step(escalation=found, index=1, now=after(3))
    page = Page.objects.get(escalation=found, step=1)
    assert (page.person_name, page.person_level) == ("Li Wei", "L3")


def test_a_ladder_deleted_while_it_rings_rings_on(cast: SimpleNamespace) -> None:
    found = ring(urgent(cast))
    Ladder.objects.all().delete()
    found.refresh_from_db()
    escalation.next_step(escalation=found, index=1, now=after(3))
    assert rung(found) == ["Li Wei", "Zhao Min"]


def daily(team: Team, *people: User, at: dt.time) -> Roster:
    """A person a day; people[0] goes off at that time of today's, people[1] comes on."""
    first = NOON.date() - dt.timedelta(days=1)
    return factories.roster(team, *people, starts_on=first, unit="days", hand_over_at=at)


def silence(ticket: Ticket, owner: User) -> Escalation:
    Ticket.objects.filter(pk=ticket.pk).update(owner=owner)
    ticket.refresh_from_db()
    return ring(ticket, Reason.SILENCE)


def test_after_the_owner_those_on_duty_by_then_are_rung(cast: SimpleNamespace, own: Ladder) -> None:
    turns = daily(cast.team, cast.engineer, cast.second, at=dt.time(12, 2))
    step(own, Kind.ROSTER, roster=turns, patience_seconds=180)
    found = silence(urgent(cast), owner=cast.lead)
    assert names(found) == [["Chen Yu"], ["Li Wei"]], "their turn begins while the owner is rung"


def test_a_step_on_which_nobody_but_the_owner_stands_costs_no_time(
    cast: SimpleNamespace, own: Ladder
) -> None:
    turns = daily(cast.team, cast.engineer, cast.second, at=dt.time(12, 4))
    step(own, Kind.PERSON, person=cast.lead, patience_seconds=180)
    step(own, Kind.ROSTER, roster=turns)
    found = silence(urgent(cast), owner=cast.lead)
    assert names(found) == [["Chen Yu"], [], ["Zhao Min"]], "still on duty at 12:03"
