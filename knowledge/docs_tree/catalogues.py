"""Rows of categories*.yaml, releases*.yaml and error_codes*.yaml, into the database and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, transaction

from accounts.viewer import Viewer
from knowledge import catalogue, releasing
from knowledge.docs_tree.front_matter import is_all_text
from knowledge.docs_tree.loading import Report, sentence
from knowledge.docs_tree.page import Problem, Unreadable
from knowledge.models import Article, Category, ErrorCode, Product, Release

Rows = list[tuple[str, Any]]


class Catalogues:
    """One run; `report` hears of every row that is refused, and the others come in."""

    def __init__(self, *, by: Viewer, now: dt.datetime, report: Report) -> None:
        self.by, self.now, self.report = by, now, report
        self.counts: dict[str, int] = {}
        self.source = ""  # of the row being loaded

    def load_categories(self, rows: Rows) -> None:
        """Parents stand before their children."""
        self._each("categories", rows, self._category)

    def load_error_codes(self, rows: Rows) -> None:
        self._each("error codes", rows, self._error_code)

    def load_releases(self, rows: Rows) -> None:
        """Twice: a known issue may be fixed in a release that stands further down."""
        self._each("releases", rows, lambda row: self._release(row, is_first=True))
        self._each("releases", rows, lambda row: self._release(row, is_first=False))

    def _each(self, what: str, rows: Rows, load: Callable[[Mapping[str, Any]], bool]) -> None:
        for source, row in rows:
            self.source = source
            try:
                if not isinstance(row, Mapping):
                    raise Unreadable("The row has no names.")
                if not is_all_text(row):
                    raise Unreadable("It contains characters that are no text.")
                with transaction.atomic():
                    changed = load(row)
                self.counts[what] = self.counts.get(what, 0) + changed
            except (Unreadable, KeyError, ValidationError) as refusal:
                self._refuse(source, refusal)
            except (TypeError, AttributeError, ValueError, DataError):
                # A list where a word belongs, a number larger than any column: one row's fault.
                self._refuse(source, Unreadable("A value has the wrong form."))

    def _refuse(self, source: str, refusal: Exception) -> None:
        if isinstance(refusal, ValidationError):
            reason = sentence(refusal)
        elif isinstance(refusal, KeyError):
            reason = f"{refusal.args[0]} is missing"
        else:
            reason = str(refusal)
        problem = Problem(source, reason)
        if problem not in self.report.skipped:
            self.report.skipped.append(problem)

    def _category(self, row: Mapping[str, Any]) -> bool:
        parent = None
        if row.get("parent"):
            parent = Category.objects.filter(key=row["parent"]).first()
            if parent is None:
                raise Unreadable(f"There is no category “{row['parent']}” above.")
        fields = _both(row, "name", is_needed=True)
        if "position" in row:
            fields["position"] = row["position"]
        _category, changed = catalogue.set_category(
            key=str(row["key"]), parent=parent, by=self.by, now=self.now, **fields
        )
        return changed

    def _error_code(self, row: Mapping[str, Any]) -> bool:
        fields = {
            **_both(row, "meaning", is_needed=True),
            **_both(row, "cause"),
            **_both(row, "remedy"),
        }
        _code, changed = catalogue.set_error_code(
            product=_product(row),
            platform=str(row.get("platform") or ""),
            number=row.get("number"),
            name=str(row.get("name") or ""),
            article=self._article(row),
            by=self.by,
            now=self.now,
            **fields,
        )
        return changed

    def _release(self, row: Mapping[str, Any], *, is_first: bool) -> bool:
        product, platform = _product(row), str(row.get("platform") or "")
        changes = [
            releasing.ChangeText(
                kind=str(change["kind"]),
                text_en=str(change.get("en") or ""),
                text_zh=str(change.get("zh") or ""),
                article=self._article(change),
                platforms=_platforms(change),
                fixed_in=_fixed_in(product, platform, change, is_first=is_first),
            )
            for change in row.get("changes") or ()
        ]
        note = row.get("note") or {}
        _release, changed = releasing.set_release(
            product=product,
            platform=platform,
            version=str(row["version"]),
            changes=changes,
            by=self.by,
            now=self.now,
            released_on=row["released"],
            end_of_support=row.get("end_of_support"),
            note_en=str(note.get("en") or ""),
            note_zh=str(note.get("zh") or ""),
        )
        return changed and is_first

    def _article(self, row: Mapping[str, Any]) -> Article | None:
        if not row.get("article"):
            return None
        found = Article.objects.filter(key=row["article"]).first()
        problem = Problem(self.source, f"there is no article “{row['article']}”")
        if found is None and problem not in self.report.broken:
            self.report.broken.append(problem)
        return found


def _product(row: Mapping[str, Any]) -> Product:
    found = Product.objects.filter(key=row["product"]).first()
    if found is None:
        raise Unreadable(f"There is no product “{row['product']}”.")
    return found


def _platforms(change: Mapping[str, Any]) -> list[str]:
    named = change.get("platforms") or []
    if not isinstance(named, list):
        raise Unreadable("platforms is a list.")
    return [str(one) for one in named]


def _fixed_in(
    product: Product, platform: str, change: Mapping[str, Any], *, is_first: bool
) -> Release | None:
    """The release of the platform itself, else the one of all platforms."""
    version = change.get("fixed_in")
    if not version:
        return None
    found = (
        Release.objects.filter(
            product=product,
            platform__in=releasing.places_of_fix(platform, _platforms(change)),
            version=str(version),
        )
        .order_by("-platform")
        .first()
    )
    if found is None and not is_first:
        raise Unreadable(f"It is fixed in {version}, which is no release.")
    return found


def _both(row: Mapping[str, Any], name: str, *, is_needed: bool = False) -> dict[str, Any]:
    """`name: {en, zh}` as the model's two fields."""
    value = row[name] if is_needed else row.get(name) or {}
    if not isinstance(value, Mapping):
        raise Unreadable(f"{name} has the texts en and zh.")
    return {f"{name}_{code}": str(value.get(code) or "") for code in ("en", "zh")}


