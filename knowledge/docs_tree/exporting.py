"""Write the articles as a tree of files that `import_articles` reads again."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

import yaml
from django.db.models import F

from knowledge.docs_tree import catalogues, front_matter, links
from knowledge.docs_tree.page import Page, Shared
from knowledge.languages import Language
from knowledge.models import Article, ArticleFile, FileKind, Revision, TextState, Translation


def export(root: Path) -> int:
    """Write everything below `root`, newest texts and drafts too; returns how many pages.

    Files that are there already are overwritten, and nothing is deleted.
    """
    texts = Translation.objects.exclude(state=TextState.ARCHIVED)
    places = {
        (key, language): f"{language}/{product or 'general'}/{key}.md"
        for key, language, product in texts.values_list(
            "article__key", "language", "article__product__key"
        )
    }
    pages = 0
    for page in _pages():
        here = places[page.key, page.language]

        def resolve(target: str, is_image: bool, here: str = here, page: Page = page) -> str:
            return _relative(target, here, page, places)

        page.body, _problems = links.rewrite(page.body, here, resolve)
        _write(root / here, front_matter.write(page).encode())
        pages += 1
    for file in ArticleFile.objects.select_related("article").iterator(chunk_size=50):
        folder = f"samples/{file.article.key}/" if file.kind == FileKind.SAMPLE else ""
        _write(root / f"{folder}{file.path}", bytes(file.content))
    for name, rows in (
        ("categories", catalogues.category_rows()),
        ("error_codes", catalogues.error_code_rows()),
        ("releases", catalogues.release_rows()),
    ):
        text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=1000)
        _write(root / f"{name}.yaml", text.encode())
    return pages


def _pages() -> Iterator[Page]:
    """One page a text, archived ones left out."""
    rows = (
        Revision.objects.filter(number=F("translation__latest_revision"))
        .exclude(translation__state=TextState.ARCHIVED)
        .select_related("translation__article__product", "translation__article__owner")
        .prefetch_related(
            "translation__article__categories",
            "translation__article__organizations",
            "translation__article__translations",
        )
        .order_by("translation__article__key", "translation__language")
    )
    for row in rows.iterator(chunk_size=200):
        article = row.translation.article
        yield Page(
            source="",
            key=article.key,
            language=Language(row.translation.language),
            title=row.title,
            body=row.body,
            summary=row.summary,
            is_draft=row.translation.published_revision != row.number,
            is_behind=row.translation.is_behind,
            shared=_shared(article),
        )


def _shared(article: Article) -> Shared:
    return Shared(
        kind=article.kind,
        product=article.product.key if article.product else "",
        platforms=tuple(article.platforms),
        versions_from=article.versions_from,
        versions_before=article.versions_before,
        audience=article.audience,
        plans=tuple(article.plans),
        organizations=tuple(sorted(row.slug for row in article.organizations.all())),
        categories=tuple(row.key for row in article.categories.all()),
        owner=article.owner.email if article.owner else "",
        review=article.review_on,
        tested_with=article.tested_with,
        checked=article.checked_on,
    )


def _relative(target: str, here: str, page: Page, places: dict[tuple[str, str], str]) -> str:
    """A link as seen from this file; what is not exported stays as it is."""
    folder = posixpath.dirname(here)
    if not target.startswith(links.ARTICLE):
        return posixpath.relpath(target, folder)
    key, hash_, anchor = target.removeprefix(links.ARTICLE).partition("#")
    place = places.get((key, page.language)) or places.get((key, page.language.other))
    return posixpath.relpath(place, folder) + hash_ + anchor if place else target


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
