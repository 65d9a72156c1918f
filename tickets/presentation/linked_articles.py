"""The articles of a ticket, as both sides' pages list them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from accounts.viewer import Viewer
from knowledge.addresses import article_path
from knowledge.languages import Language
from knowledge.models import ArticleKind, Audience, Translation
from tickets.models import TicketArticle


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    key: str
    title: str
    language: str
    kind: str
    source: str
    by_name: str
    is_hidden: bool  # the customer does not see it

    @property
    def href(self) -> str:
        return article_path(self.key, self.language)


def linked_articles(viewer: Viewer) -> ArraySubquery:
    """For a query of tickets: those the viewer may know of, oldest first."""

    def title(language: Language) -> Subquery:
        texts = Translation.objects.filter(article=OuterRef("article_id"), language=language)
        if not viewer.is_staff:
            texts = texts.published()
        return Subquery(texts.values("title")[:1])

    rows = (
        TicketArticle.objects.visible_to(viewer)
        .filter(ticket=OuterRef("pk"))
        .order_by("at", "pk")
        .values(
            row=JSONObject(
                key="article__key",
                kind="article__kind",
                audience="article__audience",
                is_published="article__is_published",
                source="source",
                by_name="by_name",
                en=title(Language.EN),
                zh=title(Language.ZH),
            )
        )
    )
    return ArraySubquery(rows)


def from_rows(rows: list[dict[str, Any]], language: Language) -> list[LinkedArticle]:
    """In that language where there is such a text, else in the other."""
    made = []
    for row in rows:
        shown = language if row[language] else language.other
        internal = row["audience"] == Audience.INTERNAL
        made.append(
            LinkedArticle(
                key=row["key"],
                title=row[shown] or row["key"],
                language=shown,
                kind=str(ArticleKind(row["kind"]).label),
                source=str(TicketArticle.Source(row["source"]).label),
                by_name=row["by_name"],
                is_hidden=internal or not row["is_published"],
            )
        )
    return made
