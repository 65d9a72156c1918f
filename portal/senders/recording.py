"""Fetch a recording from the provider: from its host, with our account, and from nowhere else.

The address is made of our setting and the recording's number; what a webhook said it was is not
looked at.
"""

from __future__ import annotations

import time
import uuid
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from django.conf import settings

from accounts.models import Delivery
from accounts.tenancy import DatabaseRole, acting_as
from portal.senders import PermanentFailure, TemporaryFailure
from portal.senders.outward_only import outward_only
from tickets.attachments import MAX_BYTES
from tickets.hotline import recordings
from tickets.models import CallRecording

ENDING: Final = "mp3"
TIMEOUT_SECONDS: Final = (4.0, 8.0)  # to connect; between two pieces
LEASE_SECONDS: Final = 120
LONGEST_SECONDS: Final = 60.0  # for the whole of it
MOST_HOPS: Final = 3
PIECE: Final = 65_536


def fetch(delivery: Delivery) -> None:
    """Fetch one and put it where it belongs."""
    recording_id = uuid.UUID(delivery.payload["recording"])
    with acting_as(DatabaseRole.ENGINE):
        sid = CallRecording.objects.values_list("sid", flat=True).get(pk=recording_id)
    content = _content(sid)
    with acting_as(DatabaseRole.ENGINE) as now:
        recordings.keep(recording_id=recording_id, content=content, ending=ENDING, now=now)


def _content(sid: str) -> bytes:
    account = settings.TWILIO_ACCOUNT_SID
    address = f"{settings.TWILIO_API}/2010-04-01/Accounts/{account}/Recordings/{sid}.{ENDING}"
    login: tuple[str, str] | None = (account, settings.TWILIO_AUTH_TOKEN)
    for _hop in range(MOST_HOPS):
        content, address = _ask(address, login)
        if content:
            return content
        if not _is_the_providers(address):
            raise PermanentFailure("The provider leads to somebody else's machine.")
        login = None if urlsplit(address).netloc != _home().netloc else login
    raise TemporaryFailure("The provider leads around in circles.")


def _ask(address: str, login: tuple[str, str] | None) -> tuple[bytes, str]:
    """The content; or nothing, and the address the provider leads to."""
    with outward_only() as guard, requests.Session() as session:
        session.trust_env = False  # no proxy, no password file of this machine
        try:
            with session.get(
                address, auth=login, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True
            ) as answer:
                if answer.is_redirect:
                    return b"", urljoin(address, answer.headers["Location"])
                return _read(answer), address
        except requests.RequestException as problem:
            if guard.refused:
                raise PermanentFailure("This address leads into our own network.") from problem
            raise TemporaryFailure(type(problem).__name__) from problem


def _read(answer: requests.Response) -> bytes:
    if answer.status_code in (401, 403):
        raise TemporaryFailure(f"The provider refuses our account ({answer.status_code}).")
    if answer.status_code != 200:  # 404: not ready yet
        raise TemporaryFailure(f"The provider answers {answer.status_code}.")
    end = time.monotonic() + LONGEST_SECONDS
    pieces, size = [], 0
    for piece in answer.iter_content(PIECE):
        size += len(piece)
        if size > MAX_BYTES:
            raise PermanentFailure("The recording is too large.")
        if time.monotonic() > end:
            raise TemporaryFailure("The provider is too slow.")
        pieces.append(piece)
    if not size:
        raise TemporaryFailure("The recording is empty.")
    return b"".join(pieces)


def _is_the_providers(address: str) -> bool:
    """The host of our setting, or over TLS a host below its domain (api.twilio.com: twilio.com)."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    home = _home()
    if (parts.scheme, parts.netloc) == (home.scheme, home.netloc):
        return True
    domain = (home.hostname or "").partition(".")[2]
    return (
        parts.scheme == "https" and "." in domain and (parts.hostname or "").endswith("." + domain)
    )


def _home() -> SplitResult:
    return urlsplit(settings.TWILIO_API)
