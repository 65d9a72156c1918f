"""What the pages of an article need to know of it, in few queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Event
from accounts.requests import TenantRequest
from accounts.viewer import Viewer
from knowledge.addresses import DOCS, article_path
from knowledge.languages import Language, of_page
from knowledge.models import Article, Revision, TextState, Translation
from knowledge.rendering import Rendered, render_article
from tickets.models import Deflection, Ticket, TicketArticle

_LATEST: Final = 10  # tickets of an article on its page
MOVES = ("article.submitted", "article.sent_back", "article.published", "article.archived")


@dataclass(frozen=True, slots=True)
class Text:
    """One language of an article at its newest revision; both None while it has none."""

    language: Language
    translation: Translation | None = None
    revision: Revision | None = None

    @property
    def state(self) -> str:
        return self.translation.state if self.translation else ""

    @property
    def number(self) -> int:
        return self.translation.latest_revision if self.translation else 0

    @property
    def is_published(self) -> bool:
        return self.translation is not None and self.translation.is_published

    @property
    def is_newest_published(self) -> bool:
        text = self.translation
        return text is not None and text.published_revision == text.latest_revision

    @property
    def was_compared(self) -> bool:
        """Whether somebody once noted that it says the same as the other language."""
        return self.translation is not None and self.translation.aligned_with is not None

    def is_behind(self, other: Text) -> bool:
        """Whether the other was written on since this said the same, or nobody compared them."""
        if self.translation is None or other.state in ("", TextState.ARCHIVED):
            return False
        return other.number > (self.translation.aligned_with or 0)


def article_of(request: TenantRequest, key: str) -> Article:
    articles = Article.objects.visible_to(request.viewer).select_related("product", "owner")
    return get_object_or_404(articles, key=key)


def language_of(text: str) -> Language:
    if text not in Language.values:
        raise Http404
    return Language(text)


def texts_of(article: Article) -> dict[Language, Text]:
    """Both languages at their newest revisions; one query."""
    revisions = Revision.objects.filter(
        translation__article=article, number=F("translation__latest_revision")
    ).select_related("translation")
    found = {Language(row.translation.language): row for row in revisions}
    texts = {}
    for language in Language:
        row = found.get(language)
        if row is not None:
            row.translation.article = article
        texts[language] = Text(language, row.translation if row else None, row)
    return texts


def last_move(article: Article, language: Language) -> Event | None:
    """The event that brought a text where it stands."""
    return (
        Event.objects.filter(
            organization=None,
            subject=f"article/{article.pk}",
            verb__in=MOVES,
            data__language=str(language),
        )
        .order_by("-pk")
        .first()
    )


def previewed(body: str, *, article: Article, language: Language) -> Rendered:
    """The text as readers will see it; its files come from the workspace, published or not."""
    made = render_article(body, article=article, language=language)
    shown = made.html.replace(
        f'"{DOCS}files/{article.key}/', f'"/admin/article/{article.key}/files/view/'
    )
    return Rendered(shown, made.contents, made.problems)


@dataclass(frozen=True, slots=True)
class Use:
    """Where an article served: `links` are the latest of all `tickets` that name it.

    `answered`: how often it kept a ticket from being opened, as `Deflection` counts.
    """

    tickets: int
    links: list[TicketArticle]
    answered: int


def use_of(article: Article, viewer: Viewer, *, now: dt.datetime) -> Use:
    """As far as the viewer may see the tickets; three queries."""
    links = TicketArticle.objects.visible_to(viewer).filter(
        article=article, ticket__in=Ticket.objects.visible_to(viewer)
    )
    latest = links.select_related("ticket__organization").order_by("-at", "-pk")[:_LATEST]
    answered = Deflection.objects.visible_to(viewer).counted(now).filter(article=article)
    return Use(links.count(), list(latest), answered.count())


def heading(
    article: Article, texts: dict[Language, Text], tab: str, *, is_beneath: bool = False
) -> dict[str, Any]:
    """Template variables of `tickets/_article_head.html`; `is_beneath`: a page of that tab."""
    first = Language(tab) if tab in Language.values else of_page()
    both = [texts[first].translation, texts[first.other].translation]
    titles = [one.title for one in both if one]
    return {
        "article": article,
        "title": titles[0] if titles else article.key,
        "tab": tab,
        "is_beneath": is_beneath,
        "languages": [
            {
                "language": text.language,
                "text": text,
                "is_behind": text.is_behind(texts[text.language.other]),
                "public": article_path(article.key, text.language) if text.is_published else "",
            }
            for text in texts.values()
        ],
    }
