"""What readers searched for, and what they opened of it: for the list of gaps."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.languages import Language

LONGEST_TEXT = 200  # characters kept of a query


class SearchRecord(models.Model):
    """One search by somebody who is no member of staff. Customers add rows and read none.

    `organization` is empty for a visitor; who it was is never noted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, null=True, related_name="+"
    )
    text = models.CharField(_("searched for"), max_length=LONGEST_TEXT)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    product = models.CharField(max_length=20, blank=True, default="")
    hits = models.PositiveIntegerField(_("hits"))
    at = models.DateTimeField(_("searched"))

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        ordering = ["-at"]
        indexes = [models.Index(fields=["at"], name="search_record_at")]

    def __str__(self) -> str:
        return self.text


class SearchClick(models.Model):
    """A hit that was opened, once for each search; `target` names it ("error:12")."""

    id = models.UUIDField(primary_key=True, editable=False)
    search = models.ForeignKey(SearchRecord, models.CASCADE, related_name="clicks")
    article = models.ForeignKey(
        "knowledge.Article", models.CASCADE, null=True, related_name="search_clicks"
    )
    target = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.target
