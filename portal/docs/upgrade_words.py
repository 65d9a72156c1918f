"""An upgrade path in words: why there is none, and what it comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from knowledge.models import ArticleKind, ChangeKind
from knowledge.upgrade_reading import ICONS, Item
from knowledge.upgrades import Problem
from knowledge.versions import Version


@dataclass(frozen=True, slots=True)
class Counted:
    kind: str
    icon: str
    words: str


def counted(items: Iterable[Item]) -> list[Counted]:
    """ "3 breaking changes", "1 security note" …, in the order of weight."""
    numbers = Counter(item.kind for item in items)
    return [
        Counted(kind, icon, _words(kind, numbers[kind]))
        for kind, icon in ICONS.items()
        if numbers[kind]
    ]


def why_none(
    problem: Problem,
    *,
    first: Version | None = None,
    last: Version | None = None,
    newest: Version | None = None,
) -> str:
    """One sentence on why there is no path, and what to do."""
    words = {"first": first, "last": last, "newest": newest}
    if problem == Problem.SAME:
        return _("You run %(last)s already: there is nothing on the way.") % words
    if problem == Problem.BACKWARDS:
        return _("%(last)s is older than %(first)s. This page knows the way up only.") % words
    if problem == Problem.UNKNOWN_TARGET:
        return _("There is no release %(last)s; the newest one is %(newest)s.") % words
    return _("Nothing has been released for this choice yet. Try another platform.")


def _words(kind: str, number: int) -> str:
    words = {"number": number}
    texts = {
        ChangeKind.BREAKING: ngettext(
            "%(number)d breaking change", "%(number)d breaking changes", number
        ),
        ChangeKind.SECURITY: ngettext(
            "%(number)d security note", "%(number)d security notes", number
        ),
        ChangeKind.DEPRECATION: ngettext(
            "%(number)d deprecation", "%(number)d deprecations", number
        ),
        ChangeKind.KNOWN_ISSUE: ngettext(
            "%(number)d known issue", "%(number)d known issues", number
        ),
        ArticleKind.MIGRATION: ngettext(
            "%(number)d migration guide", "%(number)d migration guides", number
        ),
    }
    return texts[kind] % words  # type: ignore[index]  # both enumerations are of strings
