"""At the end of a shift every urgent ticket is handed over, or somebody hears of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from accounts.models import Deadline, Delivery, Event
from accounts.viewer import Viewer
from tests import factories
from tests.portal.conftest import Clock
from tests.shift_scene import CHANGE, handle_due, make_scene, owned
from tickets import escalation, handover, lifecycle, ownership, severity
from tickets.models import Escalation, Handover, Holding, Promise, PromiseFact, Roster, Ticket
from tickets.models.ticket import Severity
from tickets.oncall import shift_changes

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def scene(db: None, clock: Clock) -> SimpleNamespace:
    made = make_scene(drill_minutes=0)
    handle_due()
    return made


@pytest.fixture
def ticket(scene: SimpleNamespace) -> Ticket:
    return owned(scene)


@pytest.fixture
def at(clock: Clock) -> Callable[[float], dt.datetime]:
    """Turn the clock to so many minutes after the change, and let the engine do what is due."""

    def turn(minutes: float) -> dt.datetime:
        clock.now = CHANGE + minutes * MINUTE
        handle_due()
        return clock.now

    return turn


def the(ticket: Ticket) -> Handover:
    return Handover.objects.get(ticket=ticket)


def mails_to(person: object, word: str) -> int:
    assert not list(Deadline.objects.exclude(last_error="").values_list("last_error", flat=True))
    rows = Delivery.objects.filter(kind="email", address=getattr(person, "email", ""))
    return rows.filter(payload__text__icontains=word).count()


def clocks() -> list[tuple[object, ...]]:
    rows = Promise.objects.order_by("pk")
    return list(rows.values_list("pk", "state", "due_at", "target_seconds", "breached_at"))


def test_before_the_shift_ends_its_engineer_is_asked_for_a_note(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    at(-16)
    assert not Handover.objects.exists()
    at(-15)
    assert (the(ticket).state, the(ticket).from_person) == ("asked", scene.ana)
    assert mails_to(scene.ana, "Your shift ends at 14:00") == 1
    at(-14)
    assert mails_to(scene.ana, "Your shift ends at 14:00") == 1


def test_at_the_change_it_is_proposed_to_who_comes_on_and_stays_whose_it_was(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    now = at(-15)
    handover.write_note(
        handover=the(ticket), by=Viewer.of(scene.ana), note="Shard 7 is slow.", now=now
    )
    at(0)
    assert (the(ticket).state, the(ticket).to_person) == ("proposed", scene.ben)
    assert mails_to(scene.ben, "hands this ticket over to you") == 1
    assert mails_to(scene.lead, "without a note") == 0
    ticket.refresh_from_db()
    assert ticket.owner == scene.ana


def test_accepting_makes_the_next_one_the_owner_and_moves_no_clock(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    lifecycle.reply(ticket=ticket, by=Viewer.of(scene.ana), body="On it.", now=CHANGE - 10 * MINUTE)
    now = at(0)
    before, facts = clocks(), PromiseFact.objects.count()
    handover.accept(handover=the(ticket), by=Viewer.of(scene.ben), now=now)
    at(1)
    ticket.refresh_from_db()
    assert ticket.owner == scene.ben
    assert clocks() == before
    assert PromiseFact.objects.count() == facts
    assert Holding.objects.filter(ticket=ticket).latest("id").person == scene.ben
    told = Event.objects.get(verb="ticket.handed_over")
    assert (told.internal, told.data["before"], told.data["after"]) == (
        False,
        "Ana Souza",
        "Ben Okoro",
    )
    assert mails_to(scene.ana, "has accepted this ticket") == 1


def test_without_a_note_it_is_proposed_all_the_same_and_told(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    at(-15)
    at(0)
    assert the(ticket).is_proposed
    assert mails_to(scene.ana, "without a note") == 1
    assert mails_to(scene.lead, "without a note") == 1


def test_not_accepted_it_pages_who_comes_on_and_then_the_ladder(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    at(0)
    at(9)
    assert not Delivery.objects.filter(kind="page", payload__handover=the(ticket).pk).exists()
    at(10)
    rung = Delivery.objects.get(kind="page", payload__handover=the(ticket).pk)
    assert rung.address == "ben@vigil.example"
    at(19)
    assert Escalation.objects.filter(reason="handover").count() == 0
    at(20)
    ladder = Escalation.objects.get(reason="handover")
    assert [page.person for page in ladder.pages.all()] == [scene.ben]
    ticket.refresh_from_db()
    assert ticket.owner == scene.ana


def test_accepting_silences_the_ladder_that_rang_for_it(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    at(0)
    at(10)
    now = at(20)
    handover.accept(handover=the(ticket), by=Viewer.of(scene.ben), now=now)
    at(21)
    assert Escalation.objects.get(reason="handover").state == "acked"
    at(60)
    assert Escalation.objects.filter(reason="handover").count() == 1


def test_whoever_acknowledges_the_ladder_has_the_ticket_and_the_handover_ends(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    at(0)
    at(10)
    now = at(20)
    escalation.acknowledge(ticket=ticket, by=Viewer.of(scene.lead), now=now)
    at(31)
    ticket.refresh_from_db()
    assert ticket.owner == scene.lead
    assert the(ticket).state == "ended"
    assert Event.objects.filter(verb="handover.ended").count() == 1


def test_somebody_who_keeps_it_by_acknowledging_is_left_alone(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    at(0)
    at(10)
    escalation.acknowledge(ticket=ticket, by=Viewer.of(scene.ana), now=at(20))
    at(31)
    assert the(ticket).state == "ended"
    at(120)
    assert Escalation.objects.filter(reason="handover").count() == 1


def solve(scene: SimpleNamespace, ticket: Ticket, now: dt.datetime) -> None:
    lifecycle.close(ticket=ticket, by=Viewer.of(scene.developer), now=now)


def downgrade(scene: SimpleNamespace, ticket: Ticket, now: dt.datetime) -> None:
    severity.change(
        ticket=ticket, by=Viewer.of(scene.developer), to=Severity.NORMAL, reason="", now=now
    )


def own(scene: SimpleNamespace, ticket: Ticket, now: dt.datetime) -> None:
    ownership.assign(ticket=ticket, by=Viewer.of(scene.cara), owner=scene.cara, now=now)


@pytest.mark.parametrize("act", [solve, downgrade, own])
def test_what_became_moot_ends_by_itself_and_pages_nobody(
    scene: SimpleNamespace,
    ticket: Ticket,
    at: Callable[[float], dt.datetime],
    act: Callable[..., None],
) -> None:
    act(scene, ticket, at(0))
    assert not Handover.objects.standing().exists()
    at(10)
    assert the(ticket).state == "ended"
    assert not Delivery.objects.filter(kind="page", payload__has_key="handover").exists()


def test_what_became_moot_before_the_change_is_not_proposed(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    own(scene, ticket, at(-15))
    at(0)
    assert the(ticket).state == "asked"  # nobody sees it any more
    assert not Handover.objects.standing().exists()


def test_a_ticket_that_is_not_urgent_or_nobodys_is_not_handed_over(
    scene: SimpleNamespace, clock: Clock, at: Callable[[float], dt.datetime]
) -> None:
    calm = factories.ticket(scene.developer)
    ownership.assign(ticket=calm, by=Viewer.of(scene.ana), owner=scene.ana, now=clock.now)
    factories.ticket(scene.developer, severity=Severity.URGENT)
    at(-15)
    at(0)
    assert not Handover.objects.exists()


def test_somebody_on_duty_elsewhere_hands_nothing_over(
    scene: SimpleNamespace, ticket: Ticket, clock: Clock, at: Callable[[float], dt.datetime]
) -> None:
    second = factories.roster(scene.team, scene.ana, name="Second")
    shift_changes.replan([second.pk], clock.forward(seconds=1))
    at(-15)
    at(0)
    assert not Handover.objects.exists()


def test_nobody_qualified_on_duty_the_lead_gets_it(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    scene.ben.skills.all().delete()
    at(0)
    assert the(ticket).to_person == scene.lead


def test_with_nobody_there_at_all_the_ladder_rings_at_once(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    for person in (scene.ben, scene.lead):
        type(person).objects.filter(pk=person.pk).update(is_active=False)
    at(0)
    assert (the(ticket).to_person, the(ticket).escalated_at) == (None, CHANGE)
    assert not Deadline.objects.exclude(last_error="").exists()


def test_not_accepted_through_a_whole_shift_it_is_proposed_to_the_one_after(
    scene: SimpleNamespace, ticket: Ticket, at: Callable[[float], dt.datetime]
) -> None:
    at(0)
    at(24 * 60)
    assert (the(ticket).to_person, the(ticket).from_person) == (scene.cara, scene.ana)
    assert mails_to(scene.cara, "hands this ticket over to you") == 1


def test_several_tickets_are_shared_among_those_who_come_on(
    scene: SimpleNamespace, clock: Clock, at: Callable[[float], dt.datetime]
) -> None:
    for number in range(4):
        owned(scene, subject=f"Outage {number}")
    at(0)
    assert Handover.objects.filter(state="proposed", to_person=scene.ben).count() == 4


def test_minutes_are_the_rosters(
    scene: SimpleNamespace, ticket: Ticket, clock: Clock, at: Callable[[float], dt.datetime]
) -> None:
    Roster.objects.update(note_minutes=30, accept_minutes=3)
    shift_changes.replan([scene.roster.pk], clock.forward(seconds=1))
    at(-30)
    assert the(ticket).state == "asked"
    at(0)
    at(3)
    assert the(ticket).paged_at == CHANGE + 3 * MINUTE
    at(6)
    assert the(ticket).escalated_at == CHANGE + 6 * MINUTE
