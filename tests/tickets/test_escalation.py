"""People are rung one after the other until somebody takes the ticket."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from accounts.models import ContactMethod, Deadline, Delivery, Event
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.tickets.scenes import after, answer, deadlines, verbs
from tickets import calling_help, escalation, lifecycle, page_outcomes, ringing, severity
from tickets.models import Escalation, Ladder, Page, Roster, Team, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
State, Reason = Escalation.State, Escalation.Reason


def rung_of(number: int) -> Roster:
    return Roster.objects.get(name=f"Rung {number}", team__is_default=True)


@pytest.fixture
def urgent(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer, severity=Severity.URGENT)


def ring(ticket: Ticket, at: dt.datetime = NOON) -> Escalation:
    started = escalation.start(ticket=ticket, reason=Reason.URGENT, now=at)
    assert started is not None
    return started


def climb(rung: Escalation) -> dt.datetime:
    """What the engine does when the ladder's deadline falls due."""
    row = Deadline.objects.get(subject=rung.event_subject, kind=ringing.STEP, settled_at=None)
    escalation.next_step(escalation=rung, index=row.data["index"], now=row.due_at)
    Deadline.objects.filter(pk=row.pk).update(settled_at=row.due_at)
    rung.refresh_from_db()
    return row.due_at


def trail(rung: Escalation) -> list[tuple[str, str]]:
    return [(page.person_name, page.state) for page in rung.pages.order_by("step")]


def test_without_an_answer_each_step_is_rung_in_its_time(urgent: Ticket) -> None:
    rung = ring(urgent)
    assert (rung.next_names, rung.next_at) == (["Li Wei"], after(3))
    assert [climb(rung), climb(rung)] == [after(3), after(6)]
    assert trail(rung) == [
        ("Zhao Min", "silent"),
        ("Li Wei", "silent"),
        ("Chen Yu", "ringing"),
    ]
    assert rung.next_names == ["Zhao Min"], "the second round begins with the first again"


