"""Which telephone numbers the hotline may dial: verified ones of our own people, in our countries.

A number is dialled only as it stands, with + and country code, in the verified address of a
contact method of the kind "phone": `twilio://…/+8613800001111`. Premium-rate and satellite
numbers are never dialled, whatever the setting allows. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")
# Where a call costs whoever makes it, or brings money to whoever is called (ITU-T E.164 and the
# numbering plans of the countries named): premium rate, shared cost, satellites, and the
# Caribbean codes behind +1 that look like calls within North America.
NEVER: Final = (
    *("+979", "+808", "+870", "+878", "+881", "+882", "+883", "+888"),
    *("+1900", "+1976", "+1242", "+1246", "+1264", "+1268", "+1284", "+1345", "+1441", "+1473"),
    *("+1649", "+1664", "+1721", "+1758", "+1767", "+1784", "+1809", "+1829", "+1849", "+1868"),
    *("+1869", "+1876", "+1658"),
    *("+449", "+4487", "+4484", "+4470", "+4476", "+3389", "+49900", "+49137", "+81990", "+61190"),
)


def number_in(address: str) -> str:
    """The one number an address of a contact method rings; empty when that is not plain."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if any(name.lower() == "to" for name, _value in parse_qsl(parts.query)):
        return ""  # it rings others besides
    found = {one for one in unquote(parts.path).split("/") if _NUMBER.fullmatch(one)}
    return found.pop() if len(found) == 1 else ""


def may_be_dialled(number: str, *, allowed: Collection[str]) -> bool:
    """Whether a number begins with an allowed prefix ("+86") and is none of those that cost."""
    if not _NUMBER.fullmatch(number) or not number.startswith(tuple(allowed)):
        return False
    return not number.startswith(NEVER)


def is_prefix(text: str) -> bool:
    """Whether it can stand in the setting: + and a country code, with or without an area."""
    return re.fullmatch(r"\+[1-9][0-9]{0,6}", text) is not None
