"""Tickets that were answered without an article: what was said there helps nobody else yet."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.viewer import Viewer
from knowledge.gaps import ASKED_SINCE
from knowledge.models import Product
from tickets.joining import STANDING
from tickets.models import Entry, Join, Ticket, TicketArticle
from tickets.models.ticket import State


def answered_without(
    viewer: Viewer, product: Product | None, now: dt.datetime, limit: int
) -> list[Any]:
    """Tickets solved of late after an answer of ours, with no article linked; newest first.

    One query for at most `limit` and one more, which says that there are others.
    """
    answers = Entry.objects.filter(ticket=OuterRef("pk"), kind=Entry.Kind.REPLY, by_staff=True)
    tickets = (
        Ticket.objects.visible_to(viewer)
        .filter(state__in=[State.RESOLVED, State.CLOSED], resolved_at__gte=now - ASKED_SINCE)
        .filter(Exists(answers))
        .exclude(Exists(TicketArticle.objects.filter(ticket=OuterRef("pk"))))
        .exclude(Exists(Join.objects.filter(joined=OuterRef("pk"), **STANDING)))
    )
    if product:
        tickets = tickets.filter(product=product)
    found = tickets.select_related("organization", "product").order_by("-resolved_at", "-pk")
    return list(found[: limit + 1])
