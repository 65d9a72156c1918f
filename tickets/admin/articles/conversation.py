"""The conversation an article was written from, to stand beside it."""

from __future__ import annotations

from accounts.viewer import Viewer
from knowledge.models import Article
from tickets.masked_conversation import MaskedConversation, masked_conversation
from tickets.models import TicketArticle


def conversation_beside(viewer: Viewer, article: Article) -> MaskedConversation | None:
    """Of the ticket the article was last linked to by hand; None without one."""
    link = (
        TicketArticle.objects.visible_to(viewer)
        .filter(article=article, source=TicketArticle.Source.HAND)
        .select_related("ticket__organization")
        .order_by("-at", "-pk")
        .first()
    )
    return masked_conversation(viewer, link.ticket) if link else None
