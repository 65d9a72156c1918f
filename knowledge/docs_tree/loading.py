"""Take pages into the database through the verbs; what is there already is left alone.

First all articles with their files, then their texts: a link is rendered when what it leads
to exists.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F

from accounts.models import Organization, User
from accounts.viewer import Viewer
from knowledge import article_files, publishing, writing
from knowledge.docs_tree.page import Page, Problem, Shared
from knowledge.docs_tree.reading import Tree
from knowledge.models import (
    Article,
    ArticleFile,
    Category,
    FileKind,
    Product,
    Revision,
)

FindPerson = Callable[[str], User | None]


@dataclass(slots=True)
class Report:
    """`texts` were saved anew; `broken` are links and names that lead nowhere."""

    created: int = 0
    changed: int = 0
    texts: int = 0
    unchanged: int = 0
    skipped: list[Problem] = field(default_factory=list)
    broken: list[Problem] = field(default_factory=list)


def by_email(address: str) -> User | None:
    return User.objects.filter(email=address, is_staff=True).first()


class Loader:
    """One run: looks everything up once, then writes article by article."""

    def __init__(
        self, tree: Tree, *, by: Viewer, now: dt.datetime, find_person: FindPerson = by_email
    ) -> None:
        self.by, self.now, self.find_person = by, now, find_person
        self.report = Report(skipped=list(tree.skipped), broken=list(tree.broken))
        self.samples, self.pictures = tree.samples, tree.pictures
        self.products = {row.key: row for row in Product.objects.all()}
        self.categories: dict[str, Category] = {}
        self.people: dict[str, User | None] = {}
        self.pages: dict[str, list[Page]] = defaultdict(list)
        for page in tree.pages:
            self.pages[page.key].append(page)
        self.articles = {
            row.key: row
            for row in Article.objects.filter(key__in=self.pages).prefetch_related(
                "categories", "organizations"
            )
        }
        self.files: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        of_these = ArticleFile.objects.filter(article__in=self.articles.values())
        for key, kind, path, digest in of_these.values_list(
            "article__key", "kind", "path", "digest"
        ):
            self.files[key, kind][path] = digest
        self.stale: set[int] = set()  # articles with texts to be rendered again

    def know_categories(self) -> None:
        """Look them up once they are all there."""
        self.categories = {row.key: row for row in Category.objects.all()}

    def load_articles(self, keys: Iterable[str]) -> None:
        """The articles and their files, without a text yet."""
        for key in keys:
            pages = self.pages[key]
            try:
                with transaction.atomic():
                    is_new, is_changed = self._load_article(key, pages)
                self.report.created += is_new
                self.report.changed += is_changed
            except (ValidationError, PermissionDenied) as refusal:
                self.articles.pop(key, None)
                for page in self.pages.pop(key):
                    self.report.skipped.append(Problem(page.source, sentence(refusal)))

    def load_texts(self, keys: Iterable[str]) -> None:
        """The texts of these articles: saved and, unless they are drafts, published."""
        pages = [page for key in keys for page in self.pages.get(key, ())]
        articles = [self.articles[page.key].pk for page in pages]
        latest = {
            (row.translation.article_id, row.translation.language): row
            for row in Revision.objects.filter(
                translation__article__in=articles, number=F("translation__latest_revision")
            ).select_related("translation")
        }
        for page in pages:
            article = self.articles[page.key]
            revision = latest.get((article.pk, page.language))
            try:
                with transaction.atomic():
                    self._load_text(article, page, revision)
            except (ValidationError, PermissionDenied) as refusal:
                self.report.skipped.append(Problem(page.source, sentence(refusal)))

    def _load_article(self, key: str, pages: list[Page]) -> tuple[bool, bool]:
        """Whether it is new, and whether one that was there was changed."""
        first = pages[0].shared
        for page in pages[1:]:
            if page.shared != first:
                reason = f"says other things of the article than {pages[0].source}, which counts"
                self.report.broken.append(Problem(page.source, reason))
        article, is_changed = self.articles.get(key), False
        is_new = article is None
        fields, categories, organizations = self._fields(first, pages[0].source)
        if article is None:
            article = writing.create_article(
                by=self.by,
                now=self.now,
                key=key,
                categories=categories,
                organizations=organizations,
                **fields,
            )
            self.articles[key] = article
        elif self._differs(article, fields, categories, organizations):
            is_changed = writing.change_article(
                article=article,
                by=self.by,
                now=self.now,
                categories=categories,
                organizations=organizations,
                **fields,
            )
        images = dict(self.pictures.get(key, {}))
        for page in pages:
            images.update(page.images)
        samples = self.samples.get(key, {})
        for kind, files in ((FileKind.IMAGE, images), (FileKind.SAMPLE, samples)):
            if article_files.digests(files) != self.files[key, kind]:
                article_files.set_files(
                    article=article, kind=kind, files=files, by=self.by, now=self.now
                )
                self.stale.add(article.pk)
        return is_new, is_changed

    @staticmethod
    def _differs(
        article: Article,
        fields: dict[str, Any],
        categories: list[Category],
        organizations: list[Organization],
    ) -> bool:
        return (
            any(getattr(article, name) != value for name, value in fields.items())
            or {row.pk for row in article.categories.all()} != {row.pk for row in categories}
            or {row.pk for row in article.organizations.all()} != {row.pk for row in organizations}
        )

    def _fields(
        self, shared: Shared, source: str
    ) -> tuple[dict[str, Any], list[Category], list[Organization]]:
        if shared.product and shared.product not in self.products:
            raise ValidationError(f"There is no product “{shared.product}”.")
        categories = []
        for key in shared.categories:
            if key in self.categories:
                categories.append(self.categories[key])
            else:
                self.report.broken.append(Problem(source, f"there is no category “{key}”"))
        organizations = list(Organization.objects.filter(slug__in=shared.organizations))
        if missing := set(shared.organizations) - {row.slug for row in organizations}:
            raise ValidationError(f"There is no customer “{sorted(missing)[0]}”.")
        fields: dict[str, Any] = {
            "kind": shared.kind,
            "product": self.products.get(shared.product),
            "platforms": list(shared.platforms),
            "audience": shared.audience,
            "plans": list(shared.plans),
            "versions_from": shared.versions_from,
            "versions_before": shared.versions_before,
            "owner": self._person(shared.owner, source),
            "review_on": shared.review,
            "tested_with": shared.tested_with,
            "checked_on": shared.checked,
        }
        return fields, categories, organizations

    def _person(self, name: str, source: str) -> User | None:
        if name and name not in self.people:
            self.people[name] = self.find_person(name)
        found = self.people.get(name)
        if name and found is None:
            self.report.broken.append(Problem(source, f"nobody of staff is “{name}”"))
        return found

    def _load_text(self, article: Article, page: Page, latest: Revision | None) -> None:
        same = latest is not None and (latest.title, latest.summary, latest.body) == (
            page.title,
            page.summary,
            page.body,
        )
        is_shown = latest is not None and latest.translation.published_revision == latest.number
        if same and (is_shown or page.is_draft):
            if is_shown and article.pk in self.stale and latest is not None:
                publishing.rerender(translation=latest.translation)
            self.report.unchanged += 1
            return
        revision = writing.save_revision(
            article=article,
            language=page.language,
            by=self.by,
            now=self.now,
            title=page.title,
            summary=page.summary,
            body=page.body,
            is_aligned=not page.is_behind and self._is_aligned(latest),
            is_behind=page.is_behind,
        )
        if not page.is_draft:
            publishing.publish(translation=revision.translation, by=self.by, now=self.now)
        self.report.texts += 1

    def _is_aligned(self, latest: Revision | None) -> bool:
        """New in both languages, or a text that was behind the other catches up with it."""
        return latest is None or latest.translation.is_behind


def sentence(refusal: ValidationError | PermissionDenied) -> str:
    if isinstance(refusal, PermissionDenied):
        return str(refusal)
    if hasattr(refusal, "error_dict"):
        return "; ".join(
            f"{name}: {' '.join(messages)}" for name, messages in refusal.message_dict.items()
        )
    return " ".join(refusal.messages)
