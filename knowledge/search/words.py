"""Words of a text or of a question, as the index keeps them. Pure.

Latin words are taken whole and lightly stemmed; identifiers (`joinChannel`, `ERR_TOKEN_EXPIRED`,
`im.push.token`) whole and in their parts; versions whole. Chinese has no spaces: overlapping pairs
of characters, which found more than dictionary words did (docs/decisions/0026-search.md).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

LONGEST_WORD: Final = 60  # characters; what is longer is no word anybody searches for

_CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUN: Final = re.compile(
    rf"(?P<named>\b[cC]\+\+|\b[cCfF]#|\.NET\b)"
    rf"|(?P<cjk>[{_CJK}]+)"
    rf"|(?P<word>[^\W{_CJK}]+(?:[.\-:/][^\W{_CJK}]+)*)"
)
_JOINS: Final = re.compile(r"[.\-:/]+")
_HUMPS: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_VERSION: Final = re.compile(r"[vV]?(\d+\.\d+)((?:\.\d+)*(?:-(?:alpha|beta|rc)[.\d]*)?)")

# Words that ask, and words that only hold a sentence together.
_ENGLISH: Final = frozenset(
    """a about after again all also am an and any are as at be because been before being both but by
    can could did do does doing down during each few for from further get got had has have having he
    her here hers him his how i if in into is it its just may me might more most must my no nor not
    now of off on once only or other our out over own same shall she should so some such t than that
    the their them then there these they this those through to too under until up us very was we
    were what when where which while who whom whose why will with would you your yours""".split()
)
_ASKING: Final = re.compile(
    "|".join(
        sorted(
            """如何 怎么 怎么样 怎么办 怎样 什么 为什么 为何 是什么 哪些 哪个 哪里 哪儿 是否 能否
            可否 有没有 是不是 能不能 可不可以 请问 多少 多久 吗 呢 吧 的 我 我们 你们 应该 可以
            需要 了解 介绍 本文""".split(),
            key=len,
            reverse=True,
        )
    )
)


def normalized(text: str) -> str:
    """Full-width letters as plain ones, and no character PostgreSQL cannot keep."""
    return unicodedata.normalize("NFKC", text).replace("\x00", " ")


def words(text: str) -> list[str]:
    """Every word of the text in its form in the index, in order, without words that ask."""
    return [word for word, _surface in forms(text)]


def forms(text: str) -> Iterator[tuple[str, str]]:
    """Each word as (form in the index, as it stands there in small letters)."""
    for match in _RUN.finditer(_ASKING.sub(" ", normalized(text))):
        run = match[0]
        if match["cjk"]:
            yield from ((pair, pair) for pair in _pairs(run))
        elif match["named"]:
            yield run.lower(), run.lower()
        else:
            yield from _latin(run)


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for start in range(len(run) - 1):
        yield run[start : start + 2]


def _latin(run: str) -> Iterator[tuple[str, str]]:
    """The run itself where it is made of parts, then the parts, then theirs."""
    if version := _VERSION.fullmatch(run):
        yield from _version(version[1], version[2])
        return
    parts = [part for part in _JOINS.split(run) if part]
    if len(parts) > 1 and len(run) <= LONGEST_WORD:
        yield run.lower(), run.lower()
    for part in parts:
        yield from _plain(part)
        humps = _HUMPS.findall(part)
        if len(humps) > 1:
            for hump in humps:
                yield from _plain(hump)


def _version(first_two: str, rest: str) -> Iterator[tuple[str, str]]:
    whole = first_two + rest
    yield whole, whole
    if rest:
        yield first_two, first_two


def _plain(part: str) -> Iterator[tuple[str, str]]:
    small = part.lower()
    if small.strip("_") and small not in _ENGLISH and len(small) <= LONGEST_WORD:
        yield stem(small), small


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without its most common English endings; the same for its plural and its past.

    Light on purpose: what is cut too far brings together what does not belong together.
    """
    if len(word) <= 3 or not (word.isascii() and word.isalpha()):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ss", "us", "is")):
        return word
    word = word.removesuffix("s")
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 4 and re.search("[aeiouy]", rest):
            word = rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "lsz" else rest
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


@lru_cache(maxsize=65536)
def number_of(word: str) -> int:
    """The number the index knows the word by: 63 bits of its digest, the same everywhere.

    A number made from the word itself needs no list of words, so that a word of an article for
    some readers only stands in no table that others can read.
    """
    digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
