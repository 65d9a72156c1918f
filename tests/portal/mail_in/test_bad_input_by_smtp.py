"""Whatever a sender hands over, by the real listener: kept as it came, and ends where it is seen.

The mails are understood in the same way as by the mail process; time and memory are bounded.
"""

from __future__ import annotations

import smtplib
import threading
import time
import tracemalloc

import pytest

from accounts.tenancy import DatabaseRole, acting_as
from portal.mail_in import door, understanding
from tests.cast import make_cast
from tests.mails import SUPPORT, mail
from tests.portal.mail_in.test_listener import ME, listening, stored
from tests.tickets.intake.test_bad_mail import RECIPIENTS, nested
from tickets.models import Enquiry, Inbound, Ticket

LIMIT = 30_000_000
BOUNDED_SECONDS = 20.0

pytestmark = pytest.mark.usefixtures("committed_database")
Outcome = Inbound.Outcome


@pytest.fixture(autouse=True)
def customers(committed_database: object) -> None:
    with acting_as(DatabaseRole.ENGINE):
        make_cast()


def handed_over(raw: bytes, *, times: int = 1) -> None:
    with listening(limit=LIMIT) as port, smtplib.SMTP("127.0.0.1", port) as client:
        for _time in range(times):
            assert client.sendmail(ME, [SUPPORT], raw) == {}


def understood() -> list[Inbound]:
    while understanding.handle_some():
        pass
    return stored()


BAD = {
    "empty": (b"", Outcome.QUARANTINED, "empty"),
    "100 levels of MIME": (nested(100), None, None),
    "10,000 recipients in its head": (mail(Cc=RECIPIENTS), None, ""),
    "NUL bytes": (mail(body="Some text").replace(b"Some text", b"Some\x00text"), None, ""),
    "nothing but NUL bytes": (b"\x00" * 10_000, None, None),
    "no From": (b"Subject: who?\r\n\r\nNobody.", Outcome.QUARANTINED, "no-sender"),
    "no Message-ID": (b"From: pia@new.example\r\n\r\nHello.", Outcome.ENQUIRY, ""),
    "of 1970": (mail("pia@new.example", Date="Thu, 01 Jan 1970 00:00:00 +0000"), None, ""),
    "of 2099": (mail("pia@new.example", Date="Thu, 31 Dec 2099 23:59:59 +0000"), None, ""),
    "one line of a megabyte": (mail(body="x").replace(b"\nx\n", b"\n" + b"x" * 10**6), None, ""),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_mail_is_confirmed_kept_and_seen(name: str) -> None:
    raw, outcome, reason = BAD[name]
    raw = b"\r\n".join(raw.splitlines())
    began = time.monotonic()
    handed_over(raw)
    (row,) = understood()
    assert time.monotonic() - began < BOUNDED_SECONDS
    assert bytes(row.raw).rstrip(b"\r\n") == raw.rstrip(b"\r\n")
    assert row.handled_at is not None
    assert row.outcome in (Outcome.QUARANTINED, Outcome.OPENED, Outcome.ENQUIRY)
    assert outcome in (None, row.outcome)
    assert reason in (None, row.reason)
    if row.outcome == Outcome.QUARANTINED:
        assert row.reason, "the quarantine says why"


def test_ten_thousand_recipients_of_one_mail_are_told_to_come_again() -> None:
    """Of its envelope: what cannot be taken is said of each, and the others are served."""
    with listening(limit=LIMIT) as port, smtplib.SMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail(ME)
        codes = [client.rcpt(SUPPORT)[0] for _number in range(10_000)]
        assert client.data(mail())[0] == 250
    assert codes == [250] * 100 + [452] * 9900
    assert len(stored()) == 1


def test_thirty_megabytes_are_kept_within_bounds() -> None:
    line = b"x" * 76 + b"\r\n"
    raw = mail("pia@new.example").replace(b"\n", b"\r\n")
    raw += line * ((LIMIT - len(raw)) // len(line))
    tracemalloc.start()
    try:
        began = time.monotonic()
        handed_over(raw)
        (row,) = understood()
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(bytes(row.raw)) == len(raw)
    assert row.outcome == Outcome.ENQUIRY
    assert time.monotonic() - began < 4 * BOUNDED_SECONDS
    assert most < 20 * LIMIT


def test_one_byte_more_is_refused_for_good_and_the_connection_goes_on() -> None:
    with listening(limit=100_000) as port, smtplib.SMTP("127.0.0.1", port) as client:
        with pytest.raises(smtplib.SMTPSenderRefused) as said:
            client.sendmail(ME, [SUPPORT], b"x" * 100_001)
        assert said.value.smtp_code == 552
        assert client.sendmail(ME, [SUPPORT], mail()) == {}
    assert len(stored()) == 1


def test_duplicates_become_one_enquiry() -> None:
    raw = mail("pia@new.example")
    handed_over(raw, times=3)
    handed_over(b"Received: by another way\r\n" + raw)
    outcomes = sorted(row.outcome for row in understood())
    assert outcomes == [Outcome.DUPLICATE, Outcome.ENQUIRY]
    with acting_as(DatabaseRole.ENGINE):
        assert Enquiry.objects.count() == 1
        assert not Ticket.objects.exists()


def test_the_same_mail_at_once_on_two_connections_and_two_ways_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both are being written when either is: the second waits at the key, and finds the first."""
    together, keep = threading.Barrier(2), door.store
    met: list[bool] = []

    def at_once(*arguments: object, **more: object) -> object:
        together.wait(10)
        met.append(True)
        return keep(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(door, "store", at_once)
    raw, answers = mail("pia@new.example"), []

    def deliver(port: int) -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.ehlo()
            client.mail(ME)
            client.rcpt(SUPPORT)
            answers.append(client.data(raw))

    with listening() as port:
        threads = [threading.Thread(target=deliver, args=(port,)) for _number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert len(met) == 2
    assert [code for code, _text in answers] == [250, 250]
    assert answers[0] == answers[1], "both are told the same name it is kept under"
    assert [row.outcome for row in understood()] == [Outcome.ENQUIRY]
