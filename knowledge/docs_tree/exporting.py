"""Write the articles as a tree of files that `import_articles` reads again."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.db.models import F

from knowledge.docs_tree import catalogues, front_matter, links
from knowledge.docs_tree.page import PICTURES, SAMPLES, Page, Problem, Shared
from knowledge.docs_tree.writing_files import Folder
from knowledge.languages import Language
from knowledge.models import Article, ArticleFile, FileKind, Revision, TextState, Translation


@dataclass(frozen=True, slots=True)
class Exported:
    """How many pages were written, and what was not or not as it is."""

    pages: int
    refused: list[Problem]


def export(root: Path) -> Exported:
    """Write everything below `root`, newest texts and drafts too.

    Files that are there already are overwritten, and nothing is deleted. Raises `OSError` when
    `root` can be no folder.
    """
    folder = Folder(root)
    texts = Translation.objects.exclude(state=TextState.ARCHIVED)
    places = {
        (key, language): f"{language}/{product or 'general'}/{key}.md"
        for key, language, product in texts.values_list(
            "article__key", "language", "article__product__key"
        )
    }
    images: dict[str, set[str]] = defaultdict(set)
    for key, path in ArticleFile.objects.filter(kind=FileKind.IMAGE).values_list(
        "article__key", "path"
    ):
        images[key].add(path)
    pages = 0
    for page in _pages():
        here = places[page.key, page.language]

        def resolve(target: str, is_image: bool, here: str = here, page: Page = page) -> str | None:
            if is_image and target in images[page.key]:
                return _from(here, f"{PICTURES}/{page.key}/{target}")
            return _link(target, here, page, places)

        page.body, _problems = links.rewrite(page.body, here, resolve)
        folder.write(here, front_matter.write(page).encode())
        pages += 1
    _write_files(folder, {key for key, _language in places})
    for name, rows in (
        ("categories", catalogues.category_rows()),
        ("error_codes", catalogues.error_code_rows()),
        ("releases", catalogues.release_rows()),
    ):
        text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=1000)
        folder.write(f"{name}.yaml", text.encode())
    return Exported(pages, folder.refused)


def _write_files(folder: Folder, keys: Set[str]) -> None:
    """Those of the articles that have a page."""
    files = ArticleFile.objects.filter(article__key__in=keys).select_related("article")
    for file in files.iterator(chunk_size=50):
        kind = SAMPLES if file.kind == FileKind.SAMPLE else PICTURES
        folder.write(f"{kind}/{file.article.key}/{file.path}", bytes(file.content))


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


def _link(target: str, here: str, page: Page, places: Mapping[tuple[str, str], str]) -> str | None:
    """A link as seen from this file; None for what is not exported, which stays as it is."""
    if not target.startswith(links.ARTICLE):
        return None
    key, _hash, anchor = target.removeprefix(links.ARTICLE).partition("#")
    place = places.get((key, page.language)) or places.get((key, page.language.other))
    return links.with_anchor(_from(here, place), anchor) if place else None


def _from(here: str, place: str) -> str:
    return links.spelled(posixpath.relpath(place, posixpath.dirname(here)))
