"""What to propose to an engineer: tickets of the same customer that may be the same problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.viewer import Viewer
from knowledge.search.words import words
from tickets.models import Join, Ticket
from tickets.same_problem import ENOUGH, WINDOW, Known, likeness

LOOKED_AT: Final = 50  # of one customer within a day; the nearest in time
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
        .order_by("-pk")[:LOOKED_AT]
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
