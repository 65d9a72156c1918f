"""The state machine of a ticket, in one table."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tickets.models.ticket import State, Ticket

NEW, OPEN, WAITING, RESOLVED, CLOSED = (
    State.NEW,
    State.OPEN,
    State.WAITING,
    State.RESOLVED,
    State.CLOSED,
)

TRANSITIONS: Final[dict[str, dict[State, State]]] = {
    # action            state before -> state after
    "customer_reply": {NEW: NEW, OPEN: OPEN, WAITING: OPEN, RESOLVED: OPEN},
    "staff_reply": {NEW: OPEN, OPEN: OPEN, WAITING: OPEN, RESOLVED: RESOLVED},
    "ask_customer": {NEW: WAITING, OPEN: WAITING, WAITING: WAITING},
    "resolve": {NEW: RESOLVED, OPEN: RESOLVED, WAITING: RESOLVED},
    "close": {NEW: CLOSED, OPEN: CLOSED, WAITING: CLOSED, RESOLVED: CLOSED},
    "reopen": {RESOLVED: OPEN, CLOSED: OPEN},
    "note": {NEW: NEW, OPEN: OPEN, WAITING: WAITING, RESOLVED: RESOLVED, CLOSED: CLOSED},
    "assign": {NEW: NEW, OPEN: OPEN, WAITING: WAITING, RESOLVED: RESOLVED},
    "raise_severity": {NEW: NEW, OPEN: OPEN, WAITING: OPEN},  # by the customer, who is heard from
    "change_severity": {NEW: NEW, OPEN: OPEN, WAITING: WAITING},
    "agree_date": {NEW: NEW, OPEN: OPEN, WAITING: WAITING},
    "escalate": {NEW: NEW, OPEN: OPEN, WAITING: WAITING},
    "hand_over": {NEW: NEW, OPEN: OPEN, WAITING: WAITING},
    "edit_facts": {NEW: NEW, OPEN: OPEN, WAITING: WAITING, RESOLVED: RESOLVED},
}


def allowed(ticket: Ticket, action: str) -> bool:
    return State(ticket.state) in TRANSITIONS[action]


def next_state(ticket: Ticket, action: str) -> State:
    """The state after `action`; raises `ValidationError` with a sentence for people."""
    after = TRANSITIONS[action].get(State(ticket.state))
    if after is None:
        raise ValidationError(_explain(ticket, action), code="wrong_state")
    return after


def _explain(ticket: Ticket, action: str) -> str:
    if ticket.state == State.JOINED:
        return _("This ticket has become part of another one. Go on there.")
    if ticket.state == CLOSED and action != "close":
        return _("This ticket is closed. Reopen it first.")
    state = State(ticket.state).label
    return _("This is not possible while the ticket is “%(state)s”.") % {"state": state}
