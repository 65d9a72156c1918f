"""Categories: where an article stands among others."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from knowledge.languages import in_language_of_page

DEEPEST = 4


class CategoryQuerySet(models.QuerySet["Category"]):
    def in_tree(self) -> CategoryQuerySet:
        """Each behind the one it is part of, two levels deep; with that one."""
        return self.select_related("parent").order_by(
            Coalesce("parent__position", "position"),
            Coalesce("parent__key", "key"),
            models.F("parent").asc(nulls_first=True),
            "position",
            "key",
        )


class Category(models.Model):
    key = models.SlugField(_("key"), max_length=40, unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    name_en = models.CharField(_("English name"), max_length=60)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language_of_page(self, "name")

    def clean(self) -> None:
        """Refuse a circle, and a tree nobody can find his way in."""
        super().clean()
        above, depth = self.parent, 1
        while above is not None:
            depth += 1
            if self.pk is not None and above.pk == self.pk:
                raise ValidationError(
                    {"parent": _now("It would be part of itself, by way of others.")}
                )
            if depth > DEEPEST:
                raise ValidationError(
                    {"parent": _now("At most %(number)d levels.") % {"number": DEEPEST}}
                )
            above = above.parent
