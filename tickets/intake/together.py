"""Settle several mails in one transaction, which costs little more than settling one.

It is for what most mails do: write in a ticket, or open one. Each is of another Message-ID and
another ticket; none is urgent, none has many files. Files are stored before anything is locked
that others may want. All of them happen or none does; then, as with any other mail, each is
settled by itself, which shows whose fault it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

import structlog

from accounts import agenda, rows
from accounts.models import Event
from accounts.tenancy import DatabaseRole, acting_as
from tickets import lifecycle
from tickets.intake import acting, taking, understanding
from tickets.intake.letter import Letter
from tickets.intake.people import Around, Known
from tickets.intake.routing import Decision
from tickets.models import (
    Entry,
    Follower,
    Inbound,
    Promise,
    PromiseFact,
    SeverityChange,
    Ticket,
)
from tickets.models.ticket import Severity

Outcome = Inbound.Outcome
Mail = tuple[Inbound, Letter]
FEW_FILES: Final = 3

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Chosen:
    row: Inbound
    letter: Letter
    decision: Decision
    sender: Known


def settle(mails: Sequence[Mail], around: Around) -> list[Mail]:
    """Settle those of the claimed mails that can be, and give back the others, in their order."""
    if len(mails) < 2:
        return list(mails)
    settled: set[object] = set()
    try:
        with acting_as(DatabaseRole.ENGINE) as now:
            chosen = _choose(mails, around)
            twins = taking.take_all([(one.row, one.letter) for one in chosen]) if chosen else {}
            chosen = [one for one in chosen if twins.get(one.row.pk) == []]
            kept = [acting.keep(one.letter, one.decision, one.sender, now=now) for one in chosen]
            replied = [one.decision.ticket.pk for one in chosen if one.decision.ticket]
            with lifecycle.locked_together(replied), agenda.together(), _written_together():
                for one, taken in zip(chosen, kept, strict=True):
                    acting.act(
                        one.row, one.letter, one.decision, one.sender, None, taken=taken, now=now
                    )
            taking.finish([one.row for one in chosen], now=now)
        settled = {one.row.pk for one in chosen}
        for one in chosen:
            around.recent[one.letter.sender] += 1
    except Exception as problem:  # nothing has happened
        log.info("mails are settled one by one", count=len(mails), reason=repr(problem)[:200])
    return [mail for mail in mails if mail[0].pk not in settled]


def _written_together() -> AbstractContextManager[None]:
    """What these verbs write and none of them reads; a row after those it names."""
    named = (Entry, Promise, Event)
    last = (PromiseFact, SeverityChange, Follower)
    return rows.together(*named, *last, named=named, updated=(Ticket,))


def _choose(mails: Sequence[Mail], around: Around) -> list[_Chosen]:
    """Which mails are settled together, in the order in which they lock.

    Of several about one ticket only the first is, and that only if none before it is left:
    what was written first stands first.
    """
    chosen: list[_Chosen] = []
    sent: Counter[str] = Counter()
    taken: set[object] = set()  # Message-IDs and tickets
    for row, letter in mails:
        before = around.recent[letter.sender] + sent[letter.sender]
        _subject, decision = understanding.decided(letter, around, sent=before)
        names: set[object] = {letter.mail.message_id}
        if decision.ticket:
            names.add(decision.ticket.pk)
        if not names & taken and _is_plain(row, letter, decision, around):
            chosen.append(_Chosen(row, letter, decision, around.known[letter.sender]))
            sent[letter.sender] += 1
        taken |= names
    return sorted(chosen, key=_lock) if len(chosen) > 1 else []


def _is_plain(row: Inbound, letter: Letter, decision: Decision, around: Around) -> bool:
    """Whether it opens a ticket or writes in one, and does nothing else and nothing urgent."""
    return (
        decision.outcome in (Outcome.OPENED, Outcome.REPLIED)
        and decision.severity != Severity.URGENT
        and letter.sender not in around.bounced
        and len(letter.mail.attachments) <= FEW_FILES
        and bool(letter.mail.message_id)
        and not row.is_urgent
        and "too_large" not in row.envelope
    )


def _lock(one: _Chosen) -> tuple[bool, int]:
    """Who writes in a ticket has locked it; who opens one locks the organization, the latest."""
    ticket, organization = one.decision.ticket, one.decision.organization
    if ticket is not None:
        return False, ticket.pk
    return True, organization.pk if organization else 0
