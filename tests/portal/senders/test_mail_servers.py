"""What mail servers may do to a mail, and how the second one takes over."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
from django.core.mail import EmailMessage

from portal.mailing import SMTP, fallback_from_url
from portal.senders import PermanentFailure, TemporaryFailure, mail
from portal.senders.mail_servers import forget_troubles, hand_over
from tests.mail_server import MailServer, mail_server

ADDRESS = "bob@starcast.example"
BODY = "canary-of-the-body"
SUBJECT = "canary-of-the-subject"


@pytest.fixture(autouse=True)
def _no_troubles() -> Iterator[None]:
    forget_troubles()
    yield
    forget_troubles()


@pytest.fixture
def servers(settings: Any) -> Iterator[tuple[MailServer, MailServer]]:
    """Two real mail servers: Django's own, and the second one."""
    with ExitStack() as stack:
        first, second = (stack.enter_context(mail_server()) for _ in range(2))
        point_at(settings, first.port)
        settings.EMAIL_FALLBACK = fallback_from_url(f"smtp://127.0.0.1:{second.port}?tls=no")
        yield first, second


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as running:
        point_at(settings, running.port)
        yield running


def point_at(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
    settings.EMAIL_USE_TLS, settings.EMAIL_FALLBACK = False, {}


def compose() -> EmailMessage:
    payload = {"subject": SUBJECT, "text": BODY}
    return mail.compose(delivery_id=uuid.uuid4(), address=ADDRESS, payload=payload)


@contextmanager
def listening(speak: Any) -> Iterator[int]:
    """A server that does to each connection what `speak` does; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as ear:

        def hear() -> None:
            with suppress(OSError):
                while True:
                    line, _who = ear.accept()
                    threading.Thread(target=_spoken, args=(speak, line), daemon=True).start()

        threading.Thread(target=hear, daemon=True).start()
        yield ear.getsockname()[1]


def _spoken(speak: Any, line: socket.socket) -> None:
    with suppress(OSError), line:
        speak(line)


def says_nothing(line: socket.socket) -> None:
    line.recv(1)


def never_comes_to_an_end(line: socket.socket) -> None:
    """Each word in time for any timeout between two of them, and no last one."""
    while True:
        line.sendall(b"220-still greeting\r\n")
        time.sleep(0.02)


@pytest.mark.parametrize("speak", [says_nothing, never_comes_to_an_end])
def test_a_server_that_hangs_costs_the_seconds_it_is_given(settings: Any, speak: Any) -> None:
    with listening(speak) as port:
        point_at(settings, port)
        began = time.monotonic()
        with pytest.raises(TemporaryFailure):
            hand_over(compose(), seconds=0.4)
        assert time.monotonic() - began < 3


def test_a_mail_server_takes_the_mail(server: MailServer) -> None:
    hand_over(compose(), seconds=5)
    assert BODY in server.mails[0]


def test_a_refused_address_is_permanent_and_a_busy_one_is_not(server: MailServer) -> None:
    server.answers["RCPT"] = "550 no such mailbox"
    with pytest.raises(PermanentFailure):
        hand_over(compose(), seconds=5)
    server.answers["RCPT"] = "451 4.7.1 greylisted, come back"
    with pytest.raises(TemporaryFailure, match=r"451 4\.7\.1"):
        hand_over(compose(), seconds=5)


def test_a_mail_refused_for_what_it_says_is_permanent(server: MailServer) -> None:
    server.answers["."] = "554 looks like spam"
    with pytest.raises(PermanentFailure):
        hand_over(compose(), seconds=5)


@pytest.mark.parametrize("command", ["EHLO", "MAIL"])
def test_a_server_that_refuses_us_may_take_us_later(server: MailServer, command: str) -> None:
    server.answers |= {command: "550 who are you", "HELO": "550 who are you"}
    with pytest.raises(TemporaryFailure):
        hand_over(compose(), seconds=5)


def test_a_server_that_hangs_after_it_took_the_mail_took_it(settings: Any) -> None:
    """Only the goodbye is missing: nothing is sent again."""

    def speak(line: socket.socket) -> None:
        line.sendall(b"220 hello\r\n")
        with line.makefile("rb") as heard:
            for command in map(bytes.upper, heard):
                if command.startswith(b"DATA"):
                    line.sendall(b"354 go on\r\n")
                    while heard.readline() != b".\r\n":
                        pass
                if command.startswith(b"QUIT"):
                    heard.readline()
                    return
                line.sendall(b"250 fine\r\n")

    with listening(speak) as port:
        point_at(settings, port)
        hand_over(compose(), seconds=0.5)


@pytest.mark.parametrize("speak", [says_nothing, never_comes_to_an_end])
def test_the_second_server_takes_over_within_the_attempt(
    settings: Any, servers: tuple[MailServer, MailServer], speak: Any
) -> None:
    with listening(speak) as port:
        settings.EMAIL_PORT = port
        hand_over(compose(), seconds=0.4)
    assert len(servers[1].mails) == 1


@pytest.mark.parametrize(
    ("command", "answer"),
    [("RCPT", "451 later"), (".", "452 no room"), ("MAIL", "550 relaying denied"), (".", "554 no")],
)
def test_the_second_server_takes_what_the_first_does_not(
    servers: tuple[MailServer, MailServer], command: str, answer: str
) -> None:
    first, second = servers
    first.answers[command] = answer
    hand_over(compose(), seconds=5)
    assert len(second.mails) == 1


def test_both_servers_get_it_under_one_message_id(servers: tuple[MailServer, MailServer]) -> None:
    first, second = servers
    first.answers["."] = "451 taken, but who knows"
    hand_over(compose(), seconds=5)
    lines = [
        next(line for line in each.mails[0].splitlines() if line.startswith("Message-ID"))
        for each in servers
    ]
    assert lines[0] == lines[1]


def test_only_when_both_refuse_for_good_it_is_for_good(
    servers: tuple[MailServer, MailServer],
) -> None:
    first, second = servers
    first.answers["RCPT"] = "550 no such mailbox"
    second.answers["RCPT"] = "451 later"
    with pytest.raises(TemporaryFailure):
        hand_over(compose(), seconds=5)
    second.answers["RCPT"] = "550 no such mailbox"
    with pytest.raises(PermanentFailure):
        hand_over(compose(), seconds=5)


def test_a_server_that_hung_comes_last_for_a_while(
    settings: Any, servers: tuple[MailServer, MailServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = servers
    with listening(says_nothing) as port:
        settings.EMAIL_PORT = port
        hand_over(compose(), seconds=0.3)
        began = time.monotonic()
        hand_over(compose(), seconds=60)
        assert time.monotonic() - began < 30
    settings.EMAIL_PORT = first.port
    hand_over(compose(), seconds=5)
    assert (len(first.mails), len(second.mails)) == (0, 3)
    later = time.monotonic() + 61
    monkeypatch.setattr("portal.senders.mail_servers.time.monotonic", lambda: later)
    hand_over(compose(), seconds=5)
    assert len(first.mails) == 1


def test_a_refusal_of_one_address_is_no_reason_to_avoid_a_server(
    servers: tuple[MailServer, MailServer],
) -> None:
    first, second = servers
    first.answers["RCPT"] = "451 greylisted"
    hand_over(compose(), seconds=5)
    first.answers.clear()
    hand_over(compose(), seconds=5)
    assert (len(first.mails), len(second.mails)) == (1, 1)


def test_what_went_wrong_tells_nothing_of_the_mail(
    server: MailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Abuse case 57: a server may repeat what it was told; the log does not."""
    for command in ("RCPT", "."):
        server.answers = {command: f"451 {ADDRESS} {BODY} {SUBJECT}"}
        with pytest.raises(TemporaryFailure) as failure:
            hand_over(compose(), seconds=5)
        said = str(failure.value) + "".join(capsys.readouterr())
        assert not [word for word in (ADDRESS, BODY, SUBJECT) if word in said]
