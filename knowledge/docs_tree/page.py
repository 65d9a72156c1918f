"""One text of an article as it stands in a file, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from knowledge.languages import Language

# Folders with one folder an article in them, named by its key: what is in there are its files.
SAMPLES: Final = "samples"
PICTURES: Final = "pictures"


class Unreadable(Exception):
    """The page cannot be taken in; the message says why, for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`source` is a path below the root, or a file and the number of the line."""

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Shared:
    """What both languages of an article say the same of it."""

    kind: str = "guide"
    product: str = ""
    platforms: tuple[str, ...] = ()
    versions_from: str = ""
    versions_before: str = ""
    audience: str = "public"
    plans: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    owner: str = ""
    review: dt.date | None = None
    tested_with: str = ""
    checked: dt.date | None = None


@dataclass(slots=True)
class Page:
    """`pair` names the other language's page where the two have no key in common.

    `is_behind`: the page in the other language is newer.
    """

    source: str
    key: str
    language: Language
    title: str
    body: str
    summary: str = ""
    is_draft: bool = False
    is_behind: bool = False
    pair: str = ""
    shared: Shared = field(default_factory=Shared)
    images: dict[str, bytes] = field(default_factory=dict)
