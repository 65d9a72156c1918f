"""Whatever happens to a ticket, its promises follow from their ledgers and from nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.viewer import Viewer
from tests import factories
from tests.tickets.scenes import after, deadlines
from tickets import ledger, lifecycle, promises, severity
from tickets.models import Promise, Ticket
from tickets.models.ticket import Severity
from tickets.sla.clock import Clock

pytestmark = pytest.mark.django_db

VERBS = ["answer", "ask", "write", "resolve", "close", "reopen", "look", "agree", "refuse"]
acts = st.one_of(
    st.sampled_from(VERBS),
    st.tuples(st.sampled_from(["customer", "staff", "manager"]), st.sampled_from(list(Severity))),
)
gaps = st.sampled_from([-1, 0, 0, 1, 14.999, 15, 31, 240, 481, 3000, 10000])


def play(cast: SimpleNamespace, ticket: Ticket, act: Any, now: dt.datetime) -> None:
    """Do it if it is possible; what the state machine refuses changes nothing."""
    customer, staff = Viewer.of(cast.developer), Viewer.of(cast.engineer)
    who = {"customer": customer, "staff": staff, "manager": Viewer.of(cast.lead)}
    acts: dict[str, Callable[[], object]] = {
        "answer": lambda: lifecycle.reply(ticket=ticket, by=staff, body="a", now=now),
        "ask": lambda: lifecycle.reply(
            ticket=ticket, by=staff, body="?", ask_customer=True, now=now
        ),
        "write": lambda: lifecycle.reply(ticket=ticket, by=customer, body="w", now=now),
        "resolve": lambda: lifecycle.resolve(ticket=ticket, by=staff, now=now),
        "close": lambda: lifecycle.close(ticket=ticket, by=customer, now=now),
        "reopen": lambda: lifecycle.reopen(ticket=ticket, by=customer, now=now),
        "look": lambda: [promises.ran_out(row, now=now) for row in ticket.promises.all()],
        "agree": lambda: severity.answer_proposal(ticket=ticket, by=customer, agree=True, now=now),
        "refuse": lambda: severity.answer_proposal(
            ticket=ticket, by=customer, agree=False, now=now
        ),
    }
    try:
        if isinstance(act, tuple):
            severity.change(ticket=ticket, by=who[act[0]], to=act[1], reason="r", now=now)
        else:
            acts[act]()
    except ValidationError:
        pass


def replayed(row: Promise) -> Clock:
    """The clock from the ledger alone."""
    return ledger.clock(row)


def check(row: Promise) -> None:
    clock = replayed(row)
    assert (row.state, row.met_at, row.target_seconds) == (
        clock.state.value,
        clock.met_at,
        clock.terms.target_seconds,
    )
    assert row.started_at == clock.started_at
    noticed = list(row.facts.filter(kind="breached").values_list("at", flat=True))
    assert noticed == ([row.breached_at] if row.breached_at else []), "one fact for one breach"
    if clock.breached_at is not None:
        assert row.breached_at == clock.breached_at
    elif row.breached_at is not None:  # found by the engine, since the last fact
        assert row.breached_at == clock.due_at
    if row.is_open and row.breached_at is None:
        assert row.due_at == clock.due_at
    left = clock.remaining(clock.as_of) if row.state == "paused" else None
    assert row.remaining_seconds == left
    wakes = deadlines(f"promise/{row.pk}")
    if row.state == "running" and row.breached_at is None:
        assert row.due_at is not None
        assert wakes == [row.due_at + dt.timedelta(milliseconds=1)], "exactly one deadline"
    elif not row.is_open or row.breached_at is None:
        assert wakes == []
    else:
        assert len(wakes) <= 1, "one until the engine has heard of the breach"


def running(ticket: Ticket) -> dict[int, dt.datetime]:
    """When each running promise is due."""
    rows = Promise.objects.filter(ticket=ticket, state=Promise.State.RUNNING)
    return {row.pk: row.due_at for row in rows if row.due_at is not None}


def check_none_is_later(before: dict[int, dt.datetime], now: dict[int, dt.datetime]) -> None:
    for pk, due_at in before.items():
        assert pk in now, "staff's word alone neither ends nor stops a clock"
        assert now[pk] <= due_at


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.sampled_from(list(Severity)),
    st.lists(st.tuples(acts, gaps), max_size=14),
)
def test_the_ledger_replays_to_exactly_what_the_row_says(
    cast: SimpleNamespace, first: Severity, steps: list[tuple[Any, float]]
) -> None:
    minute: float = 0
    with transaction.atomic():
        ticket = factories.ticket(cast.developer, severity=first)
        for act, gap in steps:
            minute += gap
            before = running(ticket)
            play(cast, ticket, act, after(minute))
            if isinstance(act, tuple) and act[0] != "customer":
                check_none_is_later(before, running(ticket))
            for row in Promise.objects.filter(ticket=ticket):
                check(row)
        ticket.refresh_from_db()
        still_open = [row.kind for row in ticket.promises.all() if row.is_open]
        assert len(still_open) == len(set(still_open))
        assert bool(still_open) == ticket.is_unsolved
        transaction.set_rollback(True)
