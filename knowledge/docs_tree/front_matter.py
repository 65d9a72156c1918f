"""The head of a page: YAML between two lines of `---`."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

import yaml
from django.utils.text import slugify

from accounts.plans import PLANS
from knowledge import versions
from knowledge.docs_tree.page import Page, Shared, Unreadable, in_lines
from knowledge.languages import Language
from knowledge.models import ArticleKind, Audience, Platform

KNOWN: Final = {
    *("key", "title", "language", "kind", "product", "platforms", "versions", "audience", "plans"),
    *("organizations", "categories", "summary", "review", "owner", "tested_with", "checked"),
    *("pair", "state", "behind"),
}
LONGEST_KEY: Final = 80
LONGEST_HEAD: Final = 20_000  # characters; YAML of more is nobody's front matter
_HEAD: Final = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE
)
_FIRST_HEADING: Final = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*$\n?", re.MULTILINE)
_LANGUAGES: Final = {"en", "zh"}


class _Loader(yaml.SafeLoader):
    """YAML without aliases: a few of them can stand for more than any memory holds."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise Unreadable("The front matter has aliases (*name), which are not read.")
        return super().compose_node(parent, index)


def load_yaml(text: str) -> Any:
    """What the YAML holds; `Unreadable` with the line when it is broken."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        what = getattr(error, "problem", None) or "not YAML"
        raise Unreadable(f"Broken YAML{where}: {what}") from None


def parse(text: str, source: str) -> Page:
    """The page a file holds; `Unreadable` when it cannot be taken in.

    What the head leaves out is found where people put it: the language in the first folder's
    name, the title in the first heading, the key in the path.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    match = _HEAD.match(text)
    if match is None and text.startswith("---\n"):
        raise Unreadable("The front matter has no end: a second line of --- is missing.")
    if match and len(match[1]) > LONGEST_HEAD:
        raise Unreadable("The front matter is too long.")
    head = load_yaml(match[1]) if match else {}
    body = text[match.end() :] if match else text
    return page_of(head or {}, body, source)


def page_of(head: Any, body: str, source: str) -> Page:
    """The same from what the head holds, wherever it came from."""
    if not isinstance(head, Mapping):
        raise Unreadable("The front matter is no list of names and values.")
    if unknown := sorted(str(name) for name in head.keys() - KNOWN):
        raise Unreadable(f"Unknown in the front matter: {', '.join(unknown)}.")
    if not (is_text(source) and is_text(body) and is_all_text(head)):
        raise Unreadable("It contains characters that are no text.")
    path = PurePosixPath(source)
    folder = path.parts[0] if len(path.parts) > 1 else ""
    language = _text(head, "language") or (folder if folder in _LANGUAGES else "")
    if language not in _LANGUAGES:
        raise Unreadable("The language is missing: say en or zh.")
    title = _text(head, "title")
    if not title and (heading := _FIRST_HEADING.match(body)):
        title, body = heading[1], body[heading.end() :]
    if not title:
        raise Unreadable("The title is missing.")
    below = path.relative_to(folder) if folder in _LANGUAGES else path
    key = _text(head, "key") or key_of(str(below.with_suffix("")))
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,80}", key):
        raise Unreadable("A key has letters, digits, - and _, 80 at most.")
    state = _one_of(head, "state", {"published", "draft"}, "published")
    return Page(
        source=source,
        key=key,
        language=Language(language),
        title=title,
        body=in_lines(body),
        summary=_text(head, "summary"),
        is_draft=state == "draft",
        is_behind=_flag(head, "behind"),
        pair=_text(head, "pair"),
        shared=_shared(head),
    )


def is_text(text: str) -> bool:
    """Whether the database can keep it: no NUL, and no half of a character (JSON and YAML can
    spell both, and so can a file's name)."""
    return "\0" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def is_all_text(value: Any) -> bool:
    """The same of everything in a head; there are no cycles without aliases."""
    if isinstance(value, Mapping):
        return all(is_all_text(one) for pair in value.items() for one in pair)
    if isinstance(value, (list, tuple, set)):
        return all(map(is_all_text, value))
    return not isinstance(value, str) or is_text(value)


