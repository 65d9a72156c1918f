"""The signed link in a mail about a release that ends such mails to one member.

As `portal.mute_links`: it says whose mails of which organization, and only a POST mutes.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from portal.page_links import LinkForged

_SALT: Final = "vigil.mute-releases"


def address(*, organization_id: int, user_id: int) -> str:
    """The full address, on the configured origin whatever a request may claim."""
    link = token(organization_id=organization_id, user_id=user_id)
    return settings.PUBLIC_URL + reverse("mail:mute_releases", args=[link])


def token(*, organization_id: int, user_id: int) -> str:
    return _signer().sign(f"{organization_id}.{user_id}")


def read(link: str) -> tuple[int, int]:
    """The organization and the person; raises `LinkForged`."""
    try:
        organization_id, _dot, user_id = _signer().unsign(link).partition(".")
        return int(organization_id), int(user_id)
    except (BadSignature, ValueError) as problem:
        raise LinkForged from problem


def _signer() -> Signer:
    return Signer(salt=_SALT, sep="~")
