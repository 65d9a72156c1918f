"""Articles that belong to a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models import Article

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class TicketArticleQuerySet(models.QuerySet["TicketArticle"]):
    def visible_to(self, viewer: Viewer) -> TicketArticleQuerySet:
        """A customer does not even learn that an article they may not read is linked."""
        if viewer.is_staff:
            return self
        return self.filter(
            organization_id__in=viewer.organization_ids,
            article__in=Article.objects.visible_to(viewer),
        )


class TicketArticle(models.Model):
    """An article linked to a ticket, once. `entry` is the reply it stands in."""

    class Source(models.TextChoices):
        REPLY = "reply", _("in a reply")
        FROM_HERE = "from-here", _("the ticket was opened from it")
        HAND = "hand", _("by hand")

    organization = models.ForeignKey("accounts.Organization", models.PROTECT, related_name="+")
    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, related_name="article_links", verbose_name=_("ticket")
    )
    article = models.ForeignKey(
        "knowledge.Article", models.CASCADE, related_name="ticket_links", verbose_name=_("article")
    )
    entry = models.ForeignKey("tickets.Entry", models.CASCADE, null=True, related_name="+")
    source = models.CharField(max_length=9, choices=Source.choices)
    by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    objects = TicketArticleQuerySet.as_manager()

    class Meta:
        ordering = ["ticket", "at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "article"], name="link_an_article_once")
        ]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.ticket_id}"
