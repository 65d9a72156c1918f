"""What is on record of the year, by ticket, read once: rows alone, nothing is reckoned here."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from accounts.models import Event
from tickets.models import Entry, Escalation, Handover, Holding, Page, SeverityChange, Ticket
from tickets.models.ticket import UNSOLVED

AT_MOST: Final = dt.timedelta(seconds=60)
_IN_FORCE: Final = ("applied", "agreed", "decided")
_ENDINGS: Final = ("ticket.resolved", "ticket.closed")


@dataclass
class Record:
    """Lists are in the order of time; instants in UTC."""

    names: dict[int, str]
    is_unsolved: dict[int, bool]
    severities: dict[int, list[tuple[dt.datetime, str]]]
    urgent_at: dict[int, list[dt.datetime]]
    solved: dict[int, list[dt.datetime]]
    woken: dict[int, list[dt.datetime]]
    answers: dict[int, list[dt.datetime]]
    words: dict[int, list[dt.datetime]]
    ladders: dict[int, list[Escalation]]
    pages: dict[int, list[Page]]
    holders: dict[int, list[tuple[dt.datetime, int | None]]]
    handovers: dict[int, list[Handover]]
    askers: dict[int, list[tuple[dt.datetime, int | None]]]

    def severity(self, ticket: int, at: dt.datetime) -> str:
        """What it was graded as from that instant on."""
        rows = self.severities[ticket]
        return rows[max(0, bisect_right(rows, (at, "~")) - 1)][1]

    def holder(self, ticket: int, at: dt.datetime) -> int | None:
        rows = [person for since, person in self.holders[ticket] if since <= at]
        return rows[-1] if rows else None

    def is_open(self, ticket: int, at: dt.datetime) -> bool:
        """Whether it was unsolved at that instant."""
        solved = [one for one in self.solved[ticket] if one <= at]
        woken = [one for one in self.woken[ticket] if one <= at]
        return not solved or bool(woken) and woken[-1] > solved[-1]

    def is_over(self, ticket: int, at: dt.datetime, grades: Iterable[str]) -> bool:
        """Whether within a minute it was solved, answered, or not of these grades any more."""
        until = at + AT_MOST
        if any(at <= one <= until for one in (*self.solved[ticket], *self.answers[ticket])):
            return True
        wanted = set(grades)
        return any(
            at <= since <= until and grade not in wanted for since, grade in self.severities[ticket]
        )

    def rings(self, ticket: int, at: dt.datetime) -> bool:
        """Whether within a minute somebody is rung, by a ladder that was under way or begins."""
        return any(
            one.started_at <= at + AT_MOST
            and (one.ended_at is None or one.ended_at > at)
            and any(page.escalation_id == one.pk for page in self.pages[ticket])
            for one in self.ladders[ticket]
        )


def read() -> Record:
    tickets = list(Ticket.objects.select_related("organization").order_by("pk"))
    severities, urgent_at = _gradings()
    woken = [
        *_events(["ticket.reopened"]),
        *_events(["ticket.replied"], data__before="resolved", data__after="open"),
    ]
    for ticket, at in sorted(woken):
        _also_urgent(urgent_at, severities, ticket, at)
    staff = Entry.objects.filter(by_staff=True).order_by("at")
    return Record(
        names={one.pk: str(one) for one in tickets},
        is_unsolved={one.pk: one.state in UNSOLVED for one in tickets},
        severities=severities,
        urgent_at=urgent_at,
        solved=_grouped(_events(_ENDINGS)),
        woken=_grouped(sorted(woken)),
        answers=_grouped(staff.filter(kind="reply").values_list("ticket_id", "at")),
        words=_grouped(staff.values_list("ticket_id", "at")),
        ladders=_of_ticket(Escalation.objects.order_by("pk")),
        pages=_of_ticket(Page.objects.order_by("rung_at", "step")),
        holders=_pairs(
            Holding.objects.order_by("since", "pk").values_list("ticket_id", "since", "person_id")
        ),
        handovers=_of_ticket(Handover.objects.select_related("roster").order_by("pk")),
        askers=_pairs(_events(["escalation.raised"], "actor_id")),
    )


def _gradings() -> tuple[dict[int, list[tuple[dt.datetime, str]]], dict[int, list[dt.datetime]]]:
    severities, urgent_at = defaultdict(list), defaultdict(list)
    for row in SeverityChange.objects.filter(outcome__in=_IN_FORCE):
        at = row.answered_at if row.outcome == "agreed" else row.at
        if at is None:
            continue
        severities[row.ticket_id].append((at, row.after))
        if row.after == "urgent":
            urgent_at[row.ticket_id].append(at)
    for rows in severities.values():
        rows.sort()
    return severities, urgent_at


def _also_urgent(
    urgent_at: dict[int, list[dt.datetime]],
    severities: dict[int, list[tuple[dt.datetime, str]]],
    ticket: int,
    at: dt.datetime,
) -> None:
    """A ticket taken up again rings if it is urgent then."""
    graded = [grade for since, grade in severities[ticket] if since <= at]
    if graded and graded[-1] == "urgent":
        urgent_at[ticket].append(at)


def _events(verbs: Iterable[str], *more: str, **where: Any) -> list[tuple[Any, ...]]:
    """(ticket, at, and `more` columns) of these events, oldest first."""
    found = Event.objects.filter(verb__in=list(verbs), **where).order_by("at", "pk")
    return [
        (int(subject.partition("/")[2]), *rest)
        for subject, *rest in found.values_list("subject", "at", *more)
    ]


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for ticket, at in rows:
        found[ticket].append(at)
    return found


def _pairs(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for ticket, at, what in rows:
        found[ticket].append((at, what))
    return found


def _of_ticket(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.ticket_id].append(row)
    return found
