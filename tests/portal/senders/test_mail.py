"""Outgoing mail: what its headers say, and what a mail server may do to it."""

from __future__ import annotations

import smtplib
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage

from portal.senders import PermanentFailure, mail
from tests.mail_server import MailServer, mail_server

ADDRESS = "bob@starcast.example"


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A real mail server, to which Django sends in this test."""
    with mail_server() as running:
        point_at(settings, running.port)
        yield running


def point_at(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False


def compose(**changed: Any) -> EmailMessage:
    return mail.compose(
        **{"key": "event:7:3", "address": ADDRESS, "subject": "Hello", "text": "Hi."} | changed
    )


def test_a_mail_sent_again_carries_the_same_message_id() -> None:
    ids = [compose(text=text).message()["Message-ID"] for text in ("Hi.", "Hi again.")]
    assert ids[0] == ids[1]
    assert compose(key="event:7:4").message()["Message-ID"] != ids[0]


def test_a_machine_says_that_it_is_one() -> None:
    """Abuse case 24: no autoresponder answers, so nothing can play ping-pong."""
    sent = compose().message()
    assert (sent["Auto-Submitted"], sent["X-Auto-Response-Suppress"]) == ("auto-generated", "All")


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


def test_mails_about_one_thing_form_one_thread() -> None:
    first, second = (compose(key=key, thread="ticket/7").message() for key in ("a", "b"))
    assert first["References"] == second["References"]


def test_a_mail_server_that_hangs_costs_seconds_and_is_a_temporary_failure(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts and never says a word
        point_at(settings, silent.getsockname()[1])
        began = time.monotonic()
        with pytest.raises(OSError, match="timed out"):
            mail.hand_over(compose())
        assert time.monotonic() - began < 3


def test_a_mail_server_takes_the_mail(server: MailServer) -> None:
    mail.hand_over(compose(text="What was written."))
    assert "What was written." in server.mails[0]


def test_a_refused_address_is_permanent_and_a_busy_one_is_not(server: MailServer) -> None:
    server.answers["RCPT"] = "550 no such mailbox"
    with pytest.raises(PermanentFailure):
        mail.hand_over(compose())
    server.answers["RCPT"] = "451 greylisted, come back"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        mail.hand_over(compose())


def test_a_mail_refused_for_what_it_says_is_permanent(server: MailServer) -> None:
    server.answers["."] = "554 looks like spam"
    with pytest.raises(PermanentFailure):
        mail.hand_over(compose())
