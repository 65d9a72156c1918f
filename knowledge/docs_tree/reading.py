"""Read a folder of Markdown, or a file of JSON lines, into pages with their files.

What cannot be read is a `Problem` and nothing more: the other pages come in.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from knowledge.docs_tree import front_matter, links
from knowledge.docs_tree.page import PICTURES, SAMPLES, Page, Problem, Unreadable
from knowledge.languages import Language
from knowledge.models.article_file import LARGEST_FILE

LARGEST_PAGE: Final = 4_000_000  # bytes
_CATALOGUES: Final = ("categories", "releases", "error_codes")
_ALIASES: Final = {"id": "key", "lang": "language", "text": "body"}
_OF_OTHERS: Final = {"source"}  # names in lines of other programs that say nothing to us


@dataclass(slots=True)
class Tree:
    """`samples` and `pictures` are the files of each article, by path.

    `catalogues` are the rows of categories*.yaml, releases*.yaml and error_codes*.yaml.
    """

    pages: list[Page] = field(default_factory=list)
    samples: dict[str, dict[str, bytes]] = field(default_factory=dict)
    pictures: dict[str, dict[str, bytes]] = field(default_factory=dict)
    catalogues: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    skipped: list[Problem] = field(default_factory=list)
    broken: list[Problem] = field(default_factory=list)


def read(path: Path) -> Tree:
    """A folder or a `.jsonl` (`.jsonl.gz`) file. Raises `OSError` when there is neither."""
    if not path.is_dir():
        tree = _read_lines(path)
        _pair_up(tree)
        return tree
    tree = _read_folder(path)
    _pair_up(tree)
    pages = {page.source: page for page in tree.pages}
    for page in tree.pages:
        _resolve_links(path, page, pages, tree)
    return tree


def _read_folder(root: Path) -> Tree:
    tree = Tree()
    for path in sorted(root.rglob("*.md")):
        source = path.relative_to(root).as_posix()
        if path.is_dir() or _is_hidden(source) or _is_of_article(source):
            continue
        try:
            tree.pages.append(front_matter.parse(_text_of(path, LARGEST_PAGE), source))
        except Unreadable as problem:
            tree.skipped.append(Problem(source, str(problem)))
    for name in _CATALOGUES:
        tree.catalogues[name] = list(_catalogue(root, name, tree))
    tree.samples = _files_of_articles(root, SAMPLES, tree)
    tree.pictures = _files_of_articles(root, PICTURES, tree)
    return tree


def _text_of(path: Path, most: int) -> str:
    try:
        if path.is_symlink():
            raise Unreadable("A link to another file is not followed.")
        if path.stat().st_size > most:
            raise Unreadable("The file is too large.")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Unreadable("The file is not UTF-8.") from None
    except OSError as error:
        raise Unreadable(f"The file cannot be read: {error.strerror}.") from None


def _is_hidden(source: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(source).parts)


def _is_of_article(source: str) -> bool:
    return source.startswith((f"{SAMPLES}/", f"{PICTURES}/"))


def _catalogue(root: Path, name: str, tree: Tree) -> Iterator[tuple[str, Any]]:
    """The rows of each `<name>*.yaml`, with the file and number of each."""
    for path in sorted(root.glob(f"{name}*.yaml")):
        try:
            rows = front_matter.load_yaml(_text_of(path, LARGEST_PAGE)) or []
            if not isinstance(rows, list):
                raise Unreadable("The file is no list.")
        except Unreadable as problem:
            tree.skipped.append(Problem(path.name, str(problem)))
            continue
        yield from ((f"{path.name} #{number}", row) for number, row in enumerate(rows, 1))


def _files_of_articles(root: Path, name: str, tree: Tree) -> dict[str, dict[str, bytes]]:
    """What stands in `<name>/<key>/`, by key and path."""
    files: dict[str, dict[str, bytes]] = {}
    for folder in sorted((root / name).glob("*")):
        if not folder.is_dir() or folder.is_symlink():
            continue
        for path in sorted(folder.rglob("*")):
            source = path.relative_to(root).as_posix()
            if path.is_file() and not path.is_symlink() and not _is_hidden(source):
                if path.stat().st_size > LARGEST_FILE:
                    tree.skipped.append(Problem(source, "The file is larger than 2 MB."))
                    continue
                of_article = files.setdefault(folder.name, {})
                of_article[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def _resolve_links(root: Path, page: Page, pages: dict[str, Page], tree: Tree) -> None:
    here = PurePosixPath(page.source).parent
    pictures = tree.pictures.get(page.key, {})

    def resolve(target: str, is_image: bool) -> str | None:
        path, _hash, anchor = target.partition("#")
        if target.startswith(links.ARTICLE):
            return links.with_anchor(path, anchor)
        found = _joined(here, path)
        if found in pages:
            return links.with_anchor(f"{links.ARTICLE}{pages[found].key}", anchor)
        if not is_image:
            return None
        whole = _joined(here, target)  # a file may have a # in its name
        return _kept_image(root, page, whole, pictures) or _kept_image(root, page, found, pictures)

    page.body, problems = links.rewrite(page.body, page.source, resolve)
    tree.broken += problems


def _kept_image(
    root: Path, page: Page, found: str | None, pictures: Mapping[str, bytes]
) -> str | None:
    """The path of the image in its article, spelled: as in the article's own folder, or else
    as in the tree. None when there is none, or another one has that path."""
    if found is None:
        return None
    own = found.removeprefix(f"{PICTURES}/{page.key}/")
    if own != found:
        return links.spelled(own) if own in pictures else None
    image = _image(root, found)
    if image is None or pictures.get(found, image) != image:
        return None
    page.images[found] = image
    return links.spelled(found)


def _image(root: Path, path: str) -> bytes | None:
    """The file below the root; None when there is none, whatever the path is. One byte more than
    may be kept is read at most: that it is too large is told where it is kept."""
    try:
        file = root / path
        if not file.is_file() or not file.resolve().is_relative_to(root.resolve()):
            return None
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except (OSError, ValueError):  # a name too long for a file, one that is no name
        return None


def _joined(here: PurePosixPath, path: str) -> str | None:
    """`path` seen from `here`, below the root; None when it leads out of it."""
    parts: list[str] = []
    for part in (here / path).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _read_lines(path: Path) -> Tree:
    tree = Tree()
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            source = f"{path.name}:{number}"
            try:
                if line.strip():
                    tree.pages.append(_page_of_line(line, source))
            except Unreadable as problem:
                tree.skipped.append(Problem(source, str(problem)))
    return tree


def _page_of_line(line: str, source: str) -> Page:
    if len(line) > LARGEST_PAGE:
        raise Unreadable("The line is too long.")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise Unreadable("The line is not JSON.") from None
    if not isinstance(row, dict):
        raise Unreadable("The line is no object.")
    head = {_ALIASES.get(name, name): value for name, value in row.items()}
    body = head.pop("body", "")
    if not isinstance(body, str):
        raise Unreadable("The text is no text.")
    for name in _OF_OTHERS & head.keys():
        head.pop(name)
    identifier = str(head.get("key") or "")
    if not front_matter.is_text(identifier):
        raise Unreadable("It contains characters that are no text.")
    if identifier:
        head["key"] = front_matter.key_of(identifier)
    page = front_matter.page_of(head, body, source)
    page.source = identifier or source
    return page


def _pair_up(tree: Tree) -> None:
    """Give pages that name each other as `pair` one key: that of the English page.

    Pages of the same language and key are one too many: the first is taken.
    """
    by_source = {page.source: page for page in tree.pages}
    for page in tree.pages:
        if not page.pair:
            continue
        other = by_source.get(page.pair) or by_source.get(
            _joined(PurePosixPath(page.source).parent, page.pair) or ""
        )
        if other is None or other.language == page.language:
            tree.broken.append(Problem(page.source, f"its pair leads nowhere: {page.pair[:200]}"))
        elif page.language == Language.ZH:
            page.key = other.key
        else:
            other.key = page.key
    kept: dict[tuple[str, str], Page] = {}
    for page in tree.pages:
        first = kept.setdefault((page.key, page.language), page)
        if first is not page:
            reason = f"{first.source} has the same key and language: {page.key}"
            tree.skipped.append(Problem(page.source, reason))
    tree.pages = list(kept.values())
