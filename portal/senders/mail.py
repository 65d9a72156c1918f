"""Send a delivery as an e-mail.

Its payload: `subject` and `text`, where they exist `html` and `files` (`name`, `type` and
`storage_key` of each), and what `mail_headers` names.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email

from accounts.models import Delivery
from portal.senders import PermanentFailure, mail_headers, mail_servers, plain_letter

SUBJECT_LIMIT: Final = 200


def send(delivery: Delivery) -> None:
    """Hand the mail over to a mail server."""
    payload = delivery.payload
    if not payload.get("html"):
        payload = payload | {"html": plain_letter.as_html(payload)}
    message = compose(delivery_id=delivery.pk, address=delivery.address, payload=payload)
    mail_servers.hand_over(message, seconds=mail_servers.PATIENT_SECONDS)


def compose(
    *, delivery_id: uuid.UUID, address: str, payload: dict[str, Any]
) -> EmailMultiAlternatives:
    """A mail to one bare address; nothing in the payload can add a header or a recipient.

    The same delivery always gives the same Message-ID, so that a mail sent twice because a
    sender died in between can be recognised as one.
    """
    try:
        validate_email(address)
    except ValidationError as problem:
        raise PermanentFailure("This is not an e-mail address.") from problem
    message = EmailMultiAlternatives(
        subject=one_line(payload["subject"]),
        body=payload["text"],
        from_email=mail_headers.envelope_sender(delivery_id),
        to=[address],
        headers=mail_headers.of(delivery_id, payload),
    )
    if html := payload.get("html"):
        message.attach_alternative(html, "text/html")
    for file in payload.get("files", ()):
        message.attach(file["name"], _content(file["storage_key"]), _as_bytes(file["type"]))
    return message


def _as_bytes(content_type: str) -> str:
    """The type under which every byte of a file arrives: what is text or a mail itself would be
    read, and written anew with other line ends, or in bytes that no mail server need take.
    """
    if content_type.startswith(("text/", "message/", "multipart/")):
        return "application/octet-stream"
    return content_type


def _content(storage_key: str) -> bytes:
    try:
        with default_storage.open(storage_key) as file:
            return bytes(file.read())
    except FileNotFoundError as problem:
        raise PermanentFailure("A file it carries is gone.") from problem


def one_line(text: str) -> str:
    """Text for a header: no line ends, no controls, nothing that turns it around or is decoded."""
    visible = "".join(c if c.isprintable() else " " for c in text)
    return mail_headers.unencoded(" ".join(visible.split()))[:SUBJECT_LIMIT]
