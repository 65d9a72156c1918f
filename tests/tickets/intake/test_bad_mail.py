"""Whatever comes in: it is kept, it ends somewhere a person sees, and nothing else suffers."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from portal.mail_in import understanding
from tests.mails import OURS, SUPPORT, URGENT, became, mail, received
from tickets.intake import letter as letters
from tickets.intake.store import store
from tickets.models import Attachment, Entry, Inbound, Ticket

Outcome = Inbound.Outcome
BOUNDED_SECONDS = 10.0


@pytest.fixture(autouse=True)
def _our_server_checks(settings: Any) -> None:
    settings.MAIL_PROOF, settings.MAIL_AUTHSERV_IDS = "authserv", frozenset({OURS})


def nested(depth: int) -> bytes:
    """Multiparts in multiparts."""
    head = mail().partition(b"Content-Type")[0] + b"MIME-Version: 1.0\n"
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )
    closing = b"".join(b"\n--b%d--\n" % n for n in reversed(range(depth)))
    return head + opening + b"Content-Type: text/plain\n\nDeep down.\n" + closing


RECIPIENTS = ", ".join(f"person{number}@elsewhere.example" for number in range(10_000))
HEAD = f"Authentication-Results: {OURS}; dmarc=pass header.from=starcast.example\n".encode()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (b"\x00" * 1000, None),
        (b"Subject: who?\n\nNobody.", "no-sender"),
        (b"From: a@b.example, developer@starcast.example\n\nTwo.", None),
        (b"\xff\xfe\xfd" * 5000, None),
        (nested(100), None),
        (mail(Cc=RECIPIENTS), ""),
        (mail(body="NUL here").replace(b"NUL here", b"N\x00UL"), ""),
        (mail(Date="Thu, 01 Jan 1970 00:00:00 +0000"), ""),
        (HEAD + b"From: developer@starcast.example\n\nNo Message-ID, no Date, no Subject.", ""),
        (mail(subject="=?utf-8?q?=00=0D=0ABcc=3A_a@b?="), ""),
        (mail(message_id="<" + "x" * 5000 + "@starcast.example>"), ""),
    ],
    ids=lambda one: one[:24].decode(errors="replace") if isinstance(one, bytes) else str(one),
)
def test_it_ends_where_a_person_sees_it(
    cast: SimpleNamespace, raw: bytes, reason: str | None
) -> None:
    began = time.monotonic()
    row = received(raw)
    assert time.monotonic() - began < BOUNDED_SECONDS
    assert row.handled_at is not None
    assert row.outcome in (Outcome.QUARANTINED, Outcome.OPENED, Outcome.ENQUIRY)
    assert bytes(row.raw) == raw
    if reason is not None:
        assert row.reason == reason


@pytest.mark.parametrize("year", [1970, 2099])
def test_what_a_mail_says_of_its_date_moves_no_clock(cast: SimpleNamespace, year: int) -> None:
    raw = mail().replace(b"Nov 2026", f"Nov {year}".encode())
    row = received(raw)
    assert row.ticket.opened_at == row.handled_at


def test_thirty_megabytes_are_taken_in(cast: SimpleNamespace) -> None:
    began = time.monotonic()
    row = received(mail(files=(("dump.bin", bytes(range(256)) * 80_000),)))
    assert (row.outcome, Attachment.objects.get().size) == (Outcome.OPENED, 20_480_000)
    assert time.monotonic() - began < 3 * BOUNDED_SECONDS


def test_a_file_too_large_for_a_ticket_stays_in_the_mail(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.attachments.MAX_BYTES", 10)
    row = received(mail(files=(("big.log", b"x" * 11), ("small.log", b"x"))))
    assert row.data["remark"] == "files-left-out"
    assert [one.name for one in Attachment.objects.all()] == ["small.log"]


def test_a_text_too_long_is_attached_whole(cast: SimpleNamespace) -> None:
    row = received(mail(body="It broke again.\n" * 5000))
    assert row.data["remark"] == "text-cut"
    assert len(Entry.objects.get().body) <= 50_000
    assert Attachment.objects.get().name == "mail.txt"


def test_the_same_mail_by_two_ways_is_one_ticket(cast: SimpleNamespace) -> None:
    raw = mail()
    first = received(raw)
    again = received(b"Received: by another way\n" + raw)
    assert (first.outcome, again.outcome) == (Outcome.OPENED, Outcome.DUPLICATE)
    assert again.ticket == first.ticket
    assert Ticket.objects.count() == 1


def test_the_same_mail_also_to_the_urgent_address_is_urgent(cast: SimpleNamespace) -> None:
    raw = mail()
    received(raw)
    assert received(raw, URGENT).outcome == Outcome.DUPLICATE
    assert Ticket.objects.get().severity == "urgent"


def test_another_mail_under_the_same_message_id_is_not_lost(cast: SimpleNamespace) -> None:
    received(mail(message_id="<one@starcast.example>"))
    row = received(mail(message_id="<one@starcast.example>", body="Something else."))
    assert became(row) == (Outcome.QUARANTINED, "same-id")


def test_stored_twice_is_stored_once(db: None, cast: SimpleNamespace) -> None:
    raw = mail()
    first = store(raw, recipients=[SUPPORT, URGENT], source="smtp")
    again = store(raw, recipients=[URGENT.upper(), SUPPORT], source="imap")
    other = store(raw, recipients=[SUPPORT], source="smtp")
    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
    assert again.pk == first.pk


def test_a_poison_mail_goes_into_quarantine_and_no_other(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = letters.read

    def dies(raw: bytes, **more: Any) -> Any:
        if b"poison" in raw:
            raise RuntimeError("a flaw of ours")
        return read(raw, **more)

    monkeypatch.setattr(letters, "read", dies)
    for subject in ("before", "poison", "after"):
        store(mail(subject=subject), recipients=[SUPPORT], source="smtp")
    for _number in range(understanding.ATTEMPTS):
        understanding.handle_some()
        understanding.handle_some()
        Inbound.objects.filter(handled_at=None).update(claimable_at="2000-01-01T00:00Z")
    poison = Inbound.objects.get(outcome=Outcome.QUARANTINED)
    assert (poison.reason, poison.last_error) == ("failed", "RuntimeError: a flaw of ours")
    assert sorted(Ticket.objects.values_list("subject", flat=True)) == ["after", "before"]


def test_a_mail_that_kills_its_reader_takes_no_other_along(cast: SimpleNamespace) -> None:
    for subject in ("one", "two", "three"):
        store(mail(subject=subject), recipients=[SUPPORT], source="smtp")
    assert len(understanding.claim()) == 3  # and whoever claimed them died
    Inbound.objects.update(claimable_at="2000-01-01T00:00Z")
    assert [len(understanding.claim()) for _number in range(4)] == [1, 1, 1, 0]
    Inbound.objects.update(claimable_at="2000-01-01T00:00Z", attempts=understanding.ATTEMPTS)
    understanding.handle_some()
    assert Inbound.objects.filter(reason="failed").count() == 1


def test_a_stale_claim_does_nothing(cast: SimpleNamespace) -> None:
    kept = store(mail(), recipients=[SUPPORT], source="smtp")
    stale = understanding.claim()
    Inbound.objects.update(claimable_at="2000-01-01T00:00Z")
    understanding.handle(understanding.claim())
    understanding.handle(stale)
    assert Ticket.objects.count() == 1
    assert Inbound.objects.get(pk=kept.pk).outcome == Outcome.OPENED


def test_urgent_mail_is_looked_at_first(cast: SimpleNamespace) -> None:
    for number in range(30):
        store(mail(subject=f"{number}"), recipients=[SUPPORT], source="smtp")
    store(mail(to=URGENT), recipients=[URGENT], source="smtp")
    assert [row.is_urgent for row in understanding.claim(limit=2)] == [True, False]
    assert understanding.claim(urgent_only=True) == []
