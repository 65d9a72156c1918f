"""Who is qualified for what: product by platform, language, level. Pure.

A need that names no product, platform, language or level asks for nothing there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

LEVELS: Final = ("L1", "L2", "L3", "lead")  # each can do what those before it can

NO_PLATFORMS: Final[frozenset[str]] = frozenset()


class Lack(StrEnum):
    """What keeps somebody from qualifying."""

    PRODUCT = "product"
    PLATFORM = "platform"
    LANGUAGE = "language"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Need:
    """What a case asks for; an empty text asks for nothing.

    `product` and `platform` are keys, `level` is the lowest that will do. ValueError for a
    level there is not.
    """

    product: str = ""
    platform: str = ""
    language: str = ""
    level: str = ""

    def __post_init__(self) -> None:
        if self.level and self.level not in LEVELS:
            raise ValueError(f"There is no level {self.level!r}.")


@dataclass(frozen=True, slots=True)
class Skills:
    """What a person brings: product keys with platforms (none named: all), languages, level.

    A level that is not known counts as none: such a person meets no need of a level.
    """

    products: Mapping[str, frozenset[str]] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    level: str = ""


def qualifies(skills: Skills, need: Need) -> bool:
    """Whether a person with these skills can take a case with this need."""
    return next(_lacking(skills, need), None) is None


def lacks(skills: Skills, need: Need) -> list[Lack]:
    """Why not: everything that is missing; nothing for somebody who qualifies."""
    return list(_lacking(skills, need))


def spoken(code: str) -> str:
    """The language of a language code: "zh" for "zh-hans" and "zh_CN"."""
    return code.replace("_", "-").split("-")[0].lower()


def rank(level: str) -> int:
    """0 for L1 up to 3 for a lead; -1 for none."""
    return LEVELS.index(level) if level in LEVELS else -1


def _lacking(skills: Skills, need: Need) -> Iterator[Lack]:
    if need.product and need.product not in skills.products:
        yield Lack.PRODUCT
    elif need.platform and not _knows_platform(skills, need):
        yield Lack.PLATFORM
    if need.language and spoken(need.language) not in {spoken(one) for one in skills.languages}:
        yield Lack.LANGUAGE
    if rank(skills.level) < rank(need.level):
        yield Lack.LEVEL


def _knows_platform(skills: Skills, need: Need) -> bool:
    """Of the product asked for; without one, of any product they know."""
    if need.product:
        platforms = skills.products.get(need.product, NO_PLATFORMS)
        return not platforms or need.platform in platforms
    return any(not known or need.platform in known for known in skills.products.values())
