"""Read what `knowledge.upgrades` reckons with, and put words to what comes out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Q

from accounts.viewer import Viewer
from knowledge import versions
from knowledge.languages import Language
from knowledge.models import (
    Article,
    ArticleKind,
    Change,
    ChangeKind,
    Platform,
    Product,
    Release,
    Translation,
)
from knowledge.upgrades import (
    KINDS,
    ChangeFact,
    Fix,
    GuideFact,
    Problem,
    ReleaseFact,
    UpgradePath,
    find_path,
)
from knowledge.versions import Version

ICONS: Final[dict[str, str]] = {
    ArticleKind.MIGRATION: "book-open",
    ChangeKind.BREAKING: "triangle-alert",
    ChangeKind.SECURITY: "shield-check",
    ChangeKind.DEPRECATION: "clock",
    ChangeKind.KNOWN_ISSUE: "circle-alert",
}
CHANGE: Final = "change:"
GUIDE: Final = "guide:"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list. `article` and `title` are the page that says more, if readable.

    `platforms`: in words, where it is of some only.
    `is_told_above`: an earlier line of the same version names that page already.
    """

    key: str
    kind: str
    label: str
    text: str
    article: str = ""
    title: str = ""
    fixed_in: str = ""
    platforms: str = ""
    is_told_above: bool = False

    @property
    def anchor(self) -> str:
        """Its name in the address of a page."""
        return self.key.replace(":", "-")

    @property
    def icon(self) -> str:
        """Never colour alone: each kind has an icon and a word."""
        return ICONS[self.kind]


@dataclass(frozen=True, slots=True)
class ReadStep:
    """One version on the way, in words. `release` is the one of the platform, if it has its own."""

    version: str
    release: Release | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ReadPath:
    path: UpgradePath
    steps: tuple[ReadStep, ...]
    leaves: Release | None  # the release one comes from, if it is known
    arrives: Release | None

    @property
    def items(self) -> list[Item]:
        return [item for step in self.steps for item in step.items]


def read_path(
    *,
    product: Product,
    platform: str,
    first: Version,
    last: Version,
    viewer: Viewer,
    language: Language,
    on: dt.date,
) -> ReadPath | Problem:
    """The way of a product, as this reader may see it; five queries."""
    wanted = Q(platform="") | Q(platform=platform) if platform else Q()
    releases = list(
        Release.objects.visible_to(viewer, on=on)
        .filter(wanted, product=product, released_on__lte=on)
        .order_by("sort_key", "platform")
    )
    rows = {release.pk: release for release in releases}
    changes = list(
        Change.objects.filter(
            release__in=[pk for pk, row in rows.items() if _lies_between(row, first, last)],
            kind__in=KINDS,
        )
        .select_related("fixed_in")
        .order_by("position", "pk")
    )
    guides = list(
        Article.objects.visible_to(viewer).filter(
            kind=ArticleKind.MIGRATION, product=product, is_published=True
        )
    )
    of_release: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        of_release[change.release_id].append(change)
    facts = [_fact(release, of_release[release.pk]) for release in releases]
    found = find_path(
        first,
        last,
        platform=platform,
        releases=facts,
        guides=[
            GuideFact(f"{GUIDE}{row.key}", row.version_range, tuple(row.platforms))
            for row in guides
        ],
    )
    if isinstance(found, Problem):
        return found
    told = {row.article_id for row in changes if row.article_id} | {row.pk for row in guides}
    texts = _texts(told, viewer=viewer, language=language)
    by_change = {f"{CHANGE}{row.pk}": row for row in changes}
    by_guide = {f"{GUIDE}{row.key}": row for row in guides}

    def item(key: str) -> Item | None:
        if key in by_guide:
            return _guide_item(key, by_guide[key], texts)
        return _change_item(key, by_change[key], texts)

    steps = []
    for step in found.steps:
        items = _each_page_once(made for key in step.items if (made := item(key)) is not None)
        if items:
            here = [row for row in releases if row.version == str(step.version)]
            own = next((row for row in here if row.platform == platform), None)
            steps.append(ReadStep(str(step.version), own or (here[0] if here else None), items))
    return ReadPath(
        found, tuple(steps), _release(releases, first, platform), _release(releases, last, platform)
    )


def _each_page_once(items: Iterable[Item]) -> tuple[Item, ...]:
    """Six changes that one guide explains name it once."""
    told: set[str] = set()
    made = []
    for item in items:
        made.append(replace(item, is_told_above=item.article in told))
        if item.article:
            told.add(item.article)
    return tuple(made)


def known_versions(
    product: Product, platform: str, *, viewer: Viewer, on: dt.date
) -> list[Release]:
    """The releases a reader can come from and go to, newest first, each version once."""
    wanted = Q(platform="") | Q(platform=platform) if platform else Q()
    rows = (
        Release.objects.visible_to(viewer, on=on)
        .filter(wanted, product=product, released_on__lte=on)
        .order_by("-sort_key", "-platform")
    )
    return list({row.version: row for row in rows}.values())


def released_platforms(product: Product) -> list[Platform]:
    """The platforms of a product, in the order they are always named in."""
    return [one for one in Platform if one.value in product.platforms]


def _lies_between(release: Release, first: Version, last: Version) -> bool:
    return first < versions.parse(release.version) <= last


def _fact(release: Release, changes: Iterable[Change]) -> ReleaseFact:
    return ReleaseFact(
        versions.parse(release.version),
        release.platform,
        tuple(
            ChangeFact(
                f"{CHANGE}{row.pk}",
                row.kind,
                row.position,
                _fix(row.fixed_in),
                tuple(row.platforms),
            )
            for row in changes
        ),
    )


def _fix(release: Release | None) -> Fix | None:
    return Fix(versions.parse(release.version), release.platform) if release else None


def _texts(articles: set[int], *, viewer: Viewer, language: Language) -> dict[int, Translation]:
    """Of each readable article its published text: in this language, else in the other."""
    rows = (
        Translation.objects.visible_to(viewer)
        .published()
        .filter(article__in=articles)
        .select_related("article")
        .defer("body", "html", "contents")
    )
    chosen: dict[int, Translation] = {}
    for row in rows:
        if row.article_id not in chosen or row.language == language:
            chosen[row.article_id] = row
    return chosen


def _change_item(key: str, change: Change, texts: dict[int, Translation]) -> Item:
    text = texts.get(change.article_id or 0)
    return Item(
        key=key,
        kind=change.kind,
        label=str(ChangeKind(change.kind).label),
        text=change.text,
        article=text.article.key if text else "",
        title=text.title if text else "",
        fixed_in=change.fixed_in.version if change.fixed_in else "",
        platforms=change.platform_words,
    )


def _guide_item(key: str, guide: Article, texts: dict[int, Translation]) -> Item | None:
    text = texts.get(guide.pk)
    if text is None:
        return None
    return Item(
        key=key,
        kind=ArticleKind.MIGRATION,
        label=str(ArticleKind.MIGRATION.label),
        text=text.summary,
        article=guide.key,
        title=text.title,
    )


def _release(releases: list[Release], version: Version, platform: str) -> Release | None:
    named = [row for row in releases if row.version == str(version)]
    return next((row for row in named if row.platform == platform), named[0] if named else None)
