"""What the promise panel says about each clock."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import lifecycle, promises
from tickets.models import Promise, Ticket
from tickets.models.ticket import Severity
from tickets.presentation.promise_cells import PromiseCell, Status, nearest, promise_cells

pytestmark = pytest.mark.django_db


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


def cells(ticket: Ticket, now: dt.datetime, update_every: int | None = None) -> list[PromiseCell]:
    rows = list(Promise.objects.filter(ticket=ticket).order_by("id"))
    return promise_cells(rows, now, update_every=update_every)


@pytest.fixture
def urgent(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer, severity=Severity.URGENT)


def test_a_new_urgent_ticket_counts_down_and_announces_the_updates(urgent: Ticket) -> None:
    first, update, restored = cells(urgent, NOON, update_every=1800)
    assert (first.status, first.counts_down, first.note) == (
        Status.RUNNING,
        True,
        "promised within 15 min",
    )
    assert (update.status, update.value) == (Status.AHEAD, "After the first answer")
    assert (restored.note, restored.at) == ("goal 4 h", NOON + minutes(240))


def test_a_ticket_is_called_restored_once_it_is(cast: SimpleNamespace, urgent: Ticket) -> None:
    assert cells(urgent, NOON)[-1].label == "Restore goal"
    assert cells(urgent, NOON + minutes(300))[-1].label == "Restore goal"
    at = NOON + minutes(20)
    lifecycle.reply(ticket=urgent, by=Viewer.of(cast.engineer), body="Done.", now=at)
    lifecycle.resolve(ticket=urgent, by=Viewer.of(cast.engineer), now=at)
    assert cells(urgent, at)[-1].label == "Restored"


def test_little_time_left_is_at_risk_and_none_left_is_overdue(urgent: Ticket) -> None:
    assert cells(urgent, NOON + minutes(13))[0].status == Status.AT_RISK
    assert cells(urgent, NOON + minutes(15.1))[0].status == Status.OVERDUE


def test_an_answer_in_time_is_kept_and_says_how_fast(cast: SimpleNamespace, urgent: Ticket) -> None:
    at = NOON + dt.timedelta(seconds=372)
    lifecycle.reply(ticket=urgent, by=Viewer.of(cast.engineer), body="On it.", now=at)
    first, update, _restored = cells(urgent, at)
    assert (first.status, first.value, first.at) == (Status.KEPT, "Kept in 6 min 12 s", at)
    assert (update.due_at, update.tail) == (at + minutes(30), "every 30 min until it is solved")


def test_a_late_answer_stays_broken(cast: SimpleNamespace, urgent: Ticket) -> None:
    response = Promise.objects.get(ticket=urgent, kind="response")
    promises.ran_out(response, now=NOON + minutes(16))
    lifecycle.reply(
        ticket=urgent, by=Viewer.of(cast.engineer), body="Sorry.", now=NOON + minutes(21)
    )
    first = cells(urgent, NOON + minutes(22))[0]
    assert (first.status, first.value) == (Status.BROKEN, "6 min late")


def test_waiting_for_the_customer_is_shown_as_a_pause(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    lifecycle.reply(
        ticket=ticket, by=Viewer.of(cast.engineer), body="Which?", ask_customer=True, now=NOON
    )
    restored = cells(ticket, NOON + minutes(5))[-1]
    assert (restored.status, restored.value) == (Status.PAUSED, "Paused")
    assert (restored.note, restored.tail) == ("waiting for your answer", "5 d left")


def test_once_solved_the_updates_are_counted(cast: SimpleNamespace, urgent: Ticket) -> None:
    staff = Viewer.of(cast.engineer)
    for minute in (5, 20, 40):
        lifecycle.reply(ticket=urgent, by=staff, body="News.", now=NOON + minutes(minute))
    lifecycle.resolve(ticket=urgent, by=staff, now=NOON + minutes(50))
    _first, update, restored = cells(urgent, NOON + minutes(60))
    assert (update.status, update.value) == (Status.KEPT, "2 of 2 in time")
    assert restored.value == "Kept in 50 min"


def test_a_reopened_ticket_shows_the_clocks_of_its_new_cycle(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    lifecycle.close(ticket=urgent, by=Viewer.of(cast.developer), now=NOON)
    later = NOON + minutes(60)
    lifecycle.reopen(ticket=urgent, by=Viewer.of(cast.developer), now=later)
    first, *_rest = cells(urgent, later)
    assert first.due_at == later + minutes(15)


def test_the_nearest_clock_is_the_one_that_runs_out_first(urgent: Ticket) -> None:
    found = nearest(cells(urgent, NOON))
    assert found is not None
    assert found.kind == Promise.Kind.RESPONSE
