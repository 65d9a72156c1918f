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
        """Refuse a circle, and a tree nobody can find his way in.

        Of a category that is part of another one all are locked until the transaction ends: two
        moves at once, each right by itself, could make a circle.
        """
        super().clean()
        if self.parent_id is None:
            return
        parents = _parents_locked()
        parents.pop(self.pk, None)  # where it stands now says nothing of where it is to stand
        above: list[int] = []
        step: int | None = self.parent_id
        while step is not None and step not in above:
            above.append(step)
            step = parents.get(step)
        if self.pk in above:
            raise ValidationError({"parent": _now("It would be part of itself, by way of others.")})
        if len(above) + _levels(self.pk, parents) > DEEPEST:
            raise ValidationError(
                {"parent": _now("At most %(number)d levels.") % {"number": DEEPEST}}
            )


def _parents_locked() -> dict[int, int | None]:
    """Which category is part of which; nobody else moves one until the transaction ends."""
    rows = Category.objects.order_by("pk")
    len(rows.select_for_update(no_key=True).values_list("pk"))
    return dict(rows.values_list("pk", "parent_id"))  # a second look: what was waited for


def _levels(pk: int | None, parents: dict[int, int | None]) -> int:
    """How many there are of a category with its parts."""
    level, count = {pk}, 0
    while level:
        count += 1
        level = {part for part, parent in parents.items() if parent and parent in level}
    return count
