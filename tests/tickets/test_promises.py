"""What happens to the promises of a ticket when something happens to the ticket."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Event
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.tickets.scenes import after, answer, deadlines, promise, write
from tickets import lifecycle, policies, promises, severity
from tickets.models import Promise, Ticket
from tickets.models.ticket import Severity, State

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NORMAL = "premium/normal v1"


def opened(cast: SimpleNamespace, wanted: Severity = Severity.NORMAL) -> Ticket:
    return factories.ticket(cast.developer, severity=wanted)


def raise_by_staff(cast: SimpleNamespace, ticket: Ticket, to: Severity, at: dt.datetime) -> None:
    """A raise that leaves the ticket waiting for the customer; their own would not."""
    engineer = Viewer.of(cast.engineer)
    severity.change(ticket=ticket, by=engineer, to=to, reason="Worse.", now=at)


def regrade(cast: SimpleNamespace, ticket: Ticket, to: Severity, at: dt.datetime) -> None:
    severity.change(ticket=ticket, by=Viewer.of(cast.developer), to=to, reason="", now=at)


def decide(cast: SimpleNamespace, ticket: Ticket, to: Severity, at: dt.datetime) -> None:
    severity.change(ticket=ticket, by=Viewer.of(cast.lead), to=to, reason="Minor.", now=at)


def urgent_without_resolution(cast: SimpleNamespace) -> None:
    """What an urgent ticket is promised from noon on: an answer and updates, no solution."""
    before = policies.in_force("premium", Severity.URGENT, NOON)
    policies.publish(
        plan="premium",
        severity=Severity.URGENT,
        by=Viewer.of(cast.lead),
        now=NOON,
        calendar_version=before.calendar_version,
        response_seconds=before.response_seconds,
        update_seconds=before.update_seconds,
    )


def ledger(row: Promise) -> list[str]:
    return list(row.facts.values_list("kind", flat=True))


def due(row: Promise) -> list[dt.datetime]:
    """The open deadlines of a promise, without the millisecond they come after."""
    return [at - dt.timedelta(milliseconds=1) for at in deadlines(f"promise/{row.pk}")]


def run_out(row: Promise, at: dt.datetime) -> bool:
    return promises.ran_out(Promise.objects.get(pk=row.pk), now=at)


def test_waiting_stops_the_clock_and_an_answer_starts_it_where_it_stood(
    cast: SimpleNamespace,
) -> None:
    ticket = opened(cast)
    answer(cast, ticket, after(60), ask_customer=True)
    paused = promise(ticket, "resolution")
    assert (paused.state, paused.due_at, due(paused)) == (Promise.State.PAUSED, None, [])
    assert paused.remaining_seconds == 5 * 86400 - 3600
    write(cast, ticket, after(60) + DAY)
    running = promise(ticket, "resolution")
    assert (running.due_at, running.remaining_seconds) == (NOON + 6 * DAY, None)
    assert due(running) == [NOON + 6 * DAY]


def test_asking_the_customer_twice_pauses_once(cast: SimpleNamespace) -> None:
    ticket = opened(cast)
    answer(cast, ticket, after(1), ask_customer=True)
    answer(cast, ticket, after(2), ask_customer=True)
    assert ledger(promise(ticket, "resolution")) == ["started", "paused"]


def test_an_engineers_own_reply_ends_the_waiting(cast: SimpleNamespace) -> None:
    ticket = opened(cast)
    answer(cast, ticket, after(1), ask_customer=True)
    answer(cast, ticket, after(2))
    ticket.refresh_from_db()
    assert (ticket.state, promise(ticket, "resolution").state) == (State.OPEN, "running")


def test_a_raise_gives_the_stricter_time_from_now(cast: SimpleNamespace) -> None:
    ticket = opened(cast)
    regrade(cast, ticket, Severity.URGENT, after(60))
    assert promise(ticket, "response").due_at == after(75)
    assert promise(ticket, "resolution").due_at == after(300)
    assert promise(ticket, "response").policy == "premium/urgent v1"


def test_a_raise_never_gives_more_time_than_was_left(cast: SimpleNamespace) -> None:
    ticket = opened(cast)
    regrade(cast, ticket, Severity.URGENT, after(8 * 60 - 5))
    assert promise(ticket, "response").due_at == after(8 * 60)


def test_a_downgrade_gives_the_looser_time_from_the_start(cast: SimpleNamespace) -> None:
    ticket = opened(cast, Severity.URGENT)
    regrade(cast, ticket, Severity.NORMAL, after(10))
    assert promise(ticket, "response").due_at == after(8 * 60)
    assert due(promise(ticket, "response")) == [after(8 * 60)]


def test_up_and_down_again_is_what_was_promised_first(cast: SimpleNamespace) -> None:
    ticket = opened(cast)
    regrade(cast, ticket, Severity.URGENT, after(5))
    regrade(cast, ticket, Severity.NORMAL, after(6))
    assert promise(ticket, "response").due_at == after(8 * 60)
    assert promise(ticket, "resolution").due_at == NOON + 5 * DAY


def test_a_raise_after_an_answer_promises_the_next_update(cast: SimpleNamespace) -> None:
    ticket = opened(cast)
    answer(cast, ticket, after(1))
    assert not Promise.objects.filter(kind="update").exists()
    regrade(cast, ticket, Severity.URGENT, after(10))
    assert promise(ticket, "update").due_at == after(40)
    regrade(cast, ticket, Severity.NORMAL, after(20))
    ended = promise(ticket, "update")
    assert (ended.state, due(ended)) == (Promise.State.CANCELLED, [])


def test_a_reopened_ticket_owes_its_first_answer_before_any_update(cast: SimpleNamespace) -> None:
    ticket = opened(cast)
    answer(cast, ticket, after(1))
    lifecycle.resolve(ticket=ticket, by=Viewer.of(cast.engineer), now=after(2))
    write(cast, ticket, after(3))
    regrade(cast, ticket, Severity.URGENT, after(4))
    assert not Promise.objects.filter(kind="update").exists()
    answer(cast, ticket, after(5))
    assert promise(ticket, "update").due_at == after(35)


def test_a_raise_to_urgent_ends_every_pause(cast: SimpleNamespace) -> None:
    ticket = opened(cast)
    answer(cast, ticket, after(1), ask_customer=True)
    regrade(cast, ticket, Severity.URGENT, after(10))
    assert promise(ticket, "resolution").due_at == after(250)


def test_a_downgrade_while_waiting_pauses_what_may_be_paused(cast: SimpleNamespace) -> None:
    ticket = opened(cast, Severity.URGENT)
    answer(cast, ticket, after(1), ask_customer=True)
    regrade(cast, ticket, Severity.NORMAL, after(10))
    paused = promise(ticket, "resolution")
    assert (paused.state, paused.remaining_seconds) == ("paused", 5 * 86400 - 600)


def test_a_clock_changed_twice_in_one_instant_keeps_its_deadline(cast: SimpleNamespace) -> None:
    """Resumed and graded anew at once, with the same time left as before."""
    ticket = opened(cast)
    regrade(cast, ticket, Severity.URGENT, after(1))
    regrade(cast, ticket, Severity.IMPORTANT, after(1))
    answer(cast, ticket, after(2), ask_customer=True)
    regrade(cast, ticket, Severity.URGENT, after(3))
    for row in Promise.objects.filter(ticket=ticket, state="running"):
        assert due(row) == [row.due_at], row.kind


def test_a_pause_that_finds_the_time_run_out_keeps_its_reason(cast: SimpleNamespace) -> None:
    """Nobody had noticed the breach when the customer was asked: the engine was down."""
    ticket = opened(cast)
    answer(cast, ticket, NOON + 6 * DAY, ask_customer=True)
    paused = promise(ticket, "resolution")
    assert (paused.state, paused.paused_for) == ("paused", "waiting on customer")
    assert ledger(paused) == ["started", "breached", "paused"]
    answer(cast, ticket, NOON + 7 * DAY, ask_customer=True)
    assert ledger(paused) == ["started", "breached", "paused"], "it never stopped waiting"
    regrade(cast, ticket, Severity.URGENT, NOON + 8 * DAY)
    assert promise(ticket, "resolution").state == "running"


@pytest.mark.parametrize("to", [Severity.IMPORTANT, Severity.URGENT])
def test_a_pause_whose_reason_was_lost_is_graded_like_any_other(
    cast: SimpleNamespace, to: Severity
) -> None:
    """As a breach noticed by a pause once left it."""
    ticket = opened(cast)
    answer(cast, ticket, after(1), ask_customer=True)
    Promise.objects.filter(ticket=ticket, state="paused").update(paused_for="")
    raise_by_staff(cast, ticket, to, after(3))
    found = promise(ticket, "resolution")
    expected = {"urgent": ("running", ""), "important": ("paused", "waiting on customer")}
    assert (found.state, found.paused_for) == expected[to]


def test_a_raise_to_what_names_no_such_time_keeps_the_promise(cast: SimpleNamespace) -> None:
    urgent_without_resolution(cast)
    ticket = opened(cast)
    regrade(cast, ticket, Severity.URGENT, after(60))
    kept = promise(ticket, "resolution")
    assert (kept.state, kept.due_at, kept.policy) == ("running", NOON + 5 * DAY, NORMAL)
    assert due(kept) == [NOON + 5 * DAY]
    assert ledger(kept) == ["started"]
    assert promise(ticket, "response").due_at == after(75)
    regrade(cast, ticket, Severity.IMPORTANT, after(61))
    assert promise(ticket, "resolution").due_at == after(61) + DAY
    assert ticket.promises.filter(kind="resolution").count() == 1


def test_a_raise_leaves_a_clock_it_names_no_time_for_waiting(cast: SimpleNamespace) -> None:
    urgent_without_resolution(cast)
    ticket = opened(cast)
    answer(cast, ticket, after(1), ask_customer=True)
    raise_by_staff(cast, ticket, Severity.URGENT, after(10))
    assert ledger(promise(ticket, "resolution")) == ["started", "paused"]
    write(cast, ticket, after(61))
    assert promise(ticket, "resolution").due_at == NOON + 5 * DAY + dt.timedelta(hours=1)


def test_a_customers_downgrade_to_what_names_no_such_time_ends_it(cast: SimpleNamespace) -> None:
    ticket = opened(cast, Severity.URGENT)
    answer(cast, ticket, after(1))
    regrade(cast, ticket, Severity.NORMAL, after(10))
    assert promise(ticket, "update").state == "cancelled"


def test_a_managers_downgrade_makes_nothing_due_later(cast: SimpleNamespace) -> None:
    ticket = opened(cast, Severity.URGENT)
    answer(cast, ticket, after(1))
    decide(cast, ticket, Severity.NORMAL, after(10))
    assert {row.kind: row.due_at for row in ticket.promises.filter(state="running")} == {
        "update": after(31),
        "resolution": after(240),
    }
    answer(cast, ticket, after(20), ask_customer=True)
    assert not ticket.promises.filter(kind="update", state="running").exists()
    assert promise(ticket, "resolution").due_at == after(240), "it waits for nobody, as promised"


def test_a_raise_after_a_managers_downgrade_is_no_consent_to_it(cast: SimpleNamespace) -> None:
    ticket = opened(cast, Severity.URGENT)
    decide(cast, ticket, Severity.NORMAL, after(10))
    regrade(cast, ticket, Severity.IMPORTANT, after(11))
    assert promise(ticket, "response").due_at == after(15)
    regrade(cast, ticket, Severity.NORMAL, after(12))
    assert promise(ticket, "response").due_at == after(8 * 60), "the customer's own word"


def test_an_answer_in_the_last_instant_keeps_the_promise(cast: SimpleNamespace) -> None:
    ticket = opened(cast, Severity.URGENT)
    answer(cast, ticket, after(15))
    assert promise(ticket, "response").kept is True


def test_a_late_answer_is_met_and_broken_and_dated_to_when_time_ran_out(
    cast: SimpleNamespace,
) -> None:
    ticket = opened(cast, Severity.URGENT)
    answer(cast, ticket, after(20))
    late = promise(ticket, "response")
    assert (late.state, late.met_at, late.breached_at, late.kept) == (
        "met",
        after(20),
        after(15),
        False,
    )
    assert ledger(late) == ["started", "breached", "met"]
    broken = Event.objects.get(verb="promise.broken")
    assert (broken.at, broken.actor) == (after(15), None)
    assert due(late) == []


def test_the_engines_look_dates_a_breach_to_the_true_instant(cast: SimpleNamespace) -> None:
    ticket = opened(cast, Severity.URGENT)
    row = promise(ticket, "response")
    assert run_out(row, after(15) + dt.timedelta(seconds=40))
    row.refresh_from_db()
    assert (row.state, row.breached_at, due(row)) == ("running", after(15), [])
    assert row.facts.get(kind="breached").at == after(15)


def test_a_promise_breaks_once(cast: SimpleNamespace) -> None:
    ticket = opened(cast, Severity.URGENT)
    row = promise(ticket, "response")
    run_out(row, after(16))
    answer(cast, ticket, after(20))
    assert not run_out(row, after(21))
    assert Event.objects.filter(verb="promise.broken").count() == 1
    assert ledger(row).count("breached") == 1


def test_a_look_before_the_time_leaves_the_deadline_in_place(cast: SimpleNamespace) -> None:
    row = promise(opened(cast, Severity.URGENT), "response")
    assert not run_out(row, after(14))
    assert due(row) == [after(15)]


def test_a_look_with_a_stale_row_does_not_undo_an_answer(cast: SimpleNamespace) -> None:
    """The engine read the promise just before the answer was committed."""
    ticket = opened(cast, Severity.URGENT)
    stale = promise(ticket, "response")
    answer(cast, ticket, after(14))
    assert not promises.ran_out(stale, now=after(16))
    row = promise(ticket, "response")
    assert (row.state, row.kept) == ("met", True)


def test_a_breach_noticed_by_a_customers_act_still_reaches_the_engine(
    cast: SimpleNamespace,
) -> None:
    """Else nobody would be rung: only the engine may ring."""
    ticket = opened(cast, Severity.URGENT)
    row = promise(ticket, "response")
    regrade(cast, ticket, Severity.IMPORTANT, after(16))
    regrade(cast, ticket, Severity.URGENT, after(16))
    assert promise(ticket, "response").breached_at == after(15)
    assert due(row) == [after(15)]
    assert run_out(row, after(16.5)), "so that the ladder is rung"
    assert due(row) == []


def test_a_missed_update_reaches_the_engine_after_an_acknowledgement(
    cast: SimpleNamespace,
) -> None:
    ticket = opened(cast, Severity.URGENT)
    answer(cast, ticket, after(5))
    update = promise(ticket, "update")
    assert due(update) == [after(35)]
    assert run_out(update, after(35.1))
    assert due(update) == []
    answer(cast, ticket, after(50))
    assert promise(ticket, "update").due_at == after(80), "the next one is promised anew"


def test_a_looser_promise_does_not_mend_a_broken_one(cast: SimpleNamespace) -> None:
    ticket = opened(cast, Severity.URGENT)
    regrade(cast, ticket, Severity.NORMAL, after(20))
    assert promise(ticket, "response").kept is False


def test_solved_while_waiting_is_solved_in_time(cast: SimpleNamespace) -> None:
    ticket = opened(cast)
    answer(cast, ticket, after(1), ask_customer=True)
    at = NOON + 30 * DAY
    lifecycle.resolve(ticket=ticket, by=Viewer.of(cast.engineer), now=at)
    solved = promise(ticket, "resolution")
    assert (solved.state, solved.met_at, solved.kept) == ("met", at, True)
    assert ledger(solved) == ["started", "paused", "resumed", "met"]


def test_solving_ends_every_clock_and_deadline(cast: SimpleNamespace) -> None:
    ticket = opened(cast, Severity.URGENT)
    answer(cast, ticket, after(1))
    lifecycle.resolve(ticket=ticket, by=Viewer.of(cast.engineer), now=after(2))
    assert {row.kind: row.state for row in ticket.promises.all()} == {
        "response": "met",
        "update": "cancelled",
        "resolution": "met",
    }
    assert [due(row) for row in ticket.promises.all()] == [[], [], []]


def test_each_cycle_has_promises_of_its_own(cast: SimpleNamespace) -> None:
    ticket = opened(cast)
    answer(cast, ticket, after(1))
    lifecycle.resolve(ticket=ticket, by=Viewer.of(cast.engineer), now=after(2))
    lifecycle.reopen(ticket=ticket, by=Viewer.of(cast.developer), now=after(90))
    assert list(ticket.promises.values_list("kind", "cycle", "state")) == [
        ("response", 1, "met"),
        ("resolution", 1, "met"),
        ("response", 2, "running"),
        ("resolution", 2, "running"),
    ]
    assert promise(ticket, "response").due_at == after(90 + 8 * 60)


def test_staff_cannot_slip_away_from_the_answer_a_reopened_ticket_is_owed(
    cast: SimpleNamespace,
) -> None:
    ticket = opened(cast)
    staff = Viewer.of(cast.engineer)
    with pytest.raises(ValidationError, match="Answer the customer"):
        lifecycle.resolve(ticket=ticket, by=staff, now=after(1))
    answer(cast, ticket, after(1))
    lifecycle.resolve(ticket=ticket, by=staff, now=after(2))
    write(cast, ticket, after(3))
    with pytest.raises(ValidationError, match="Answer the customer"):
        lifecycle.resolve(ticket=ticket, by=staff, now=after(4))


def test_a_clock_that_goes_back_dates_no_fact_before_the_last(cast: SimpleNamespace) -> None:
    """Another machine's transaction read the time earlier and got the lock later."""
    ticket = opened(cast)
    answer(cast, ticket, after(-1), ask_customer=True)
    write(cast, ticket, after(-2))
    lifecycle.resolve(ticket=ticket, by=Viewer.of(cast.engineer), now=after(-3))
    for row in ticket.promises.all():
        times = list(row.facts.order_by("id").values_list("at", flat=True))
        assert times == sorted(times), row.kind


def test_two_reopenings_in_one_instant_close_each_in_its_time(cast: SimpleNamespace) -> None:
    ticket = opened(cast)
    customer = Viewer.of(cast.developer)
    for _again in range(2):
        lifecycle.resolve(ticket=ticket, by=customer, now=NOON)
        lifecycle.reopen(ticket=ticket, by=customer, now=NOON)
    lifecycle.resolve(ticket=ticket, by=customer, now=NOON)
    assert deadlines(ticket.event_subject, "ticket.close") == [NOON + 7 * DAY]


def test_an_urgent_ticket_reopened_twice_in_one_instant_asks_to_be_rung_twice(
    cast: SimpleNamespace,
) -> None:
    ticket = opened(cast, Severity.URGENT)
    customer = Viewer.of(cast.developer)
    for _again in range(2):
        lifecycle.resolve(ticket=ticket, by=customer, now=NOON)
        lifecycle.reopen(ticket=ticket, by=customer, now=NOON)
    assert len(deadlines(ticket.event_subject, "ladder.start")) == 3
