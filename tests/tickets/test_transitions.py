"""The state machine: every action in every state, through the verbs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Event, User
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import (
    agreed_dates,
    calling_help,
    handover,
    lifecycle,
    ownership,
    severity,
    transitions,
)
from tickets.models import Ticket
from tickets.models.ticket import Severity, State

pytestmark = pytest.mark.django_db
Act = Callable[[Ticket, Viewer, Viewer], object]

# Columns: what becomes of a ticket that is new, open, waiting, resolved, closed ("" refused).
TABLE = """
customer_reply    new       open      open      open      -
staff_reply       open      open      open      resolved  -
ask_customer      waiting   waiting   waiting   -         -
customer_resolve  resolved  resolved  resolved  -         -
staff_resolve     -         resolved  resolved  -         -
customer_close    closed    closed    closed    closed    -
staff_close       -         -         -         closed    -
reopen            -         -         -         open      open
note              new       open      waiting   resolved  closed
assign            new       open      waiting   resolved  -
raise_severity    new       open      open      -         -
change_severity   new       open      waiting   -         -
agree_date        new       open      waiting   -         -
escalate          new       open      waiting   -         -
hand_over         -         open      waiting   -         -
edit_facts        new       open      waiting   resolved  -
"""
STATES = [state for state in State.values if state != State.JOINED]
CASES = [
    (action, before, after)
    for action, *afters in (line.split() for line in TABLE.strip().splitlines())
    for before, after in zip(STATES, afters, strict=True)
]
ACTS: dict[str, Act] = {
    "customer_reply": lambda t, c, s: lifecycle.reply(ticket=t, by=c, body="b", now=NOON),
    "staff_reply": lambda t, c, s: lifecycle.reply(ticket=t, by=s, body="b", now=NOON),
    "ask_customer": lambda t, c, s: lifecycle.reply(
        ticket=t, by=s, body="b", ask_customer=True, now=NOON
    ),
    "customer_resolve": lambda t, c, s: lifecycle.resolve(ticket=t, by=c, now=NOON),
    "staff_resolve": lambda t, c, s: lifecycle.resolve(ticket=t, by=s, now=NOON),
    "customer_close": lambda t, c, s: lifecycle.close(ticket=t, by=c, now=NOON),
    "staff_close": lambda t, c, s: lifecycle.close(ticket=t, by=s, now=NOON),
    "reopen": lambda t, c, s: lifecycle.reopen(ticket=t, by=c, now=NOON),
    "note": lambda t, c, s: lifecycle.add_note(ticket=t, by=s, body="b", now=NOON),
    "assign": lambda t, c, s: ownership.assign(ticket=t, by=s, owner=s.user, now=NOON),
    "raise_severity": lambda t, c, s: severity.change(
        ticket=t, by=c, to=Severity.URGENT, reason="", now=NOON
    ),
    "change_severity": lambda t, c, s: severity.change(
        ticket=t, by=s, to=Severity.URGENT, reason="", now=NOON
    ),
    "agree_date": lambda t, c, s: agreed_dates.agree(
        ticket=t, by=s, until=NOON + dt.timedelta(days=1), reason="r", now=NOON
    ),
    "escalate": lambda t, c, s: calling_help.ring_by_hand(ticket=t, by=s, now=NOON),
    "hand_over": lambda t, c, s: handover.propose(
        ticket=t, by=s, to=User.objects.get(name="Li Wei"), note="", now=NOON
    ),
    "edit_facts": lambda t, c, s: lifecycle.edit_facts(
        ticket=t,
        by=c,
        now=NOON,
        product=None,
        platform="ios",
        sdk_version="5.2",
        environment="production",
    ),
}
WAYS: dict[str, list[str]] = {
    "new": [],
    "open": ["staff_reply"],
    "waiting": ["ask_customer"],
    "resolved": ["staff_reply", "customer_resolve"],
    "closed": ["staff_reply", "customer_close"],
}


@pytest.fixture
def viewers(cast: SimpleNamespace) -> tuple[Viewer, Viewer]:
    return Viewer.of(cast.developer), Viewer.of(cast.engineer)


def ticket_in(state: str, cast: SimpleNamespace, viewers: tuple[Viewer, Viewer]) -> Ticket:
    ticket = factories.ticket(cast.developer)
    for action in WAYS[state]:
        ACTS[action](ticket, *viewers)
    ticket.refresh_from_db()
    assert ticket.state == state
    return ticket


@pytest.mark.parametrize(("action", "before", "after"), CASES)
def test_what_an_action_does_in_a_state(
    cast: SimpleNamespace, viewers: tuple[Viewer, Viewer], action: str, before: str, after: str
) -> None:
    ticket = ticket_in(before, cast, viewers)
    events = Event.objects.count()
    if after != "-":
        ACTS[action](ticket, *viewers)
        ticket.refresh_from_db()
        assert ticket.state == after
        assert Event.objects.count() > events
        return
    with pytest.raises(ValidationError) as caught:
        ACTS[action](ticket, *viewers)
    sentence = caught.value.messages[0]
    assert sentence.endswith(".")
    assert " " in sentence
    ticket.refresh_from_db()
    assert (ticket.state, Event.objects.count()) == (before, events), "nothing else happened"


def test_the_table_above_knows_every_action() -> None:
    both = {"resolve", "close"}
    played = {action.removeprefix("customer_").removeprefix("staff_") for action in ACTS} & both
    assert (set(ACTS) & set(transitions.TRANSITIONS)) | played == set(transitions.TRANSITIONS)


def test_an_unknown_action_is_a_mistake_of_ours_and_no_sentence_for_people() -> None:
    with pytest.raises(KeyError):
        transitions.next_state(Ticket(state=State.NEW), "vanish")


def test_a_refusal_says_what_can_be_done_instead() -> None:
    with pytest.raises(ValidationError, match="closed. Reopen it first") as caught:
        transitions.next_state(Ticket(state=State.CLOSED), "customer_reply")
    assert caught.value.code == "wrong_state"
    with pytest.raises(ValidationError, match="while the ticket is “Closed”"):
        transitions.next_state(Ticket(state=State.CLOSED), "close")


@pytest.mark.parametrize("action", transitions.TRANSITIONS)
def test_nothing_happens_to_a_ticket_that_is_part_of_another(action: str) -> None:
    with pytest.raises(ValidationError, match="part of another"):
        transitions.next_state(Ticket(state=State.JOINED), action)
