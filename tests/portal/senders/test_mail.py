"""Outgoing mail: one recipient, one subject, text and HTML."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.mail import EmailMessage

from portal.senders import PermanentFailure, mail
from tickets.intake import message_ids

ADDRESS = "bob@starcast.example"
DELIVERY = uuid.UUID("0192a4b0-1234-4abc-8def-0123456789ab")


def compose(address: str = ADDRESS, pk: uuid.UUID = DELIVERY, **changed: Any) -> EmailMessage:
    payload = {"subject": "Hello", "text": "Hi."} | changed
    return mail.compose(delivery_id=pk, address=address, payload=payload)


def test_a_mail_sent_again_carries_the_same_message_id() -> None:
    ids = [compose(text=text).message()["Message-ID"] for text in ("Hi.", "Hi again.")]
    assert ids == [message_ids.of_delivery(DELIVERY)] * 2
    assert compose(pk=uuid.uuid4()).message()["Message-ID"] != ids[0]


@pytest.mark.parametrize(
    "subject",
    [
        "Hello\r\nBcc: victim@example.com",
        "Hello\nBcc: victim@example.com",
        "Hello\rBcc: victim@example.com",
        "Hello\x85Bcc: victim@example.com",
        "Hello\u2028Bcc: victim@example.com",
        "Hello\x00\x1b[31m\u202eBcc: victim@example.com",
    ],
)
def test_a_subject_adds_no_header_and_no_recipient(subject: str) -> None:
    """Abuse case 25."""
    sent = compose(subject=subject)
    raw = sent.message().as_bytes()
    assert sent.recipients() == [ADDRESS]
    assert not [line for line in raw.splitlines() if line.lower().startswith(b"bcc")]


@pytest.mark.parametrize(
    "address",
    [
        "a@x.example,b@y.example",
        "Bob <bob@x.example>",
        "bob@x.example\r\nBcc: v@y.example",
        "bob@x.example\nBcc: v@y.example",
        "nobody",
        "",
    ],
)
def test_an_address_is_one_bare_address_or_refused(address: str) -> None:
    """Abuse case 25."""
    with pytest.raises(PermanentFailure):
        compose(address=address)


def test_text_and_html_go_as_alternatives() -> None:
    sent = compose(html="<p>Hi.</p>").message()
    assert [part.get_content_type() for part in sent.get_payload()] == ["text/plain", "text/html"]