def key_of(name: str) -> str:
    """A key made of a path; long or foreign ones keep apart by a digest."""
    key = slugify(re.sub(r"[/#.]+", "-", name))
    plain = re.sub(r"[^\x00-\x7f]", "", name) == name
    if key and plain and len(key) <= LONGEST_KEY:
        return key
    digest = hashlib.sha256(name.encode()).hexdigest()[:10]
    return f"{key[: LONGEST_KEY - 11].strip('-')}-{digest}".lstrip("-")


def _shared(head: Mapping[str, Any]) -> Shared:
    try:
        span = versions.parse_range(_text(head, "versions"))
    except ValueError:
        raise Unreadable("Write versions like “>=4.0.0,<6.0.0”.") from None
    tested_with = _text(head, "tested_with")
    try:
        tested_with = str(versions.parse(tested_with)) if tested_with else ""
    except ValueError:
        raise Unreadable("Write tested_with like 5.2.1.") from None
    return Shared(
        kind=_one_of(head, "kind", set(ArticleKind.values), ArticleKind.GUIDE),
        product=_text(head, "product"),
        platforms=_list(head, "platforms", set(Platform.values)),
        versions_from=str(span.first or ""),
        versions_before=str(span.before or ""),
        audience=_one_of(head, "audience", set(Audience.values), Audience.PUBLIC),
        plans=_list(head, "plans", set(PLANS)),
        organizations=_list(head, "organizations", None),
        categories=_list(head, "categories", None),
        owner=_text(head, "owner"),
        review=_date(head, "review"),
        tested_with=tested_with,
        checked=_date(head, "checked"),
    )


def _text(head: Mapping[str, Any], name: str) -> str:
    value = head.get(name)
    if value is None:
        return ""
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return str(value).strip()
    raise Unreadable(f"{name} is no text.")


def _flag(head: Mapping[str, Any], name: str) -> bool:
    value = head.get(name, False)
    if not isinstance(value, bool):
        raise Unreadable(f"{name} is true or false.")
    return value


def _one_of(head: Mapping[str, Any], name: str, known: set[str], default: str) -> str:
    value = _text(head, name) or default
    if value not in known:
        raise Unreadable(f"{name} is one of {', '.join(sorted(known))}, not “{value[:40]}”.")
    return value


def _list(head: Mapping[str, Any], name: str, known: set[str] | None) -> tuple[str, ...]:
    value = head.get(name) or []
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in items):
        raise Unreadable(f"{name} is no list of words.")
    if known is not None and (foreign := [item for item in items if item not in known]):
        raise Unreadable(f"{name} knows {', '.join(sorted(known))}, not “{foreign[0][:40]}”.")
    return tuple(dict.fromkeys(items))


def _date(head: Mapping[str, Any], name: str) -> dt.date | None:
    value = head.get(name)
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    raise Unreadable(f"{name} is a day: 2027-03-01.")


def write(page: Page) -> str:
    """The page as a file; what has its usual value is left out."""
    usual, shared = Shared(), page.shared
    head: dict[str, Any] = {"key": page.key, "title": page.title, "language": str(page.language)}
    head["kind"] = str(shared.kind)
    span = versions.VersionRange(
        versions.parse(shared.versions_from) if shared.versions_from else None,
        versions.parse(shared.versions_before) if shared.versions_before else None,
    )
    if str(span):
        head["versions"] = str(span)
    for name in ("product", "platforms", "audience", "plans", "organizations", "categories"):
        if (value := getattr(shared, name)) != getattr(usual, name):
            head[name] = list(value) if isinstance(value, tuple) else str(value)
    if page.summary:
        head["summary"] = page.summary
    for name in ("review", "owner", "tested_with", "checked"):
        if value := getattr(shared, name):
            head[name] = value
    if page.is_draft:
        head["state"] = "draft"
    if page.is_behind:
        head["behind"] = True
    written = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{written}---\n{in_lines(page.body)}"
