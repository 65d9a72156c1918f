"""Return addresses: a mail that bounces comes back to one that names its delivery.

`bounce+<delivery>.<mac>@<mail domain>` is the envelope's sender of each mail of ours. It is
signed, so that nobody who merely saw a Message-ID can report a mail as undeliverable; in lower
case only and within the 64 octets of RFC 5321, as mail servers on the way may change the case.
"""

from __future__ import annotations

import base64
import hmac
import re
import uuid
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT: Final = "tickets.intake.bounce_address"
_MAC_BYTES: Final = 15  # 120 bits, 24 characters
_TOKEN: Final = re.compile(r"bounce\+([a-z2-7]{26})\.([a-z2-7]{24})")


def bounce_address(delivery_id: uuid.UUID) -> str:
    """Where a bounce of this delivery comes back to."""
    name = base64.b32encode(delivery_id.bytes).decode().lower().rstrip("=")
    return f"bounce+{name}.{_mac(name)}@{settings.MAIL_DOMAIN}"


def read(address: str) -> uuid.UUID | None:
    """The delivery a bare address names; None if we did not give it out."""
    local, _at, domain = address.strip().lower().rpartition("@")
    found = _TOKEN.fullmatch(local)
    if found is None or domain != settings.MAIL_DOMAIN:
        return None
    name, mac = found.groups()
    if not hmac.compare_digest(mac, _mac(name)):
        return None
    return uuid.UUID(bytes=base64.b32decode(f"{name.upper()}======"))


def _mac(name: str) -> str:
    digest = salted_hmac(_SALT, name, algorithm="sha256").digest()[:_MAC_BYTES]
    return base64.b32encode(digest).decode().lower()
