"""What can happen to a ticket: opened, answered, resolved, closed, reopened.

Every change to a ticket goes through a verb here or in its neighbours (`severity`,
`ownership`, `escalation`). Each is atomic, checks role and state, writes, and records one
event. `now` is the transaction's instant (UTC), from the database's clock.
"""

from tickets.lifecycle.ending import close, resolve
from tickets.lifecycle.entries import add_note, write
from tickets.lifecycle.facts import edit_facts
from tickets.lifecycle.opening import open_ticket
from tickets.lifecycle.record import locked, locked_by_key, locked_together, locked_where
from tickets.lifecycle.reopening import reopen
from tickets.lifecycle.replying import reply

__all__ = [
    "add_note",
    "close",
    "edit_facts",
    "locked",
    "locked_by_key",
    "locked_together",
    "locked_where",
    "open_ticket",
    "reopen",
    "reply",
    "resolve",
    "write",
]
