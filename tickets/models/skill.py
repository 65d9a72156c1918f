"""What a person of staff is qualified for: a product, on some or all of its platforms."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models import Platform


class Skill(models.Model):
    """No platforms mean all of them. Level and languages stand on the staff profile.

    `StaffProfile.products` repeats the product keys for readers to the left of this app; a
    trigger keeps it, nobody writes it by hand.
    """

    user = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        related_name="skills",
        verbose_name=_("engineer"),
        limit_choices_to={"is_staff": True},
    )
    product = models.ForeignKey(
        "knowledge.Product", models.CASCADE, related_name="+", verbose_name=_("product")
    )
    platforms = ArrayField(
        models.CharField(max_length=12, choices=Platform.choices),
        verbose_name=_("platforms"),
        default=list,
        blank=True,
        help_text=_("None chosen: all platforms of the product."),
    )

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["user", "product"]
        constraints = [
            models.UniqueConstraint(fields=["user", "product"], name="one_skill_a_product")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.product_id}"
