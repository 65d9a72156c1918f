"""Members find their own tickets by words, as they find articles.

Subject and what is written for both sides; internal notes never. No index of its own: one
organization's tickets are few enough to look through, newest first and at most so many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from django.utils.safestring import SafeString

from accounts.viewer import Viewer
from knowledge.search import weighing
from knowledge.search.snippets import marked, snippet
from knowledge.search.words import normalized, words
from tickets.models import Entry, Ticket

LONGEST: Final = 1_000  # characters of a question that are read
MOST_WORDS: Final = 12
MOST_TICKETS: Final = 1_000  # of the reader's organizations that are looked through
_MOST_FITTING: Final = 200
_READ: Final = 4_000  # characters of a message
_SUBJECT: Final = 3  # a word in the subject counts as often
_USUAL_LENGTH: Final = 200.0  # words of a ticket

_FITTING: Final = """
with mine as materialized (
    select id, subject from tickets_ticket where id in ({tickets}) order by id desc limit {most}
)
select m.id, m.subject, coalesce(string_agg(left(e.body, {read}), E'\\n' order by e.at), '')
from mine m left join tickets_entry e
    on e.ticket_id = m.id and e.id in ({entries}) and e.body ilike any(%(patterns)s::text[])
group by m.id, m.subject
having m.subject ilike any(%(patterns)s::text[]) or count(e.id) > 0
order by m.id desc limit {fitting}
"""


@dataclass(frozen=True, slots=True)
class TicketHit:
    """`title` and `snippet` are HTML with what was asked for marked."""

    ticket: Ticket
    title: SafeString
    snippet: SafeString
    score: float


def find_tickets(query: str, *, viewer: Viewer, limit: int = 5) -> list[TicketHit]:
    """The best of the tickets of the reader's organizations; none for staff, who have a queue.

    Must run in a transaction as the reader's own role, as `knowledge.search.find`.
    """
    if viewer.is_staff or not viewer.organization_ids:
        return []
    asked = list(dict.fromkeys(words(query[:LONGEST])))[:MOST_WORDS]
    if not asked:
        return []
    rows = _fitting(asked, viewer)
    counted = [(pk, f"{subject} " * _SUBJECT + body, subject, body) for pk, subject, body in rows]
    held = [(pk, words(text), subject, body) for pk, text, subject, body in counted]
    spread = {word: sum(word in there for _pk, there, *_ in held) for word in asked}
    weights = {word: weighing.rarity(spread[word], max(len(held), 1)) for word in asked}
    scored = []
    for pk, there, subject, body in held:
        score = sum(
            weights[word] * weighing.impact(there.count(word), len(there), _USUAL_LENGTH)
            for word in asked
        )
        if score > 0:
            scored.append((score, pk, subject, body))
    best = sorted(scored, key=lambda row: (-row[0], -row[1]))[:limit]
    tickets = (
        Ticket.objects.visible_to(viewer)
        .select_related("organization", "product")
        .in_bulk([pk for _score, pk, *_ in best])
    )
    return [
        TicketHit(tickets[pk], marked(subject, weights), snippet(normalized(body), weights), score)
        for score, pk, subject, body in best
        if pk in tickets
    ]


def _fitting(asked: list[str], viewer: Viewer) -> list[Any]:
    """Tickets that hold at least one of the words, newest first, with what holds them."""
    tickets, ticket_values = (
        Ticket.objects.visible_to(viewer).order_by().values("pk").query.sql_with_params()
    )
    entries, entry_values = (
        Entry.objects.visible_to(viewer).order_by().values("pk").query.sql_with_params()
    )
    named = {f"t{number}": value for number, value in enumerate(ticket_values)}
    named |= {f"e{number}": value for number, value in enumerate(entry_values)}
    statement = _FITTING.format(
        tickets=tickets % tuple(f"%(t{number})s" for number in range(len(ticket_values))),
        entries=entries % tuple(f"%(e{number})s" for number in range(len(entry_values))),
        most=MOST_TICKETS,
        read=_READ,
        fitting=_MOST_FITTING,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**named, "patterns": [_pattern(word) for word in asked]})
        return list(cursor.fetchall())


def _pattern(word: str) -> str:
    """Every text that holds a form of the word: where the plural has "ies", "y" is its stem's."""
    if word.endswith("y") and len(word) > 3:
        word = word[:-1]
    for special in "\\%_":
        word = word.replace(special, f"\\{special}")
    return f"%{word}%"
