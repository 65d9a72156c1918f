"""What Amazon SES tells through SNS: bounces and complaints as JSON in a mail."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from tickets.intake.mail.parsed import ParsedMail

MOST_TEXT: Final = 200_000  # characters
_WRAPPED: Final = re.compile(r"!\n ")  # how one mail server breaks lines that are too long


@dataclass(frozen=True, slots=True)
class Told:
    """Recipients with their status ("" where none is given); action as in RFC 3464."""

    recipients: tuple[tuple[str, str], ...]
    action: str
    reason: str


def failed_in(mail: ParsedMail) -> Told | None:
    notice = _notice(mail)
    bounce = notice.get("bounce")
    if not isinstance(bounce, dict):
        return None
    recipients = bounce.get("bouncedRecipients")
    known = (
        [one for one in recipients if isinstance(one, dict)] if isinstance(recipients, list) else []
    )
    return Told(
        tuple((str(one.get("emailAddress", "")), str(one.get("status", ""))) for one in known),
        "failed" if bounce.get("bounceType") == "Permanent" else "delayed",
        next((str(one["diagnosticCode"])[:500] for one in known if one.get("diagnosticCode")), ""),
    )


def is_complaint(mail: ParsedMail) -> bool:
    return isinstance(_notice(mail).get("complaint"), dict)


def _notice(mail: ParsedMail) -> dict[str, Any]:
    text = mail.text.lstrip()
    if not text.startswith("{") or not mail.from_.domain.endswith(
        ("amazonaws.com", "amazonses.com")
    ):
        return {}
    told = _object(_WRAPPED.sub("", text[:MOST_TEXT]))
    return _object(told["Message"]) if isinstance(told.get("Message"), str) else told


def _object(text: str) -> dict[str, Any]:
    try:
        found, _end = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
