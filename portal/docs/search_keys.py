"""The signed name of a search that was noted: its hits are opened, and its filters set, by it.

Nobody can put down a click on a search they did not make, nor change what was searched for.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Final

from django.core.signing import BadSignature, TimestampSigner

_SALT: Final = "vigil.search"
_KEPT_SECONDS: Final = 24 * 3600


def sign(search: uuid.UUID, text: str) -> str:
    return _signer().sign(f"{search.hex}{_digest(text)}")


def read(token: str, text: str | None = None) -> uuid.UUID | None:
    """The search; None for a forged or old token, or one of another text if one is given."""
    try:
        value = _signer().unsign(token, max_age=_KEPT_SECONDS)
        search = uuid.UUID(hex=value[:32])
    except (BadSignature, ValueError):
        return None
    return search if text is None or value[32:] == _digest(text) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=_SALT, sep="~")
