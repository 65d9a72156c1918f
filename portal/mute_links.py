"""The signed link in a mail that ends the mails about one ticket to one person.

It says who mutes what and does nothing else, so it is good for as long as the mail is kept.
Only a POST mutes: mail scanners follow links (docs/decisions/0008-a-get-never-acknowledges.md).
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from portal.page_links import LinkForged

_SALT: Final = "vigil.mute"


def address(*, ticket_id: int, user_id: int) -> str:
    """The full address, on the configured origin whatever a request may claim."""
    link = token(ticket_id=ticket_id, user_id=user_id)
    return settings.PUBLIC_URL + reverse("mail:mute", args=[link])


def token(*, ticket_id: int, user_id: int) -> str:
    return _signer().sign(f"{ticket_id}.{user_id}")


def read(link: str) -> tuple[int, int]:
    """The ticket and the person; raises `LinkForged`."""
    try:
        ticket_id, _dot, user_id = _signer().unsign(link).partition(".")
        return int(ticket_id), int(user_id)
    except (BadSignature, ValueError) as problem:
        raise LinkForged from problem


def _signer() -> Signer:
    return Signer(salt=_SALT, sep="~")
