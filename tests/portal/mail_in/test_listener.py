"""The listener, spoken to as mail servers do: nothing is confirmed that is not kept."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from accounts.tenancy import DatabaseRole, acting_as
from portal.database import DatabaseUrls
from portal.engine.outage import Outage
from portal.mail_in import conversation, door
from portal.mail_in.door import Door
from portal.mail_in.listener import Listener, Place
from tests.mails import SUPPORT, URGENT, mail
from tests.processes import wait_until
from tickets.models import Inbound

ME = "developer@starcast.example"
pytestmark = pytest.mark.usefixtures("committed_database")


@contextmanager
def listening(*, limit: int = 1_000_000, is_lmtp: bool = False, **more: Any) -> Iterator[int]:
    """The port of a listener that ends with the block; `more` is what a `Door` is told."""
    place, stop = Place("test", is_lmtp=is_lmtp, host="127.0.0.1"), threading.Event()
    sock = place.bind()
    running = Listener(Door(limit=limit, outage=Outage(), **more), [(place, sock)], stop=stop)
    running.start()
    try:
        yield sock.getsockname()[1]
    finally:
        stop.set()
        running.join(5)


def stored() -> list[Inbound]:
    with acting_as(DatabaseRole.ENGINE):
        return list(Inbound.objects.order_by("received_at"))


def test_what_is_confirmed_is_kept_as_received() -> None:
    raw = mail().replace(b"\n", b"\r\n") + b"\r\n.starts with a dot\r\n" + b"x" * 200_000 + b"\r\n"
    with listening() as port, smtplib.SMTP("127.0.0.1", port) as client:
        assert client.sendmail(ME, [SUPPORT, URGENT], raw) == {}
    (row,) = stored()
    assert bytes(row.raw) == raw
    assert row.envelope["recipients"] == sorted([SUPPORT, URGENT])
    assert (row.envelope["from"], row.is_urgent, row.source) == (ME, True, "smtp")


def test_the_null_sender_of_a_bounce_is_let_in() -> None:
    with listening() as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("<>", [SUPPORT], mail())
    assert len(stored()) == 1


def test_whom_we_do_not_serve_is_refused() -> None:
    with listening() as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail(ME)
        for address in (
            "someone@elsewhere.example",
            f"ceo@{settings.MAIL_DOMAIN}",
            f"reply+1.1.{'a' * 24}@{settings.MAIL_DOMAIN}",
        ):
            assert client.rcpt(address)[0] == 550
        assert client.rcpt(SUPPORT.upper())[0] == 250


def test_the_same_mail_on_two_connections_at_once_is_one() -> None:
    raw = mail()
    with listening() as port:
        clients = [smtplib.SMTP("127.0.0.1", port) for _number in range(4)]
        threads = [
            threading.Thread(target=client.sendmail, args=(ME, [SUPPORT], raw))
            for client in clients
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for client in clients:
            client.quit()
    assert len(stored()) == 1


def test_too_large_is_said_before_and_after() -> None:
    with listening(limit=10_000) as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        assert client.esmtp_features["size"] == "10000"
        assert client.mail(ME, ["size=20000"])[0] == 552
        client.mail(ME)
        client.rcpt(SUPPORT)
        assert client.data(b"x\r\n" * 5000)[0] == 552
        assert client.sendmail(ME, [SUPPORT], mail()) == {}  # the connection is still of use
    assert len(stored()) == 1


def test_a_database_that_is_away_means_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **more: Any) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(door, "store", away)
    with listening() as port, smtplib.SMTP("127.0.0.1", port) as client:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail(ME, [SUPPORT], mail())
        assert refused.value.smtp_code == 451
        monkeypatch.undo()
        client.sendmail(ME, [SUPPORT], mail())
    assert len(stored()) == 1


def test_a_database_that_hangs_means_later_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is kept late, after all, is found when the sender tries again."""
    goes_on, keep, kept = threading.Event(), door.store, threading.Semaphore(0)

    def hangs(*args: Any, **more: Any) -> Any:
        goes_on.wait(30)
        try:
            return keep(*args, **more)
        finally:
            kept.release()

    monkeypatch.setattr(door, "store", hangs)
    raws = [mail(subject=str(number)) for number in range(door.WRITERS + 1)]
    with listening(storing_seconds=0.1) as port:
        try:
            codes = [_answer_to(port, raw)[0] for raw in raws]
        finally:
            goes_on.set()
        assert codes == [451] * len(raws)
        for _writer in range(door.WRITERS):
            assert kept.acquire(timeout=10)
        monkeypatch.undo()
        late = {str(row.pk) for row in stored()}
        assert len(late) == door.WRITERS, "the last was let go of before a writer had it"
    with listening() as port:
        again = {_answer_to(port, raw)[1].decode().rpartition(" ")[2] for raw in raws}
    assert {str(row.pk) for row in stored()} == again >= late


