"""Outgoing mail: what its headers say, and what a mail server may do to it."""

from __future__ import annotations

import smtplib
import socket
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage

from portal.senders import PermanentFailure, mail
from portal.senders.mail_servers import hand_over
from tests.mail_server import MailServer, mail_server
from tickets.intake import message_ids

ADDRESS = "bob@starcast.example"
DELIVERY = uuid.UUID("0192a4b0-1234-4abc-8def-0123456789ab")


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A real mail server, to which Django sends in this test."""
    with mail_server() as running:
        point_at(settings, running.port)
        yield running


def point_at(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False


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


def test_a_mail_server_that_hangs_costs_seconds_and_is_a_temporary_failure(
    settings: Any,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts and never says a word
        point_at(settings, silent.getsockname()[1])
        began = time.monotonic()
        with pytest.raises(OSError, match="timed out"):
            hand_over(compose(), seconds=0.3)
        assert time.monotonic() - began < 3


def test_a_mail_server_takes_the_mail(server: MailServer) -> None:
    hand_over(compose(text="What was written."), seconds=5)
    assert "What was written." in server.mails[0]


def test_a_refused_address_is_permanent_and_a_busy_one_is_not(server: MailServer) -> None:
    server.answers["RCPT"] = "550 no such mailbox"
    with pytest.raises(PermanentFailure):
        hand_over(compose(), seconds=5)
    server.answers["RCPT"] = "451 greylisted, come back"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        hand_over(compose(), seconds=5)


def test_a_mail_refused_for_what_it_says_is_permanent(server: MailServer) -> None:
    server.answers["."] = "554 looks like spam"
    with pytest.raises(PermanentFailure):
        hand_over(compose(), seconds=5)
