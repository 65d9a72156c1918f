"""Signed reply addresses: whoever writes to one speaks in that ticket, if it is theirs.

`reply+<token>@<mail domain>` names a ticket and the person it was given to. The token is bound
to both and to nothing that changes; it is in lower case only, because mail servers on the way
may change the case, and the local part stays within the 64 octets of RFC 5321. It lets nobody
speak by itself: the mail's sender must also be that person, and proven so.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT: Final = "tickets.intake.reply_address"
_MAC_BYTES: Final = 15  # 120 bits, 24 characters
_TOKEN: Final = re.compile(r"reply\+([0-9a-z]{1,10})\.([0-9a-z]{1,10})\.([a-z2-7]{24})")
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Invited:
    """The ticket a reply address is for, and the person it was given to."""

    ticket_id: int
    user_id: int


def reply_address(*, ticket_id: int, user_id: int) -> str:
    """The address at which this person may reply to this ticket."""
    names = f"{_base36(ticket_id)}.{_base36(user_id)}"
    return f"reply+{names}.{_mac(names)}@{settings.MAIL_DOMAIN}"


def read(address: str) -> Invited | None:
    """Whom a bare address invites to which ticket; None if we did not give it out."""
    local, _at, domain = address.strip().lower().rpartition("@")
    found = _TOKEN.fullmatch(local)
    if found is None or domain != settings.MAIL_DOMAIN:
        return None
    ticket, user, mac = found.groups()
    if not hmac.compare_digest(mac, _mac(f"{ticket}.{user}")):
        return None
    return Invited(int(ticket, 36), int(user, 36))


def _mac(names: str) -> str:
    digest = salted_hmac(_SALT, names, algorithm="sha256").digest()[:_MAC_BYTES]
    return base64.b32encode(digest).decode().lower()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
