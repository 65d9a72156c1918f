"""Write down releases and what changed in them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db import transaction

from accounts import access, events
from accounts.viewer import Viewer
from knowledge.models import Article, Change, Product, Release


@dataclass(frozen=True, slots=True)
class ChangeText:
    """One line of the notes."""

    kind: str
    text_en: str = ""
    text_zh: str = ""
    article: Article | None = None
    fixed_in: Release | None = None
    platforms: Sequence[str] = ()


def places_of_fix(platform: str, platforms: Sequence[str]) -> set[str]:
    """What a release can be of that fixes an issue of a release for `platform` (empty: all).

    Of an issue of one platform alone that may be a release of that platform.
    """
    return {"", platform, *(platforms if len(platforms) == 1 else ())}


@transaction.atomic
def set_release(
    *,
    product: Product,
    platform: str,
    version: str,
    changes: Sequence[ChangeText],
    by: Viewer,
    now: dt.datetime,
    **fields: Any,
) -> tuple[Release, bool]:
    """The release as it shall be, and whether anything was changed for that.

    Raises `ValidationError` for what the models refuse.
    """
    access.require(by, "release.edit")
    wanted = Release(product=product, platform=platform, version=version, **fields)
    wanted.clean()
    release = Release.objects.filter(
        product=product, platform=platform, version=wanted.version
    ).first()
    is_new = release is None
    changed = [] if is_new else [n for n, v in fields.items() if getattr(release, n) != v]
    if release is None:
        release = wanted
    for name in changed:
        setattr(release, name, fields[name])
    release.full_clean()
    if is_new or changed:
        release.save()
    if _set_changes(release, changes):
        changed.append("changes")
    if is_new or changed:
        events.record(
            verb="release.added" if is_new else "release.changed",
            subject=f"release/{release.pk}",
            by=by,
            at=now,
            organization_id=None,
            internal=True,
            fields=changed,
        )
    return release, bool(is_new or changed)


def _set_changes(release: Release, changes: Sequence[ChangeText]) -> bool:
    """The lines of the notes; a line that stays keeps its row, for checklists name it."""
    present: dict[tuple[str, str, str], list[Change]] = defaultdict(list)
    for row in release.changes.all():
        present[_line(row)].append(row)
    wanted = [
        Change(
            release=release,
            position=position,
            kind=change.kind,
            text_en=change.text_en,
            text_zh=change.text_zh,
            article=change.article,
            fixed_in=change.fixed_in,
            platforms=list(change.platforms),
        )
        for position, change in enumerate(changes)
    ]
    is_changed = False
    for row in wanted:
        row.clean()
        same = present[_line(row)]
        old = same.pop(0) if same else None
        if old is None:
            row.full_clean(exclude=["release"])
            row.save()
            is_changed = True
        elif _about(old) != _about(row):
            row.pk = old.pk
            row.save()
            is_changed = True
    for gone in chain.from_iterable(present.values()):
        gone.delete()
        is_changed = True
    return is_changed


def _about(change: Change) -> tuple[int, int | None, int | None, list[str]]:
    return change.position, change.article_id, change.fixed_in_id, change.platforms


def _line(change: Change) -> tuple[str, str, str]:
    return change.kind, change.text_en, change.text_zh
