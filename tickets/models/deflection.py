"""Tickets that were not opened because an article answered the question."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Final

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q

from tickets.models.ticket import Ticket

if TYPE_CHECKING:
    from accounts.viewer import Viewer

PERIOD: Final = dt.timedelta(hours=24)


class DeflectionQuerySet(models.QuerySet["Deflection"]):
    def visible_to(self, viewer: Viewer) -> DeflectionQuerySet:
        """Customers see their own only."""
        if viewer.is_staff:
            return self
        return self.filter(organization_id__in=viewer.organization_ids, user=viewer.user)

    def counted(self, now: dt.datetime) -> DeflectionQuerySet:
        """Those that may be counted: 24 hours old, and no ticket about the same followed.

        One person and one article count once within that time, however often they say it.
        About the same is any ticket the writer opened in the organization within those 24
        hours, unless both name a product and it is another: so the figure is never too high.
        """
        followed = Ticket.objects.filter(
            organization=OuterRef("organization"),
            reporter=OuterRef("user"),
            opened_at__gte=OuterRef("at"),
            opened_at__lte=OuterRef("until"),
        )
        same = followed.filter(Q(product=None) | Q(product=OuterRef("product")))
        unknown = Q(product=None) & Exists(followed)
        earlier = Deflection.objects.filter(
            Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk")),
            user=OuterRef("user"),
            article=OuterRef("article"),
            at__gt=ExpressionWrapper(OuterRef("at") - PERIOD, models.DateTimeField()),
        )
        return self.annotate(
            until=ExpressionWrapper(F("at") + PERIOD, output_field=models.DateTimeField())
        ).filter(~Exists(same), ~unknown, ~Exists(earlier), ticket=None, at__lte=now - PERIOD)


class Deflection(models.Model):
    """Somebody said of an article, over a half-written ticket: this answered it.

    A suggestion that was only seen is none. `subject` is what they had written above their
    text. `ticket` is the one they opened all the same, from the page that thanked them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    article = models.ForeignKey("knowledge.Article", models.CASCADE, related_name="deflections")
    product = models.ForeignKey("knowledge.Product", models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=200, blank=True)
    ticket = models.ForeignKey("tickets.Ticket", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = DeflectionQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["article", "at"], name="deflection_of_article")]

    def __str__(self) -> str:
        return self.subject
