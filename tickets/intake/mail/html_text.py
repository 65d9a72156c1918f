"""HTML mail to text, remembering what its program marked as quoted or as a signature.

Walked here and not by a library for text: that sets tables in columns and knows no quotes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tickets.intake.mail.html_walk import TooDeep, walk
from tickets.intake.mail.quote_heads import CUT_MARK
from tickets.intake.mail.signatures import trimmed

MOST_HTML: Final = 500_000  # characters that are looked at
MOST_QUOTE_MARKS: Final = 5
SIGNED_MARK: Final = "\x02"  # begins each line of a signature

_QUOTE_NAMES: Final = re.compile(
    r"\b(?:gmail_quote(?:_container)?|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|"
    r"ntes-mailmaster-quote|ntes-pcmail-quote|ntes_not_fresh_quote|isreplycontent|isforwardcontent|"
    r"mail-editor-reference-message-container|olk_src_body_section|moz-forward-container|"
    r"replied-message|reply-quote|mail_quote|mailquote|quoted-message|x_gmail_quote|"
    r"front-blockquote|aliyun_quote|airmail_quote|sx-quoted|ms-outlook-quote)\b"
)
_CUT_NAMES: Final = re.compile(r"\b(?:divrplyfwdmsg|appendonsend|reply-intro|stopspelling)\b")
_SIGNED_NAMES: Final = re.compile(
    r"\b(?:gmail_signature|moz-signature|ms-outlook-mobile-signature|_foxfromname|"
    r"protonmail_signature_block|ntes-pcmail-signature|mail-signature|apple-mail-signature|"
    r"zimbra-signature|alimail-signature|spark_signature)\b"
)
_SIGNED_IDS: Final = {"signature", "_foxsignature", "applemailsignature"}
_STRUCTURE: Final = re.compile(
    r"<blockquote|<includetail|" + "|".join(_QUOTE_NAMES.pattern[5:-3].split("|")), re.I
)
_INDENTED: Final = re.compile(r"border(?:-left)?:\s*(?:none|0|medium none)|0\s*0\s*0\s*40px", re.I)
_HIDDEN: Final = re.compile(r"display:\s*none|mso-hide:\s*all", re.I)
_SKIPPED: Final = {"script", "style", "head", "title", "template", "noscript", "object", "svg"}
_BLOCKS: Final = set(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form "
    "h1 h2 h3 h4 h5 h6 header html li main nav ol p pre section table tr ul includetail".split()
)
_APART: Final = set("p h1 h2 h3 h4 h5 h6 pre blockquote table ul ol".split())
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_TAG: Final = re.compile(r"<[^<>]{0,2000}>?")
_BLANKS: Final = re.compile(r"(?:\n[> \t\u00a0]*){3,}(?=\n)")


def html_to_text(html: str) -> str:
    """What a reader would see, quoted lines behind ">"; "" if there is nothing to see."""
    lines = marked_lines(html)
    return "\n".join(line.removeprefix(SIGNED_MARK) for line in lines if line != CUT_MARK).strip(
        "\n"
    )


def has_structure(html: str) -> bool:
    """Whether a program may have marked a quote in this HTML."""
    return _STRUCTURE.search(html[:MOST_HTML]) is not None


def marked_lines(html: str) -> list[str]:
    """Lines of text: quoted ones behind ">", signatures behind SIGNED_MARK, cuts as CUT_MARK."""
    html = html[:MOST_HTML]
    writer = _Writer()
    try:
        walk(html, writer)
    except TooDeep:
        return _without_tags(html)
    return writer.finished() or _without_tags(html)


def _without_tags(html: str) -> list[str]:
    """What is left of HTML that no parser reads, such as one nested too deep."""
    return [line for line in _TAG.sub("\n", html).split("\n") if line.strip()]


@dataclass(slots=True)
class _Writer:
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    quotes: int = 0
    signed: int = 0
    skipped: int = 0
    kept_spaces: int = 0
    open: list[tuple[str, str]] = field(default_factory=list)  # mark and link of each element
    said: list[str] = field(default_factory=list)  # since the last tag

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._say()
        if self.skipped or tag in _SKIPPED or _HIDDEN.search(attributes.get("style", "")):
            self.skipped += 1
            return
        if tag in _BLOCKS or tag in ("br", "hr"):
            self._break(apart=tag in _APART, always=tag == "br")
        href = attributes.get("href", "").strip() if tag == "a" else ""
        self.open.append((self._mark(attributes, tag), href))
        if tag == "hr":
            self.line.append("_" * 32)
            self._break()
        elif tag == "li":
            self.line.append("- ")
        elif tag == "pre":
            self.kept_spaces += 1

    def end(self, tag: str) -> None:
        self._say()
        if self.skipped:
            self.skipped -= 1
            return
        mark, href = self.open.pop()
        if tag in _BLOCKS:
            self._break(apart=tag in _APART)
        elif tag in ("td", "th"):
            self.line.append(" ")
        elif tag == "a":
            self._link(href)
        self.quotes -= mark == "quote"
        self.signed -= mark == "signed"
        self.kept_spaces -= tag == "pre"

    def data(self, text: str) -> None:
        if not self.skipped:
            self.said.append(text)

    def finished(self) -> list[str]:
        self._say()
        self._break()
        whole = _BLANKS.sub("\n\n", "\n".join(self.lines)).strip("\n")
        return whole.split("\n") if whole else []

    def _mark(self, attributes: Mapping[str, str], tag: str) -> str:
        """Note what an element marks; "quote" or "signed" until it ends."""
        own_id = attributes.get("id", "").lower()
        name = f"{attributes.get('class', '')} {own_id} ".lower()[:500]
        if _CUT_NAMES.search(name) and not self.quotes:
            self.lines.append(CUT_MARK)
        elif _QUOTE_NAMES.search(name) or tag == "includetail" or _is_cited(attributes, tag):
            self.quotes += 1
            return "quote"
        elif _SIGNED_NAMES.search(name) or own_id in _SIGNED_IDS:
            self.signed += 1
            return "signed"
        return ""

    def _say(self) -> None:
        text, self.said = "".join(self.said), []
        self._write(text)

    def _write(self, text: str) -> None:
        if not text:
            return
        text = text.replace("\u00a0", " ")
        if self.kept_spaces:
            first, *rest = text.split("\n")
            self.line.append(first)
            for one in rest:
                self._break(always=True)
                self.line.append(one)
            return
        text = _SPACES.sub(" ", text)
        if not self.line or self.line[-1].endswith(" "):
            text = text.lstrip(" ")
        if text:
            self.line.append(text)

    def _link(self, href: str) -> None:
        shown = "".join(self.line[-1:])
        if href.lower().startswith(("http://", "https://")) and len(href) <= 300:
            if shown.strip() and "://" not in shown and not self.quotes:
                self.line.append(f" <{href}>")

    def _break(self, *, apart: bool = False, always: bool = False) -> None:
        text = trimmed("".join(self.line))
        self.line = []
        if text or always:
            self.lines.append(self._prefix() + text)
        if apart and self.lines and self.lines[-1].strip("> "):
            self.lines.append(self._prefix().rstrip())

    def _prefix(self) -> str:
        if self.quotes:
            return ">" * min(self.quotes, MOST_QUOTE_MARKS) + " "
        return SIGNED_MARK if self.signed else ""


def _is_cited(attributes: Mapping[str, str], tag: str) -> bool:
    """Whether this is a quote, and not only set in."""
    if tag != "blockquote":
        return False
    is_named = attributes.get("type") == "cite" or attributes.get("class") or attributes.get("cite")
    return bool(is_named) or not _INDENTED.search(attributes.get("style", ""))
