"""Where an article stands among others: categories, from the top down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.db.models import QuerySet

from knowledge.models import Article, Category
from knowledge.models.category import DEEPEST


def used(articles: QuerySet[Article]) -> set[int]:
    """The categories in which some of these articles stand."""
    placed = Article.categories.through.objects.filter(article__in=articles)
    return set(placed.values_list("category", flat=True).distinct())


class Shelf:
    """All categories, read once: there are dozens of them, not thousands."""

    def __init__(self, categories: Iterable[Category]) -> None:
        self.by_pk = {category.pk: category for category in categories}
        self.children: dict[int | None, list[Category]] = {}
        for category in self.by_pk.values():
            self.children.setdefault(category.parent_id, []).append(category)

    @classmethod
    def read(cls) -> Shelf:
        return cls(Category.objects.all())

    def way_to(self, category: Category) -> list[Category]:
        """From the top to the category itself."""
        way = [category]
        while (above := way[0].parent_id) and above in self.by_pk and len(way) < DEEPEST:
            way.insert(0, self.by_pk[above])
        return way

    def all_of(self, category: Category) -> set[int]:
        """The category and all that is part of it."""
        return set(self._below(category.pk, DEEPEST))

    def parts_of(self, category: Category | None, used: Collection[int]) -> list[Category]:
        """What it is made of (None: the whole), as far as there is something in it to read."""
        parts = self.children.get(category.pk if category else None, [])
        return [part for part in parts if not self.all_of(part).isdisjoint(used)]

    def _below(self, pk: int, levels: int) -> Iterator[int]:
        yield pk
        if levels > 1:
            for child in self.children.get(pk, []):
                yield from self._below(child.pk, levels - 1)
