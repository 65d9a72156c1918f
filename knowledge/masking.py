"""Take customers' data out of a text that others will read. Pure.

What is masked stays visible as what it was: `[e-mail]`, `[name]`. Better too much than too
little: whoever writes the article puts back what is harmless.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

_FIRST: Final = 0xE000  # of the characters that belong to nobody: they stand for masks meanwhile
LABELS: Final = {
    # what -> in English, in Chinese
    "secret": ("secret", "密钥"),
    "email": ("e-mail", "邮箱"),
    "app": ("app ID", "应用 ID"),
    "ip": ("IP", "IP"),
    "device": ("device", "设备"),
    "phone": ("phone", "电话"),
    "ticket": ("ticket", "工单"),
    "customer": ("customer", "客户"),
    "name": ("name", "姓名"),
}
_KINDS: Final = tuple(LABELS)
_PRIVATE: Final = re.compile("[\ue000-\ue0ff]")


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a ticket knows: people by their names, customers by name or domain.

    Of `whole_names`, of colleagues who took no part and of people guessed from what is said,
    no part is looked for: it would be a word.
    """

    people: tuple[str, ...] = ()
    whole_names: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    ticket_keys: tuple[str, ...] = ()  # "STAR": the tickets STAR-1, STAR-2 … are theirs


def mask(text: str, known: Known = Known(), *, language: str = "en") -> str:
    """The text with what belongs to a customer replaced; labels in `language` ("en" or "zh")."""
    marked = _marked(text, known)
    column = 1 if language.startswith("zh") else 0
    return _PRIVATE.sub(lambda m: f"[{LABELS[_KINDS[ord(m[0]) - _FIRST]][column]}]", marked)


def found(text: str, known: Known = Known()) -> list[str]:
    """The kinds of what `mask` would replace there, each once, in the order of `LABELS`."""
    marks = {ord(one) - _FIRST for one in _PRIVATE.findall(_marked(text, known))}
    return [kind for number, kind in enumerate(_KINDS) if number in marks]


def _marked(text: str, known: Known) -> str:
    text = _PRIVATE.sub("\N{REPLACEMENT CHARACTER}", text)
    for kind, pattern, replace in _RULES:
        text = pattern.sub(replace(_mark(kind)), text)
    text = _IP6.sub(_if_address, text)
    for key in known.ticket_keys:
        text = re.sub(rf"(?<![\w-]){re.escape(key)}-\d+\b", _mark("ticket"), text, flags=re.I)
    for name in _longest_first(known.customers):
        text = _customer(name).sub(_mark("customer"), text)
    for name in _longest_first(known.people):
        for pattern in _person(name):
            text = pattern.sub(_mark("name"), text)
    for name in _longest_first(known.whole_names):
        text = re.sub(_bounded(name), _mark("name"), text)
    return text


def _mark(kind: str) -> str:
    return chr(_FIRST + _KINDS.index(kind))


def _whole(mark: str) -> str:
    return mark


def _after(mark: str) -> str:
    return rf"\g<before>{mark}"


