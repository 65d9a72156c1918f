"""What an SDK reports when something fails."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from knowledge.languages import in_language_of_page
from knowledge.models.platform import Platform


class ErrorCode(models.Model):
    """Known by product, platform and number or name: a number alone means different things."""

    product = models.ForeignKey(
        "knowledge.Product", models.PROTECT, related_name="error_codes", verbose_name=_("product")
    )
    platform = models.CharField(
        _("platform"), max_length=12, choices=Platform.choices, blank=True, default=""
    )
    number = models.IntegerField(_("number"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=80, blank=True, default="")
    meaning_en = models.CharField(_("meaning, English"), max_length=300, blank=True)
    meaning_zh = models.CharField(_("meaning, Chinese"), max_length=300, blank=True)
    cause_en = models.TextField(_("cause, English"), max_length=2000, blank=True)
    cause_zh = models.TextField(_("cause, Chinese"), max_length=2000, blank=True)
    remedy_en = models.TextField(_("remedy, English"), max_length=2000, blank=True)
    remedy_zh = models.TextField(_("remedy, Chinese"), max_length=2000, blank=True)
    article = models.ForeignKey(
        "knowledge.Article",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="error_codes",
        verbose_name=_("article"),
    )

    class Meta:
        verbose_name = _("error code")
        verbose_name_plural = _("error codes")
        ordering = ["product", "number", "name", "platform"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "platform", "number"],
                condition=Q(number__isnull=False),
                name="one_error_per_number",
                violation_error_message=_("This product and platform has that number already."),
            ),
            models.UniqueConstraint(
                fields=["product", "platform", "name"],
                condition=~Q(name=""),
                name="one_error_per_name",
                violation_error_message=_("This product and platform has that name already."),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | ~Q(name=""),
                name="error_has_number_or_name",
                violation_error_message=_("An error code has a number or a name."),
            ),
            models.CheckConstraint(
                condition=~Q(meaning_en="", meaning_zh=""),
                name="error_means_something",
                violation_error_message=_("Write what it means in at least one language."),
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.number or ""), self.name)))

    @property
    def meaning(self) -> str:
        return in_language_of_page(self, "meaning")

    @property
    def cause(self) -> str:
        return in_language_of_page(self, "cause")

    @property
    def remedy(self) -> str:
        return in_language_of_page(self, "remedy")
