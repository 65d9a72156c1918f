"""Read a folder of Markdown, or a file of JSON lines, into pages with their files.

What cannot be read is a `Problem` and nothing more: the other pages come in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from knowledge.docs_tree import front_matter, links
from knowledge.docs_tree.json_lines import read_lines
from knowledge.docs_tree.page import LARGEST_PAGE, PICTURES, SAMPLES, Page, Problem, Unreadable
from knowledge.docs_tree.tree import Tree
from knowledge.languages import Language
from knowledge.models.article_file import LARGEST_FILE

_CATALOGUES: Final = ("categories", "releases", "error_codes")


def read(path: Path) -> Tree:
    """A folder or a `.jsonl` (`.jsonl.gz`) file. Raises `OSError` when there is neither."""
    if not path.is_dir():
        tree = read_lines(path)
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
    """What stands in `<name>/<key>/`, by key and path; hidden files are files like others."""
    files: dict[str, dict[str, bytes]] = {}
    for folder in sorted((root / name).glob("*")):
        for path in sorted(folder.rglob("*")) if not folder.is_symlink() else [folder]:
            source = path.relative_to(root).as_posix()
            if path.is_symlink():
                tree.skipped.append(Problem(source, "A link to another file is not followed."))
            elif not front_matter.is_text(source):
                reason = "Its name contains characters that are no text."
                tree.skipped.append(Problem(source, reason))
            elif path.is_file() and path.stat().st_size > LARGEST_FILE:
                tree.skipped.append(Problem(source, "The file is larger than 2 MB."))
            elif path.is_file():
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


def _pair_up(tree: Tree) -> None:
    """Give pages that name each other as `pair` one key: that of the English page.

    A text may stand there twice, published and as a newer draft. Further pages of the same
    language and key are too many: the first is taken.
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
    kept: dict[tuple[str, str, bool], Page] = {}
    for page in tree.pages:
        first = kept.setdefault((page.key, page.language, page.is_draft), page)
        if first is not page:
            reason = f"{first.source} has the same key and language: {page.key}"
            tree.skipped.append(Problem(page.source, reason))
    tree.pages = list(kept.values())
