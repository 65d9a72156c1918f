"""The signed link in a page: who holds it may acknowledge that page, for a day.

It is bound to one page, and with it to one person and one ticket; it opens nothing else.
"""

from __future__ import annotations

import uuid
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

SALT: Final = "vigil.page"
VALID_SECONDS: Final = 24 * 3600


class LinkExpired(Exception):
    """It was a good link once."""


class LinkForged(Exception):
    """No link of ours."""


def token(page_id: uuid.UUID) -> str:
    return _signer().sign(page_id.hex)


def address(page_id: uuid.UUID) -> str:
    """The full address, on the configured origin whatever a request may claim."""
    return settings.PUBLIC_URL + reverse("page:show", args=[token(page_id)])


def page_id(token: str) -> uuid.UUID:
    """The page the link is for; raises `LinkExpired` after 24 hours, else `LinkForged`."""
    try:
        return uuid.UUID(hex=_signer().unsign(token, max_age=VALID_SECONDS))
    except SignatureExpired as problem:
        raise LinkExpired from problem
    except (BadSignature, ValueError) as problem:
        raise LinkForged from problem


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=SALT, sep="~")
