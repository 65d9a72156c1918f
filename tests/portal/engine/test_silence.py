"""An urgent ticket somebody took, and then nobody of ours writes: it rings again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from accounts.models import Deadline, User
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.portal.conftest import Clock
from tickets import escalation, handover, lifecycle, ownership, severity, silence
from tickets.models import Escalation, Ladder, Page, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
State = Escalation.State
HandleDue = Callable[[], None]


@pytest.fixture
def taken(cast: SimpleNamespace, clock: Clock, handle_due: HandleDue) -> Ticket:
    """An urgent ticket Li Wei took and answered at 12:01; his silence may last 15 minutes."""
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    clock.forward(minutes=1)
    by = Viewer.of(cast.second)
    escalation.acknowledge(ticket=ticket, by=by, now=clock.now)
    lifecycle.reply(ticket=ticket, by=by, body="I look at it.", now=clock.now)
    handle_due()
    return ticket


def at(minutes: float) -> dt.datetime:
    return NOON + dt.timedelta(minutes=minutes)


def looks(ticket: Ticket) -> list[dt.datetime]:
    """When the open deadlines are due."""
    rows = Deadline.objects.filter(
        subject=ticket.event_subject, kind="ladder.silence", settled_at=None
    )
    return list(rows.order_by("due_at").values_list("due_at", flat=True))


def runs(ticket: Ticket) -> list[tuple[str, str]]:
    return list(
        Escalation.objects.filter(ticket=ticket).order_by("id").values_list("reason", "state")
    )


def rung(ticket: Ticket) -> list[str]:
    last = Escalation.objects.filter(ticket=ticket).latest("id")
    return list(last.pages.order_by("step").values_list("person_name", flat=True))


def pass_time(clock: Clock, handle_due: HandleDue, minutes: float) -> None:
    clock.now = at(minutes)
    handle_due()


def test_after_fifteen_minutes_without_a_word_the_owner_is_rung_first(
    taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    assert looks(taken) == [at(16)]
    pass_time(clock, handle_due, 15.99)
    assert runs(taken) == [("urgent", "acked")]
    pass_time(clock, handle_due, 16)
    assert runs(taken) == [("urgent", "acked"), ("silence", "ringing")]
    assert rung(taken) == ["Li Wei"]
    taken.refresh_from_db()
    assert taken.owner is not None
    assert taken.owner.name == "Li Wei"


def test_then_the_ladder_goes_on_with_the_others(
    taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    pass_time(clock, handle_due, 16)
    pass_time(clock, handle_due, 19)
    pass_time(clock, handle_due, 22)
    assert rung(taken) == ["Li Wei", "Zhao Min", "Chen Yu"]


def test_each_reply_and_note_starts_it_anew(
    cast: SimpleNamespace, taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    by = Viewer.of(cast.second)
    lifecycle.reply(ticket=taken, by=by, body="On it.", now=at(10))
    pass_time(clock, handle_due, 16)
    assert looks(taken) == [at(25)]
    lifecycle.add_note(ticket=taken, by=Viewer.of(cast.lead), body="Try B.", now=at(20))
    pass_time(clock, handle_due, 25)
    assert looks(taken) == [at(35)]
    pass_time(clock, handle_due, 35)
    assert runs(taken)[-1] == ("silence", "ringing")


def test_what_the_customer_writes_is_no_word_of_ours(
    cast: SimpleNamespace, taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    lifecycle.reply(ticket=taken, by=Viewer.of(cast.developer), body="Hello?", now=at(10))
    pass_time(clock, handle_due, 16)
    assert runs(taken)[-1] == ("silence", "ringing")


def test_the_ladder_says_how_long(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    Ladder.objects.update(silence_minutes=4)
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    Ladder.objects.update(silence_minutes=60)  # this run keeps what it began with
    escalation.acknowledge(ticket=ticket, by=Viewer.of(cast.second), now=clock.now)
    assert looks(ticket) == [at(4)]


def test_while_the_customers_answer_is_awaited_nobody_is_rung(
    cast: SimpleNamespace, taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    lifecycle.reply(
        ticket=taken, by=Viewer.of(cast.second), body="Logs?", ask_customer=True, now=at(5)
    )
    pass_time(clock, handle_due, 28)
    assert [reason for reason, _state in runs(taken)] == ["urgent"]
    lifecycle.reply(ticket=taken, by=Viewer.of(cast.developer), body="Here.", now=at(28))
    pass_time(clock, handle_due, 28)
    assert looks(taken) == [at(43)], "counted from the end of the waiting"
    lifecycle.reply(ticket=taken, by=Viewer.of(cast.second), body="Thanks.", now=at(29))
    pass_time(clock, handle_due, 43)
    assert looks(taken) == [at(44)]


def test_solved_or_downgraded_it_ends(
    cast: SimpleNamespace, taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    severity.change(
        ticket=taken, by=Viewer.of(cast.lead), to=Severity.NORMAL, reason="No.", now=at(3)
    )
    other = factories.ticket(cast.developer, severity=Severity.URGENT, now=at(3))
    pass_time(clock, handle_due, 3)
    by = Viewer.of(cast.second)
    lifecycle.reply(ticket=other, by=by, body="Done.", now=at(4))
    pass_time(clock, handle_due, 4)
    lifecycle.resolve(ticket=other, by=by, now=at(5))
    pass_time(clock, handle_due, 60)
    assert "silence" not in {reason for ticket in (taken, other) for reason, _ in runs(ticket)}
    assert (looks(taken), looks(other)) == ([], [])


def test_a_word_while_it_rings_ends_it_and_starts_it_anew(
    cast: SimpleNamespace, taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    pass_time(clock, handle_due, 16)
    lifecycle.add_note(ticket=taken, by=Viewer.of(cast.second), body="Still here.", now=at(17))
    pass_time(clock, handle_due, 17)
    assert runs(taken)[-1] == ("silence", "acked")
    assert looks(taken) == [at(32)]


def test_a_note_takes_no_ticket_that_rings_because_nobody_answered(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    lifecycle.add_note(ticket=ticket, by=Viewer.of(cast.second), body="Hm.", now=at(1))
    pass_time(clock, handle_due, 1)
    assert runs(ticket) == [("urgent", "ringing")]


def test_asking_the_customer_while_it_rings_makes_it_moot(
    cast: SimpleNamespace, taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    pass_time(clock, handle_due, 16)
    Ticket.objects.filter(pk=taken.pk).update(state="waiting")
    pass_time(clock, handle_due, 19)
    assert runs(taken)[-1] == ("silence", "stopped")


def test_an_owner_who_left_is_passed_over_and_it_is_told(
    cast: SimpleNamespace, taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    User.objects.filter(pk=cast.second.pk).update(is_active=False)
    pass_time(clock, handle_due, 16)
    assert rung(taken) == ["Zhao Min"]


def test_the_same_deadline_handled_twice_rings_once(
    taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    pass_time(clock, handle_due, 16)
    Deadline.objects.filter(kind="ladder.silence").update(settled_at=None)
    handle_due()
    assert Page.objects.filter(ticket=taken).count() == 2


def test_a_ladder_that_is_stopped_ends_no_watch(
    cast: SimpleNamespace, taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    """It rang because nobody accepted a handover; then a lead says whose the ticket is."""
    handover.propose(
        ticket=taken, by=Viewer.of(cast.second), to=cast.engineer, note="Soon.", now=at(2)
    )
    pass_time(clock, handle_due, 12)
    escalation.start(ticket=taken, reason=Escalation.Reason.HANDOVER, now=at(14))
    assert runs(taken)[-1] == ("handover", "ringing")
    ownership.assign(ticket=taken, by=Viewer.of(cast.lead), owner=cast.engineer, now=at(14.5))
    pass_time(clock, handle_due, 16)
    pass_time(clock, handle_due, 17)
    assert runs(taken)[-1] == ("handover", "stopped")
    assert looks(taken) == [at(29.5)], "counted from when the next engineer had it"
    pass_time(clock, handle_due, 29.5)
    assert runs(taken)[-1] == ("silence", "ringing")


def test_who_answers_as_the_next_is_rung_is_listened_for_too(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    """The step falls due before the answer counts as an acknowledgement."""
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.second), body="I look.", now=at(3))
    pass_time(clock, handle_due, 3)
    assert runs(ticket) == [("urgent", "stopped")]
    assert looks(ticket) == [at(18)]


def test_a_silence_that_was_moot_while_the_customer_was_awaited_is_listened_for_again(
    cast: SimpleNamespace, taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    pass_time(clock, handle_due, 16)
    Ticket.objects.filter(pk=taken.pk).update(state="waiting")
    pass_time(clock, handle_due, 19)
    lifecycle.reply(ticket=taken, by=Viewer.of(cast.developer), body="Here.", now=at(20))
    pass_time(clock, handle_due, 20)
    assert looks(taken) == [at(35)]


def test_nobody_is_listened_for_who_never_took_it(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    Escalation.objects.update(state=State.STOPPED)
    assert silence.ends_at(ticket) is None


def test_a_ladder_that_stops_again_leaves_the_look_as_it_was(
    taken: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    """Struck and put down anew for the same instant: it still has to come."""
    escalation.start(ticket=taken, reason=Escalation.Reason.MANUAL, from_level="L1", now=at(5))
    escalation.stop(ticket=taken, now=at(6))
    escalation.stop(ticket=taken, now=at(7))
    assert looks(taken) == [at(16)]
    pass_time(clock, handle_due, 16)
    assert runs(taken)[-1] == ("silence", "ringing")