def category_rows() -> tuple[list[dict[str, Any]], list[Problem]]:
    """As they are written, parents first; those that are parts of themselves stand at the top."""
    waiting = list(Category.objects.select_related("parent"))
    rows: list[dict[str, Any]] = []
    seen: set[int | None] = {None}
    while placed := [row for row in waiting if row.parent_id in seen]:
        rows += [_category_row(row, row.parent) for row in placed]
        seen.update(row.pk for row in placed)
        waiting = [row for row in waiting if row.pk not in seen]
    rows += [_category_row(row, None) for row in waiting]
    reason = "“{}” is part of itself, by way of others; it is written at the top."
    return rows, [Problem("categories.yaml", reason.format(row.key)) for row in waiting]


def _category_row(row: Category, parent: Category | None) -> dict[str, Any]:
    place = {"position": row.position} if row.position else {}
    return {
        "key": row.key,
        **({"parent": parent.key} if parent else {}),
        **place,
        **_texts(row, "name"),
    }


def error_code_rows() -> list[dict[str, Any]]:
    return [
        _without_empty(
            product=row.product.key,
            platform=row.platform,
            number=row.number,
            name=row.name,
            **_texts(row, "meaning"),
            **_texts(row, "cause"),
            **_texts(row, "remedy"),
            article=row.article.key if row.article else "",
        )
        for row in ErrorCode.objects.select_related("product", "article")
    ]


def release_rows() -> list[dict[str, Any]]:
    return [
        _without_empty(
            product=row.product.key,
            platform=row.platform,
            version=row.version,
            released=row.released_on,
            end_of_support=row.end_of_support,
            **_texts(row, "note"),
            changes=[
                _without_empty(
                    kind=change.kind,
                    en=change.text_en,
                    zh=change.text_zh,
                    platforms=change.platforms,
                    article=change.article.key if change.article else "",
                    fixed_in=change.fixed_in.version if change.fixed_in else "",
                )
                for change in row.changes.all()
            ],
        )
        for row in Release.objects.select_related("product").prefetch_related(
            "changes__article", "changes__fixed_in"
        )
    ]


def _texts(row: object, name: str) -> dict[str, Any]:
    texts = {code: getattr(row, f"{name}_{code}") for code in ("en", "zh")}
    return {name: {code: text for code, text in texts.items() if text}}


def _without_empty(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}