def test_too_many_recipients_are_for_another_time() -> None:
    with listening() as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail(ME)
        codes = [client.rcpt(SUPPORT)[0] for _number in range(102)]
    assert codes == [250] * 100 + [452] * 2


def test_too_many_connections_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "CONNECTIONS", 1)
    with listening() as port, smtplib.SMTP("127.0.0.1", port):
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", port)
        assert refused.value.smtp_code == 421


def test_no_client_has_all_connections() -> None:
    with listening(per_address=2) as port, smtplib.SMTP("127.0.0.1", port) as first:
        with smtplib.SMTP("127.0.0.1", port):
            with pytest.raises(smtplib.SMTPConnectError) as refused:
                smtplib.SMTP("127.0.0.1", port)
            assert refused.value.smtp_code == 421
            with smtplib.SMTP("127.0.0.1", port, source_address=("127.0.0.2", 0)) as other:
                assert other.sendmail(ME, [SUPPORT], mail()) == {}
        assert first.sendmail(ME, [SUPPORT], mail()) == {}
        wait_until(lambda: _is_let_in(port), "who hung up has left room")


def test_our_own_mail_server_is_not_counted() -> None:
    with listening(is_lmtp=True, per_address=1) as port:
        with smtplib.LMTP("127.0.0.1", port), smtplib.LMTP("127.0.0.1", port) as client:
            assert client.sendmail(ME, [SUPPORT], mail()) == {}


@pytest.mark.parametrize(
    ("one", "another", "are_one"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
    ],
)
def test_who_counts_as_one_client(one: str, another: str, are_one: bool) -> None:
    entered = Door(limit=1, outage=Outage(), per_address=1)
    assert entered.enter(object(), one)
    assert entered.enter(object(), another) is not are_one


def test_too_much_at_once_is_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "MAILS_IN_HAND", 0)
    with listening() as port, smtplib.SMTP("127.0.0.1", port) as client:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail(ME, [SUPPORT], mail())
        assert refused.value.smtp_code == 452


def test_who_says_nothing_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "IDLE_SECONDS", 0.2)
    with listening() as port, socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        assert client.recv(100).startswith(b"220")
        assert client.recv(100) == b""


def test_a_connection_lost_in_the_middle_of_a_mail_keeps_nothing() -> None:
    with listening() as port:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            for line in ("EHLO x", f"MAIL FROM:<{ME}>", f"RCPT TO:<{SUPPORT}>", "DATA"):
                client.recv(1000)
                client.sendall(f"{line}\r\n".encode())
            client.recv(1000)
            client.sendall(b"Subject: half a mail\r\n")
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail(ME, [SUPPORT], mail())
    assert [b"half a mail" in bytes(row.raw) for row in stored()] == [False]


def test_lmtp_answers_for_each_recipient() -> None:
    with listening(is_lmtp=True) as port, socket.create_connection(("127.0.0.1", port)) as client:
        lines = client.makefile("rwb")
        lines.readline()
        for said in ("LHLO x", f"MAIL FROM:<{ME}>", f"RCPT TO:<{SUPPORT}>", f"RCPT TO:<{URGENT}>"):
            assert _answer(lines, said).startswith(b"250 ")
        assert _answer(lines, "DATA").startswith(b"354 ")
        assert _answer(lines, mail().decode().replace("\n", "\r\n") + "\r\n.")[:4] == b"250 "
        assert lines.readline()[:4] == b"250 "  # the second recipient's
        assert _answer(lines, "EHLO x").startswith(b"500 ")
    (row,) = stored()
    assert row.source == "lmtp"


def _answer(lines: Any, said: str) -> bytes:
    """The last line of the answer."""
    lines.write(f"{said}\r\n".encode())
    lines.flush()
    while (line := lines.readline())[3:4] == b"-":
        pass
    return bytes(line)


def test_a_written_address_of_a_place_to_listen(committed_database: DatabaseUrls) -> None:
    from portal.mail_in.listener import place

    assert place("127.0.0.1:8025") == Place("127.0.0.1:8025", False, "127.0.0.1", 8025)
    assert place("lmtp:///run/lmtp.sock").path == "/run/lmtp.sock"
    for wrong in ("8025", "http://x:1", "host:port", "lmtp://"):
        with pytest.raises(SystemExit):
            place(wrong)


def test_stopping_ends_the_listener() -> None:
    with listening() as port:
        pass
    wait_until(lambda: _is_refused(port), "the port is free again")


def _answer_to(port: int, raw: bytes) -> tuple[int, bytes]:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail(ME)
        client.rcpt(SUPPORT)
        return client.data(raw)


def _is_let_in(port: int) -> bool:
    try:
        smtplib.SMTP("127.0.0.1", port).quit()
    except smtplib.SMTPConnectError:
        return False
    return True


def _is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False
