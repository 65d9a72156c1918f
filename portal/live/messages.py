"""What is heard from the database and what is said to the browser."""

from __future__ import annotations

import json
from dataclasses import dataclass

RETRY = b"retry: 1000\n\n"  # milliseconds until a browser whose stream broke tries again
KEEP_ALIVE = b":\n\n"
BYE = b"event: bye\ndata: {}\n\n"


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the event log, as far as a listener may be told of it.

    `ticket` is None when the event is about anything else: all of a page may have changed.
    """

    id: int
    organization: int | None
    ticket: int | None
    internal: bool


@dataclass(frozen=True, slots=True)
class Hint:
    """What is no event: the chat of a ticket changed, or `person` is typing in it.

    With `staff_only` the person is an engineer who writes a reply to the ticket.
    """

    organization: int
    ticket: int
    person: int | None
    staff_only: bool = False


def hinted(payload: str) -> Hint:
    """Read what `tickets.chats.hints` sends; ValueError when it is anything else."""
    try:
        told = json.loads(payload)
        person = told.get("person")
        return Hint(
            organization=int(told["organization"]),
            ticket=int(told["ticket"]),
            person=None if person is None else int(person),
            staff_only=bool(told.get("staff_only")),
        )
    except (AttributeError, KeyError, TypeError) as problem:
        raise ValueError(f"not a hint: {payload[:200]!r}") from problem


def heard(payload: str) -> Event:
    """Read what the trigger on the event log sends; ValueError when it is anything else."""
    try:
        told = json.loads(payload)
        organization = told["organization"]
        return Event(
            id=int(told["id"]),
            organization=None if organization is None else int(organization),
            ticket=ticket_of(str(told["subject"])),
            internal=bool(told["internal"]),
        )
    except (KeyError, TypeError) as problem:
        raise ValueError(f"not an event: {payload[:200]!r}") from problem


def ticket_of(subject: str) -> int | None:
    """Return 7 for "ticket/7", None for everything else."""
    kind, _slash, number = subject.partition("/")
    return int(number) if kind == "ticket" and number.isdecimal() else None


def change(ticket: int | None, event: int | None, *, resume: bool) -> bytes:
    """One message; without a ticket it means "fetch everything again".

    With `resume` the browser takes the event's id as the place to go on from.
    """
    data: dict[str, int | None] = {"ticket": ticket}
    if event is not None:
        data["event"] = event
    place = f"id: {event}\n" if resume and event is not None else ""
    return f"event: change\n{place}data: {json.dumps(data)}\n\n".encode()


def typing(ticket: int, person: int, *, staff_only: bool) -> bytes:
    """Somebody types; whoever does not know the name behind the number shows none."""
    name = "replying" if staff_only else "typing"
    return f"event: {name}\ndata: {json.dumps({'ticket': ticket, 'person': person})}\n\n".encode()
