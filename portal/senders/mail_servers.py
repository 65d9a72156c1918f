"""Hand a mail over to the mail server, or in the same attempt to the second one.

What goes wrong is sorted into temporary and permanent, and told without the address, the
subject or anything else of the mail.
"""

from __future__ import annotations

import re
import smtplib
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from portal.senders import PermanentFailure, TemporaryFailure
from portal.senders.in_turn import first_to_take

# For one conversation with one server. A person's two addresses and two servers each fit into
# the lease of a page, two servers into that of any other mail.
URGENT_SECONDS: Final = 7.0
PATIENT_SECONDS: Final = 25.0
AVOIDED_SECONDS: Final = 60.0

_ENHANCED: Final = re.compile(r"\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")  # RFC 3463
_troubled: dict[int, float] = {}  # place of a server -> until when (monotonic) it comes last


def let_in(*, seconds: float) -> None:
    """Connect, sign in and leave; raises when the mail server does not answer or refuses us."""
    connection = get_connection(timeout=seconds)
    connection.open()
    connection.close()


def hand_over(message: EmailMessage, *, seconds: float) -> None:
    """Send; a server that hung or could not be reached comes last for the next minute.

    Accepted by a server that then said nothing, a mail may arrive a second time by the other:
    under the same Message-ID.
    """
    ways = [partial(_send, place, message, seconds) for place in _in_order()]
    first_to_take(ways, key=message.extra_headers.get("Message-ID", ""))


def forget_troubles() -> None:
    """Begin again with the first server."""
    _troubled.clear()


def _in_order() -> list[int]:
    places = [0, 1] if settings.EMAIL_FALLBACK else [0]
    now = time.monotonic()
    return sorted(places, key=lambda place: _troubled.get(place, 0.0) > now)


def _send(place: int, message: EmailMessage, seconds: float) -> None:
    options: dict[str, Any] = settings.EMAIL_FALLBACK if place else {}
    connection = get_connection(timeout=seconds, **options)
    try:
        connection.open()
        connection.send_messages([message])
    except (smtplib.SMTPException, OSError) as problem:
        refusals = list(_refusals(problem))
        if not refusals:
            _troubled[place] = time.monotonic() + AVOIDED_SECONDS
        raise _sorted(problem, refusals) from problem
    finally:
        with suppress(smtplib.SMTPException, OSError):  # the mail is out of our hands
            connection.close()


def _refusals(problem: Exception) -> Iterator[tuple[int, str]]:
    """Code and text of each refusal of the address or of the mail itself."""
    match problem:
        case smtplib.SMTPRecipientsRefused():
            yield from ((code, _text(said)) for code, said in problem.recipients.values())
        case smtplib.SMTPDataError():
            yield problem.smtp_code, _text(problem.smtp_error)


def _sorted(problem: Exception, refusals: list[tuple[int, str]]) -> Exception:
    """Only a refusal of the address or the mail is for good: a login can be put right."""
    codes = ", ".join(f"{code} {status}".strip() for code, status in refusals)
    if refusals and all(code >= 500 for code, _status in refusals):
        return PermanentFailure(f"The mail server refused it ({codes}).")
    if refusals:
        return TemporaryFailure(f"The mail server did not take it ({codes}).")
    if isinstance(problem, smtplib.SMTPResponseException):
        return TemporaryFailure(f"{type(problem).__name__} {problem.smtp_code}")
    if isinstance(problem, TimeoutError) or "timed out" in str(problem):
        return TemporaryFailure("The mail server timed out.")
    return TemporaryFailure(f"The mail server cannot be reached ({type(problem).__name__}).")


def _text(said: bytes | str) -> str:
    """The status code in a server's words, which may repeat the address, and nothing else."""
    found = _ENHANCED.search(said.decode("ascii", "replace") if isinstance(said, bytes) else said)
    return found[0] if found else ""
