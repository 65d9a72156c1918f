"""A file somebody attached."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, viewer: Viewer) -> AttachmentQuerySet:
        """Of readable entries; an unclaimed draft belongs to its uploader alone."""
        own_draft = Q(entry=None, uploader=viewer.user)
        if viewer.is_staff:
            return self.filter(Q(entry__isnull=False) | own_draft)
        return self.filter(
            Q(organization_id__in=viewer.organization_ids, internal=False),
            Q(entry__isnull=False) | own_draft,
        )


class Attachment(models.Model):
    """The name is what people see; the storage key is random and says nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, null=True)
    entry = models.ForeignKey(
        "tickets.Entry", models.CASCADE, null=True, related_name="attachments"
    )
    uploader = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=80, unique=True)
    internal = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.name
