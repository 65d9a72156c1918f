"""Write down releases and what changed in them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import itemgetter
from typing import Any, Final

from django.db import transaction

from accounts import access, events
from accounts.viewer import Viewer
from knowledge.models import Article, Change, Product, Release

# Of a line's text, for it to be the same line still: what replaces it is read and ticked anew.
_MENDED: Final = 0.6


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
    left = list(release.changes.all())
    was = _unchanged(wanted, left)
    was |= {place: _mended(row, left) for place, row in enumerate(wanted) if place not in was}
    is_changed = False
    for place, row in enumerate(wanted):
        row.clean()
        old = was[place]
        if old is None or _about(old) != _about(row):
            row.pk = old.pk if old else None
            row.full_clean(exclude=["release", "id"])
            row.save()
            is_changed = True
    for gone in left:
        gone.delete()
        is_changed = True
    return is_changed


def _unchanged(wanted: Sequence[Change], left: list[Change]) -> dict[int, Change | None]:
    """Of each line that says what one said before, by its place, the row; taken from `left`."""
    present: dict[tuple[str, str, str], list[Change]] = defaultdict(list)
    for row in left:
        present[_line(row)].append(row)
    same = ((place, present[_line(row)]) for place, row in enumerate(wanted))
    found: dict[int, Change | None] = {place: rows.pop(0) for place, rows in same if rows}
    left[:] = [row for rows in present.values() for row in rows]
    return found


def _mended(wanted: Change, left: list[Change]) -> Change | None:
    """The row that says nearly the same at the same place or of the same article."""
    near = (
        (_likeness(row, wanted), row)
        for row in left
        if row.kind == wanted.kind
        and (
            row.position == wanted.position
            or (row.article_id is not None and row.article_id == wanted.article_id)
        )
    )
    alike, found = max(near, key=itemgetter(0), default=(0.0, None))
    if found is None or alike < _MENDED:
        return None
    left.remove(found)
    return found


def _likeness(old: Change, new: Change) -> float:
    """From 0 to 1: how much of the text stayed, in the language that changed less."""
    texts = ((old.text_en, new.text_en), (old.text_zh, new.text_zh))
    return max(
        SequenceMatcher(None, was, now, autojunk=False).ratio() for was, now in texts if was or now
    )


def _about(change: Change) -> tuple[object, ...]:
    about = change.position, change.article_id, change.fixed_in_id, change.platforms
    return *_line(change), *about


def _line(change: Change) -> tuple[str, str, str]:
    return change.kind, change.text_en, change.text_zh
