"""What to propose to an engineer: tickets of the same customer that may be the same problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from accounts.viewer import Viewer
from knowledge.search.words import words
from tickets.models import Join, Ticket
from tickets.same_problem import ENOUGH, WINDOW, Known, likeness

# Of one customer within a day: those of the same member, then the nearest in time.
LOOKED_AT: Final = 50
SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """`other` may be about the same; which of the two is kept follows from their age."""

    other: Ticket
    likeness: int
    keeps_this: bool


def proposals(ticket: Ticket, viewer: Viewer) -> list[Proposal]:
    """The likeliest first; nobody has said of them that they are not the same, nor split
    them again. One query.

    The older ticket is the one to keep, or the one that has parts already.
    """
    if not ticket.is_unsolved:
        return []
    pair = Q(kept=ticket, joined=OuterRef("pk")) | Q(joined=ticket, kept=OuterRef("pk"))
    told_apart = Join.objects.filter(pair).filter(Q(declined=True) | Q(ended_at__isnull=False))
    parts = Join.objects.filter(ended_at=None, declined=False)
    is_anothers = Case(When(reporter=ticket.reporter_id, then=0), default=1)
    opened, other_opened = Value(ticket.opened_at), F("opened_at")
    apart = Greatest(opened - other_opened, other_opened - opened)
    others: QuerySet[Any] = (
        Ticket.objects.visible_to(viewer)
        .unsolved()
        .filter(
            organization=ticket.organization_id,
            opened_at__range=(ticket.opened_at - WINDOW, ticket.opened_at + WINDOW),
        )
        .exclude(pk=ticket.pk)
        .exclude(Exists(told_apart))
        .select_related("organization", "product")
        .annotate(
            has_parts=Exists(parts.filter(kept=OuterRef("pk"))),
            this_has_parts=Exists(parts.filter(kept=ticket)),
        )
        .order_by(is_anothers, apart, "-pk")[:LOOKED_AT]
    )
    this = _known(ticket)
    found = [
        Proposal(other, likeness(this, _known(other)), _keeps_this(ticket, other))
        for other in others
        if not (other.has_parts and other.this_has_parts)
    ]
    likely = [proposal for proposal in found if proposal.likeness >= ENOUGH]
    return sorted(likely, key=lambda proposal: (-proposal.likeness, -proposal.other.pk))[:SHOWN]


def _keeps_this(ticket: Ticket, other: Any) -> bool:
    """`other` is annotated with which of the two has parts already."""
    return not other.has_parts and (other.this_has_parts or ticket.pk < other.pk)


def _known(ticket: Ticket) -> Known:
    return Known(
        ticket.reporter_id,
        ticket.product_id,
        ticket.channel,
        ticket.opened_at,
        frozenset(words(ticket.subject)),
    )
