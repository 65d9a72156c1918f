"""The hotline's settings: our numbers and their languages, and where engineers may be called."""

from __future__ import annotations

import re
from typing import Final

from accounts import dialling
from portal.environment import optional, refuse

LANGUAGES: Final = ("en", "zh-hans")
DEFAULT_PREFIXES: Final = "+86, +852, +853, +886, +65"
_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")


def numbers(name: str) -> dict[str, str]:
    """Return our own numbers with the language each is answered in; empty: the caller chooses.

    `+861050001234=zh-hans, +14155550100=en, +6531580000`. Raises nothing: refuses to start.
    """
    found: dict[str, str] = {}
    for one in filter(None, (part.strip() for part in optional(name).split(","))):
        number, _equals, language = (part.strip() for part in one.partition("="))
        if not _NUMBER.fullmatch(number) or (language and language not in LANGUAGES):
            refuse(f"{name}: {one!r} is not a number like +861050001234=zh-hans.")
        found[number] = language
    return found


def prefixes(name: str) -> tuple[str, ...]:
    """Return the beginnings of numbers that may be dialled, each with + and a country code."""
    found = tuple(one.strip() for one in optional(name, DEFAULT_PREFIXES).split(",") if one.strip())
    for one in found:
        if not dialling.is_prefix(one):
            refuse(f"{name}: {one!r} is not a prefix like +86.")
    return found


def account(name: str) -> str:
    """Return the provider's account, AC and 32 hexadecimal digits; empty when unset."""
    value = optional(name)
    if value and not re.fullmatch(r"AC[0-9a-f]{32}", value):
        refuse(f"{name} is not an account like AC0123….")
    return value


def api(name: str, default: str) -> str:
    """Return where recordings are fetched from: https, or http to this machine for a trial."""
    value = optional(name, default).rstrip("/")
    if not re.fullmatch(r"https://[a-z0-9.-]+(:\d+)?|http://127\.0\.0\.1:\d+", value):
        refuse(f"{name} must be https://host, without a path, not {value!r}.")
    return value
