"""Of those an event concerns, who wants a mail about it: each kind of letter and its choice.

What is in no choice always comes: that a ticket has arrived, and whatever goes to engineers.
"""

from __future__ import annotations

from typing import Final

from accounts import mail_choices
from accounts.mail_choices import MailKind
from accounts.models import User
from portal.recipients import Case
from tickets.models import Chat

_KINDS: Final = {
    "state": MailKind.STATE,
    "severity": MailKind.STATE,
    "joined": MailKind.STATE,
    "agreed_date": MailKind.STATE,
    "promise_warning": MailKind.PROMISE,
    "promise_broken": MailKind.PROMISE,
    "chat_unread": MailKind.CHAT,
}


def those_who_want(letter: str, case: Case, people: list[User]) -> list[User]:
    """In the same order. An answer in a chat that goes on is one in a chat for its visitor."""
    customers = [person for person in people if not person.is_staff]
    if not customers or (letter != "reply" and letter not in _KINDS):
        return people
    visitors = _visitors(case) if letter == "reply" else set()
    return [
        person
        for person in people
        if person.is_staff or mail_choices.wants(person, _kind(letter, case, person, visitors))
    ]


def _kind(letter: str, case: Case, person: User, visitors: set[int]) -> MailKind:
    if letter != "reply":
        return _KINDS[letter]
    if person.pk in visitors:
        return MailKind.CHAT
    return MailKind.OWN if person.pk == case.ticket.reporter_id else MailKind.FOLLOWED


def _visitors(case: Case) -> set[int]:
    rows = Chat.objects.filter(ticket=case.ticket, ended_at=None)
    return set(rows.values_list("visitor_id", flat=True))