def test_a_ladder_nobody_answers_starts_anew_with_whoever_is_on_duty_then(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    Ladder.objects.update(rounds=1)
    rung = ring(urgent)
    newcomer = factories.engineer("New Comer")
    factories.reroster(rung_of(0), newcomer)
    for _step in range(3):
        at = climb(rung)
    assert (rung.state, rung.ended_at, rung.next_at) == (State.EXHAUSTED, after(9), None)
    assert at == after(9)
    again = Escalation.objects.get(ticket=urgent, state=State.RINGING)
    assert trail(again) == [("New Comer", "ringing")]
    assert verbs(urgent)[-2:] == ["escalation.exhausted", "page.rung"]


def test_steps_with_nobody_on_duty_are_skipped_and_cost_no_time(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    factories.reroster(rung_of(1))
    rung = ring(urgent)
    assert rung.next_names == ["Chen Yu"]
    assert climb(rung) == after(3)
    assert trail(rung) == [("Zhao Min", "silent"), ("Chen Yu", "ringing")]


def test_with_nobody_on_any_roster_the_leads_are_rung(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    for number in range(3):
        factories.reroster(rung_of(number))
    assert trail(ring(urgent)) == [("Chen Yu", "ringing")]


def test_without_a_team_the_leads_are_rung(cast: SimpleNamespace, urgent: Ticket) -> None:
    Team.objects.update(is_default=False)
    rung = ring(urgent)
    assert (rung.team_name, trail(rung)) == ("", [("Chen Yu", "ringing")])


def test_without_a_single_lead_the_log_says_so_and_it_is_tried_again(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    for person in (cast.engineer, cast.second, cast.lead):
        person.is_active = False
        person.save()
    assert escalation.start(ticket=urgent, reason=Reason.URGENT, now=NOON) is None
    said = Event.objects.get(verb="escalation.impossible")
    assert said.internal, "a hole in our roster is not the customer's to read"
    assert deadlines(urgent.event_subject, "ladder.start") == [NOON, after(5)]


def test_who_left_the_staff_is_not_rung(cast: SimpleNamespace, urgent: Ticket) -> None:
    cast.engineer.is_active = False
    cast.engineer.save()
    assert trail(ring(urgent)) == [("Li Wei", "ringing")]


def test_who_leaves_while_the_ladder_rings_is_passed_over(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    rung = ring(urgent)
    cast.second.is_active = False
    cast.second.save()
    climb(rung)
    assert trail(rung) == [("Zhao Min", "silent"), ("Chen Yu", "ringing")]
    assert rung.step == 2


def test_when_all_left_who_were_on_the_ladder_it_starts_anew(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    Ladder.objects.update(rounds=1)
    rung = ring(urgent)
    for person in (cast.second, cast.lead):
        person.is_active = False
        person.save()
    assert climb(rung) == after(3)
    assert rung.state == State.EXHAUSTED
    assert trail(Escalation.objects.get(state=State.RINGING)) == [("Zhao Min", "ringing")]


def test_every_contact_method_is_rung(cast: SimpleNamespace, urgent: Ticket) -> None:
    factories.contact_method(cast.engineer, "json://127.0.0.1", kind="push")
    page = ring(urgent).pages.get()
    assert page.channels == ["email", "push"]
    sent = Delivery.objects.filter(payload__page=str(page.pk)).values_list("channel", flat=True)
    assert sorted(sent) == ["email", "push"]


def test_without_a_contact_method_the_logins_address_is_rung(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    ContactMethod.objects.all().delete()
    ring(urgent)
    assert Delivery.objects.get().address == cast.engineer.email


def test_an_acknowledgement_stops_the_ringing_and_gives_the_ticket_an_owner(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    rung = ring(urgent)
    taken = escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.engineer), now=after(1))
    assert (taken.taken, taken.by_name, taken.at) == (True, "Zhao Min", after(1))
    rung.refresh_from_db()
    urgent.refresh_from_db()
    assert (rung.state, rung.next_names, rung.next_at) == (State.ACKNOWLEDGED, [], None)
    assert urgent.owner == cast.engineer
    assert trail(rung) == [("Zhao Min", "acked")]
    assert deadlines(rung.event_subject, ringing.STEP) == []
    assert not Delivery.objects.filter(cancelled_at=None).exists(), "what has not left yet stays"


def test_an_acknowledgement_is_no_answer(cast: SimpleNamespace, urgent: Ticket) -> None:
    ring(urgent)
    escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.engineer), now=after(1))
    assert urgent.promises.get(kind="response").state == "running"


def test_an_older_page_can_still_be_acknowledged(cast: SimpleNamespace, urgent: Ticket) -> None:
    rung = ring(urgent)
    climb(rung)
    escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.engineer), now=after(4))
    assert trail(rung) == [("Zhao Min", "acked"), ("Li Wei", "stopped")]


def test_an_engineer_who_was_not_rung_can_take_it(cast: SimpleNamespace, urgent: Ticket) -> None:
    rung = ring(urgent)
    assert escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.lead), now=after(1)).taken
    rung.refresh_from_db()
    assert (rung.acknowledged_by, trail(rung)) == (cast.lead, [("Zhao Min", "stopped")])


def test_of_two_acknowledgements_the_first_is_taken(cast: SimpleNamespace, urgent: Ticket) -> None:
    ring(urgent)
    escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.engineer), now=after(1))
    second = escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.second), now=after(2))
    assert (second.taken, second.by_name, second.at) == (False, "Zhao Min", after(1))
    again = escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.engineer), now=after(3))
    assert (again.taken, again.at) == (True, after(1)), "a second click does no harm"
    assert verbs(urgent).count("page.acknowledged") == 1


def test_acknowledging_what_never_rang_says_so(cast: SimpleNamespace, urgent: Ticket) -> None:
    with pytest.raises(escalation.NothingRinging, match="Nobody is being rung") as caught:
        escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.engineer), now=NOON)
    assert caught.value.last is None


def test_a_step_that_comes_late_rings_nobody_after_an_acknowledgement(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    rung = ring(urgent)
    escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.engineer), now=after(1))
    escalation.next_step(escalation=rung, index=1, now=after(3))
    assert Page.objects.count() == 1


def test_a_step_handled_twice_rings_once(urgent: Ticket) -> None:
    rung = ring(urgent)
    for _again in range(2):
        escalation.next_step(escalation=rung, index=1, now=after(3))
    assert len(trail(rung)) == 2


