"""An article answered a question before it became a ticket."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from accounts import access, events
from accounts.models import Organization
from accounts.viewer import Viewer
from knowledge.models import Article, Product
from tickets import texts
from tickets.models import Deflection, Ticket


@transaction.atomic
def answered(
    *,
    organization: Organization,
    article: Article,
    by: Viewer,
    now: dt.datetime,
    key: uuid.UUID,
    subject: str = "",
    product: Product | None = None,
) -> Deflection:
    """Somebody says that this article answered what they were about to ask.

    The same `key` again changes nothing. Whether it counts, time tells: see `Deflection`.
    """
    access.require(by, "ticket.open", organization.pk)
    if by.user is None:
        raise ValueError("A question is somebody's.")
    row, is_new = Deflection.objects.get_or_create(
        id=key,
        defaults={
            "organization": organization,
            "user": by.user,
            "article": article,
            "product": product,
            "subject": " ".join(subject.replace("\0", " ").split())[: texts.SUBJECT_LIMIT],
            "at": now,
        },
    )
    if is_new:
        events.record(
            verb="article.answered",
            subject=f"article/{article.pk}",
            by=by,
            at=now,
            organization_id=organization.pk,
            key=article.key,
        )
    return row


@transaction.atomic
def opened_anyway(*, deflection: uuid.UUID, ticket: Ticket, by: Viewer) -> None:
    """It did not answer it after all; the opening's own event tells of the ticket."""
    Deflection.objects.visible_to(by).filter(
        pk=deflection, organization=ticket.organization_id, user=by.user
    ).update(ticket=ticket)