_SECRECY: Final = (
    r"(?:access|refresh|auth|bearer|id|push|device|registration)?[_-]?token|user_?sig"
    r"|(?:app|client|api|access)?[_-]?(?:secret|certificate)(?:[_-]?key)?"
    r"|(?:api|access|private|sign(?:ing)?|encryption|license)[_-]?key"
    r"|password|passwd|pwd|signature|authorization|cookie|session_?id"
    r"|密码|口令|密钥|私钥|令牌|签名"
)
_APP_WORDS: Final = r"(?:sdk[ _-]?)?app[ _-]?(?:id|key)|application[ _-]?id|应用 ?(?:ID|标识)"
_EQUALS: Final = r"""["'”]?\s{0,3}[:=：]\s{0,3}"""
_IS: Final = r"""["'”]?\s{0,3}(?:[:=：]|\bis\b|为|是)\s{0,3}"""
_VALUE: Final = r"""["'“]?[^\s"'“”,，。;；&<>()（）\]}\ue000-\ue0ff]{2,400}["'”]?"""
_RULES: Final[tuple[tuple[str, re.Pattern[str], Callable[[str], str]], ...]] = (
    (
        "secret",
        re.compile(
            r"-----BEGIN [A-Z ]{0,40}(?:KEY|CERTIFICATE)-----.*?(?:-----END [A-Z ]{0,40}-----|\Z)",
            re.S,
        ),
        _whole,
    ),
    (
        "secret",
        re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]{1,20}://)[^\s/@:]+:[^\s/@]+(?=@)"),
        _after,
    ),
    ("email", re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.A), _whole),
    ("app", re.compile(rf"(?P<before>(?<![a-z])(?:{_APP_WORDS}){_IS}){_VALUE}", re.I), _after),
    (
        "secret",
        re.compile(
            rf"(?P<before>(?<![a-z])(?:{_SECRECY})(?:{_EQUALS}|{_IS}(?=\S*\d)))"
            rf"(?:(?:Bearer|Basic)\s)?{_VALUE}",
            re.I,
        ),
        _after,
    ),
    (
        "secret",
        re.compile(r"(?P<before>\b(?:Bearer|Basic)\s)[A-Za-z0-9._~+/=-]{6,}", re.I),
        _after,
    ),
    ("secret", re.compile(r"\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"), _whole),
    (
        "secret",
        re.compile(r"\b(?:AKIA|LTAI|ghp_|gho_|github_pat_|sk-|xox[a-z]-|AIza)[\w-]{12,}"),
        _whole,
    ),
    # Long and without meaning: digits and letters mixed, as keys and digests are.
    (
        "secret",
        re.compile(
            r"(?<![\w/+.-])(?=[A-Za-z+_/-]{0,100}\d)(?=[\d+_/-]{0,100}[A-Za-z])"
            r"[A-Za-z0-9+_-]{32,}={0,2}(?![\w/])"
        ),
        _whole,
    ),
    (
        "device",
        re.compile(
            r"(?<![\w:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])", re.I
        ),
        _whole,
    ),
    (
        "ip",
        re.compile(
            r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)"
            r"(?!\.?\d)(?::\d{1,5}\b)?"
        ),
        _whole,
    ),
    ("phone", re.compile(r"(?<![\w+])(?:\+|00)\d[\d ().-]{6,18}\d(?!\d)"), _whole),
    ("phone", re.compile(r"(?<![\w.])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\w.]\d|\d)", re.A), _whole),
    ("phone", re.compile(r"(?<![\w.-])\(?0\d{2,3}\)?[ -]\d{7,8}(?!\d)", re.A), _whole),
    ("phone", re.compile(r"(?<![\w.-])\(?\d{3}\)?[ -]\d{3}-\d{4}(?![\w-])", re.A), _whole),
)
_IP6: Final = re.compile(r"(?<![\w:.])[0-9a-f:]{2,39}:[0-9a-f:.]{1,39}(?![\w:])", re.I)


def _if_address(match: re.Match[str]) -> str:
    """An IPv6 address masked; a time, a scope or a bare `::` as it was."""
    text = match[0].rstrip(".:")
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return match[0]
    if address.is_loopback or address.is_unspecified or not any(one.isdigit() for one in text):
        return match[0]
    return _mark("ip") + match[0][len(text) :]


def _longest_first(names: Iterable[str]) -> list[str]:
    """Names worth looking for: one letter alone stands in every text."""
    return sorted({" ".join(one.split()) for one in names if len(one.strip()) > 1}, key=len)[::-1]


_COMPANY: Final = re.compile(
    r"[,，]?\s*(?:Inc|Ltd|LLC|GmbH|Corp|Co|Limited|Corporation|Company|Technologies|Technology)\.?$"
    r"|(?:股份|科技|网络|信息|技术|软件|集团)*(?:有限)?公司$",
    re.I,
)


def _customer(name: str) -> re.Pattern[str]:
    """The name with and without what companies add to it; a domain with all beneath it."""
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", name):
        return re.compile(rf"(?<![\w-])(?:[\w-]{{1,63}}\.){{0,8}}{re.escape(name)}(?![\w-])", re.I)
    short = name
    while (shorter := _COMPANY.sub("", short)) != short and len(shorter) > 1:
        short = shorter
    return re.compile("|".join(_bounded(one) for one in dict.fromkeys((name, short))), re.I)


def _bounded(name: str) -> str:
    """A name as a whole word; Chinese stands without spaces around it."""
    before = r"(?<![A-Za-z0-9_])" if name[0].isascii() else ""
    after = r"(?![A-Za-z0-9_])" if name[-1].isascii() else ""
    return before + r"\s+".join(map(re.escape, name.split())) + after


_TITLES: Final = "(?:工程师|经理|主管|先生|女士|小姐|老师|同学|总|工|哥|姐)"


def _person(name: str) -> list[re.Pattern[str]]:
    """The whole name in any case; a part of it as names are written; 王总, 小王 for 王小明."""
    made = [re.compile(_bounded(name), re.I)]
    if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", name):
        surname, given = name[0], name[1:]
        made.append(
            re.compile(rf"{surname}{_TITLES}|[小老阿]{surname}(?![\u4e00-\u9fff]{{0,1}}\w*公司)")
        )
        if len(given) > 1 and not re.fullmatch(_TITLES, given):  # 顾老师 is one, 老师 is not
            made.append(re.compile(given))
    else:
        parts = [part for part in re.split(r"[\s.·]+", name) if len(part) > 2 and part[0].isupper()]
        made += [re.compile(_bounded(part)) for part in parts]
    return made