def test_a_ladder_is_not_started_while_one_rings(urgent: Ticket) -> None:
    first = ring(urgent)
    assert ring(urgent, after(1)) == first
    assert Page.objects.count() == 1


def test_solving_the_ticket_asks_for_silence_and_gets_it(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    rung = ring(urgent)
    lifecycle.resolve(ticket=urgent, by=Viewer.of(cast.developer), now=after(1))
    assert deadlines(urgent.event_subject, "ladder.stop") == [after(1)]
    escalation.stop(ticket=urgent, now=after(1))
    rung.refresh_from_db()
    assert (rung.state, rung.ended_at, rung.next_names) == (State.STOPPED, after(1), [])
    assert trail(rung) == [("Zhao Min", "stopped")]
    assert deadlines(rung.event_subject, ringing.STEP) == []
    assert verbs(urgent)[-1] == "escalation.stopped"


def test_no_ladder_is_started_for_a_solved_ticket(cast: SimpleNamespace, urgent: Ticket) -> None:
    lifecycle.resolve(ticket=urgent, by=Viewer.of(cast.developer), now=NOON)
    assert escalation.start(ticket=urgent, reason=Reason.URGENT, now=after(1)) is None


def test_an_answer_by_staff_acknowledges(cast: SimpleNamespace, urgent: Ticket) -> None:
    ring(urgent)
    answer(cast, urgent, after(2))
    row = Deadline.objects.get(kind="ladder.acknowledge")
    assert (row.due_at, row.data) == (
        after(2),
        {"ticket": urgent.pk, "person": cast.engineer.pk, "note": False},
    )


def test_an_answer_that_comes_while_the_engine_rings_keeps_it_from_ringing_on(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    """Its acknowledgement waits behind the step that is due at the same moment."""
    rung = ring(urgent)
    answer(cast, urgent, after(3))
    climb(rung)
    assert (rung.state, trail(rung)) == (State.STOPPED, [("Zhao Min", "stopped")])


def test_an_answer_before_the_ladder_started_makes_it_needless(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    answer(cast, urgent, after(1))
    assert escalation.start(ticket=urgent, reason=Reason.URGENT, now=after(2)) is None


def test_an_urgency_taken_back_rings_no_further(cast: SimpleNamespace, urgent: Ticket) -> None:
    rung = ring(urgent)
    severity.change(
        ticket=urgent, by=Viewer.of(cast.developer), to=Severity.NORMAL, reason="", now=after(1)
    )
    climb(rung)
    assert (rung.state, trail(rung)) == (State.STOPPED, [("Zhao Min", "stopped")])


def test_what_was_escalated_by_hand_rings_on_whatever_its_severity(cast: SimpleNamespace) -> None:
    normal = factories.ticket(cast.developer)
    calling_help.ring_by_hand(ticket=normal, by=Viewer.of(cast.engineer), now=NOON)
    row = Deadline.objects.get(kind="ladder.start")
    rung = escalation.start(ticket=normal, reason=Reason(row.data["reason"]), now=row.due_at)
    assert rung is not None
    climb(rung)
    assert trail(rung) == [("Zhao Min", "silent"), ("Li Wei", "ringing")]


def test_each_channel_a_page_left_by_is_recorded_once(urgent: Ticket) -> None:
    page = ring(urgent).pages.get()
    stale = Page.objects.get(pk=page.pk)
    page_outcomes.delivered(page=page, channel="email", now=after(0.1))
    page_outcomes.delivered(page=stale, channel="push", now=after(0.2))
    page_outcomes.delivered(page=stale, channel="push", now=after(0.3))
    page.refresh_from_db()
    assert (page.delivered_at, page.rung_at) == (after(0.1), after(0))
    assert page.channels == ["email", "push"]
    assert verbs(urgent).count("page.delivered") == 2


def test_the_page_speaks_the_engineers_language(cast: SimpleNamespace, urgent: Ticket) -> None:
    cast.engineer.language = "zh-hans"
    cast.engineer.save()
    ring(urgent)
    assert Delivery.objects.get().payload["language"] == "zh-hans"
