"""What an article's text refers to, as far as it exists, and what it refers to in vain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ProblemKind = Literal["link", "closed", "anchor", "image", "file"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the text names and nobody has: it is shown as plain text in its place.

    `closed`: an article some of the readers may not read; to them, the link is plain text.
    """

    kind: ProblemKind
    target: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of the article; sizes in pixels, where its file says them."""

    path: str
    width: int | None = None
    height: int | None = None


@dataclass(slots=True)
class Surroundings:
    """`articles` are the keys of those that may be linked, `closed` of those of them that not
    every reader can read; `pictures` and `samples` the article's own files by path, the latter
    with their text. `problems` is filled while rendering."""

    key: str
    language: str
    articles: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    samples: Mapping[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def miss(self, kind: ProblemKind, target: str) -> None:
        problem = Problem(kind, target[:200])
        if problem not in self.problems:
            self.problems.append(problem)
