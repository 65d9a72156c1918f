"""One text of an article as it stands in a file, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Final, Protocol

from knowledge.languages import Language

LARGEST_PAGE: Final = 4_000_000  # bytes of a file, characters of a line
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
        """With ? for what no terminal takes: a file's name need not be text."""
        return f"{self.source}: {self.reason}".encode(errors="replace").decode()


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


class Words(Protocol):
    """A page, a revision, or what is published."""

    title: str
    summary: str
    body: str


def in_lines(body: str) -> str:
    """A text as a file has it: lines that end in one way, and none empty at either end."""
    return body.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"


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

    def says_the_same(self, other: Words) -> bool:
        """Whether a reader would find no difference."""
        return (self.title, self.summary, in_lines(self.body)) == (
            other.title,
            other.summary,
            in_lines(other.body),
        )
