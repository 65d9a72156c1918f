"""What readers say an article did for them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models.translation import Translation

LONGEST_WORDS = 2000  # characters


class ArticleFeedback(models.Model):
    """One answer of one reader to "did this help?"; never changed, and read by staff only.

    `reader` is a digest that tells readers apart and says of nobody who they are; visitors are
    welcome. `organization` is the customer the reader belongs to, if any. `revision` is the
    number of the text they had read. The key is made here, because who may only add rows could
    not read back one made by the database.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    translation = models.ForeignKey(Translation, models.CASCADE, related_name="feedback")
    revision = models.PositiveIntegerField(_("revision"))
    helped = models.BooleanField(_("helped"))
    words = models.CharField(_("words"), max_length=LONGEST_WORDS, blank=True, default="")
    reader = models.CharField(max_length=64)
    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "reader"], name="one_feedback_a_reader_of_a_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.translation_id} {'+' if self.helped else '-'}"
