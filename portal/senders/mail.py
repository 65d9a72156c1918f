"""Send a delivery as an e-mail.

Its payload: `subject` and `text`, and where they exist `html` and `thread` (the same text for
all mails that a mail program should show as one conversation).
"""

from __future__ import annotations

import hashlib
import smtplib
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email

from accounts.models import Delivery
from portal.senders import PermanentFailure

TIMEOUT_SECONDS: Final = 8  # for each exchange with the mail server
SUBJECT_LIMIT: Final = 200

# What a machine wrote; other machines must not answer it (RFC 3834, and Exchange's own word).
AUTOMATIC: Final = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def send(delivery: Delivery) -> None:
    """Hand the mail over to the mail server."""
    payload = delivery.payload
    message = compose(
        key=delivery.key,
        address=delivery.address,
        subject=payload["subject"],
        text=payload["text"],
        html=payload.get("html", ""),
        thread=payload.get("thread", ""),
    )
    hand_over(message)


def compose(
    *, key: str, address: str, subject: str, text: str, html: str = "", thread: str = ""
) -> EmailMultiAlternatives:
    """A mail to one bare address; nothing in the arguments can add a header or a recipient.

    The same key always gives the same Message-ID, so that a mail sent twice because a sender
    died in between can be recognised as one.
    """
    try:
        validate_email(address)
    except ValidationError as problem:
        raise PermanentFailure("This is not an e-mail address.") from problem
    headers = {"Message-ID": message_id(key), **AUTOMATIC}
    if thread:
        headers["References"] = message_id(thread)
    message = EmailMultiAlternatives(
        subject=one_line(subject), body=text, to=[address], headers=headers
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message


def hand_over(message: EmailMultiAlternatives) -> None:
    """Send, and sort what goes wrong into temporary and permanent."""
    try:
        get_connection(timeout=TIMEOUT_SECONDS).send_messages([message])
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _text in problem.recipients.values()]
        if all(code >= 500 for code in codes):
            raise PermanentFailure(f"The address is refused ({codes}).") from problem
        raise
    except smtplib.SMTPDataError as problem:
        if problem.smtp_code >= 500:
            raise PermanentFailure(f"The mail is refused ({problem.smtp_code}).") from problem
        raise


def reach_server() -> None:
    """Connect to the mail server, sign in and leave; raises when it does not let us."""
    connection = get_connection(timeout=TIMEOUT_SECONDS)
    connection.open()
    connection.close()


def one_line(text: str) -> str:
    """Text for a header: no line ends, no control characters, nothing that turns text around."""
    visible = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(visible.split())[:SUBJECT_LIMIT]


def message_id(key: str) -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"
