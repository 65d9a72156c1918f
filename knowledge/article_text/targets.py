"""Where the links and images of a text lead: to what there is, or nowhere.

A link to another article is `article:<key>`, with `#<anchor>` after it; files are named by their
path in the article. What nobody has is shown as plain text and noted.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote

from markdown_it.token import Token

from accounts.own_paths import is_own_path
from knowledge.addresses import article_path, file_path
from knowledge.article_text.surroundings import Surroundings

ARTICLE: Final = "article:"
_ELSEWHERE: Final = ("http://", "https://", "mailto:")
REL: Final = "noopener noreferrer"  # of links that leave the house


def articles_named(tokens: Sequence[Token]) -> set[str]:
    """The keys of the articles the text links to."""
    found = set()
    for token in _inline(tokens):
        href = str(token.attrs.get("href", "")) if token.type == "link_open" else ""
        if href.startswith(ARTICLE):
            found.add(_split(href)[0])
    return {key for key in found if "\0" not in key}


def files_named(tokens: Sequence[Token]) -> set[str]:
    """The paths of files the text shows: images, and blocks that are files."""
    images = {
        normal(str(token.attrs.get("src", "")))
        for token in _inline(tokens)
        if token.type == "image"
    }
    return images | {token.meta["path"] for token in tokens if token.type == "sample_file"}


def normal(path: str) -> str:
    """A path as files are kept by: no `./` and no escapes; empty for what no file is named."""
    plain = unquote(path)
    return posixpath.normpath(plain) if plain and "\0" not in plain else ""


def resolve(tokens: Sequence[Token], about: Surroundings, anchors: set[str]) -> None:
    """Point links and images at what they mean; unmake those that mean nothing."""
    for block in tokens:
        if block.type == "inline" and block.children:
            block.children = _resolved(block.children, about, anchors)


def is_elsewhere(address: str) -> bool:
    return address.lower().startswith(_ELSEWHERE)


def _resolved(children: list[Token], about: Surroundings, anchors: set[str]) -> list[Token]:
    made: list[Token] = []
    kept: list[bool] = []  # of the links that are open
    for token in children:
        if token.type == "link_open":
            href = _address(str(token.attrs.get("href", "")), about, anchors)
            token.attrs["href"] = href
            if is_elsewhere(href):
                token.attrs["rel"] = REL
            kept.append(bool(href))
        if token.type == "image":
            _find_image(token, about)
        if token.type not in ("link_open", "link_close") or kept[-1]:
            made.append(token)
        if token.type == "link_close":
            kept.pop()
    return made


def _address(href: str, about: Surroundings, anchors: set[str]) -> str:
    """Where a link leads; empty: nowhere."""
    if is_elsewhere(href):
        return href
    if href.startswith(ARTICLE):
        key, anchor = _split(href)
        if key in about.closed:
            about.miss("closed", unquote(href))
        if key in about.articles:
            return article_path(key, about.language, anchor)
    elif href.startswith("#"):
        anchor = unquote(href[1:])
        if anchor in anchors:
            return href
        about.miss("anchor", unquote(href))
        return ""
    elif is_own_path(href):
        return href
    about.miss("link", unquote(href))
    return ""


def _find_image(token: Token, about: Surroundings) -> None:
    source = str(token.attrs.get("src", ""))
    if is_elsewhere(source):
        token.meta = {"elsewhere": source}
        return
    picture = about.pictures.get(normal(source))
    if picture is None:
        about.miss("image", unquote(source))
        return
    token.meta = {"address": file_path(about.key, picture.path), "picture": picture}


def _split(href: str) -> tuple[str, str]:
    key, _sign, anchor = unquote(href.removeprefix(ARTICLE)).partition("#")
    return key, anchor


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    for block in tokens:
        yield from block.children or ()
