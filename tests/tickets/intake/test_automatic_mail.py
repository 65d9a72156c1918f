"""What machines write: recorded, shown to us, never a ticket and never answered."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from accounts import agenda
from accounts.models import Deadline, Delivery, Event
from portal.engine import deliveries, handlers
from tests import factories
from tests.mails import OURS, SUPPORT, URGENT, became, mail, received
from tickets.intake import bounced, message_ids
from tickets.intake.bounce_address import bounce_address
from tickets.intake.reply_address import reply_address
from tickets.models import BouncedAddress, Entry, Inbound, Ticket

Outcome = Inbound.Outcome


@pytest.fixture(autouse=True)
def _our_server_checks(settings: Any) -> None:
    settings.MAIL_PROOF, settings.MAIL_AUTHSERV_IDS = "authserv", frozenset({OURS})


def sent(ticket: Ticket, address: str, key: str = "one") -> Delivery:
    """A mail of ours about the ticket, on its way to that address."""
    agenda.send(
        kind=Delivery.Kind.EMAIL,
        key=key,
        channel="email",
        address=address,
        subject=ticket.event_subject,
        payload={"subject": "x", "text": "x"},
        due_at=ticket.opened_at,
        organization_id=ticket.organization_id,
    )
    return Delivery.objects.get(key=key)


def bounce(address: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.starcast.example\n"
        f"To: {SUPPORT}\nSubject: Undelivered Mail Returned to Sender\n"
        "Message-ID: <b1@mx.starcast.example>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt could not be delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.starcast.example\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n--b--\n"
    ).encode()


def test_a_bounce_marks_the_address_and_tells_the_engineer(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    mail_of_ours = sent(ticket, cast.developer.email)
    row = received(bounce(cast.developer.email), bounce_address(mail_of_ours.pk))
    assert (row.outcome, row.ticket) == (Outcome.BOUNCE, ticket)
    marked = BouncedAddress.objects.get()
    assert (marked.address, marked.is_permanent, marked.status) == (
        cast.developer.email,
        True,
        "5.1.1",
    )
    event = Event.objects.get(verb="mail.bounced")
    assert (event.internal, event.subject) == (True, ticket.event_subject)
    telling = Deadline.objects.get(kind=bounced.TELL)
    handlers.HANDLERS[bounced.TELL](telling, telling.due_at)
    letter = Delivery.objects.get(address=cast.engineer.email)
    assert cast.developer.email in letter.payload["text"]


def test_nothing_more_is_sent_there_until_mail_comes_from_there(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    received(bounce(cast.developer.email), bounce_address(sent(ticket, cast.developer.email).pk))
    more = sent(ticket, cast.developer.email, "two")
    assert not deliveries._still_matters(more, now=ticket.opened_at)
    received(mail())
    assert deliveries._still_matters(more, now=ticket.opened_at)


def test_a_bounce_that_is_not_for_good_marks_no_more_than_that(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    ours = sent(ticket, cast.developer.email)
    received(bounce(cast.developer.email, "4.4.7", "delayed"), bounce_address(ours.pk))
    assert not bounced.is_given_up(cast.developer.email)


def test_a_forged_bounce_marks_nobody(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    ours = sent(ticket, cast.developer.email)
    raw = bounce(cast.developer.email).replace(
        b"--b--", b"--b\nContent-Type: message/rfc822\n\nMessage-ID: "
        + message_ids.of_delivery(ours.pk).encode() + b"\n\nx\n--b--")  # fmt: skip
    row = received(raw)
    assert (row.outcome, row.data["remark"]) == (Outcome.BOUNCE, "not-ours")
    assert not BouncedAddress.objects.exists()


def test_an_absence_note_is_shown_on_the_ticket_and_changes_nothing(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    before = ticket.updated_at
    to = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
    row = received(mail(to=to, subject="自动回复: 休假", Auto_Submitted="auto-replied"), to)
    ticket.refresh_from_db()
    assert (row.outcome, row.ticket, ticket.updated_at) == (Outcome.AUTOMATIC, ticket, before)
    assert Entry.objects.count() == 1
    event = Event.objects.get(verb="mail.automatic")
    assert (event.internal, event.data["address"]) == (True, "developer@starcast.example")


def test_an_absence_note_about_nothing_opens_nothing(cast: SimpleNamespace) -> None:
    row = received(mail(subject="Out of office", Auto_Submitted="auto-replied"))
    assert became(row) == (Outcome.AUTOMATIC, "")
    assert not Ticket.objects.exists()


def test_what_comes_from_ourselves_goes_no_further(cast: SimpleNamespace) -> None:
    assert received(mail(SUPPORT)).outcome == Outcome.AUTOMATIC
    hops = b"".join(b"Received: from a by b; Mon, 23 Nov 2026 12:00:00 +0000\n" for _ in range(80))
    assert received(hops + mail()).outcome == Outcome.AUTOMATIC
    assert not Ticket.objects.exists()


def test_a_machine_at_the_urgent_address_is_looked_at_by_a_person(cast: SimpleNamespace) -> None:
    raw = mail(to=URGENT, subject="Alert: latency", Auto_Submitted="auto-generated")
    row = received(raw, URGENT)
    assert became(row) == (Outcome.QUARANTINED, "machine")
    assert Delivery.objects.filter(kind=Delivery.Kind.PAGE).count() == 1


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Automatic reply: On call", "I am away."),
        ("Production down", "This is an automated message.\n\nRTC join failures: 100%."),
        ("线上故障", "【系统自动发送】RTC 入会失败率 100%，所有区域。"),
    ],
)
def test_what_only_sounds_automatic_waits_and_rings_at_the_urgent_address(
    cast: SimpleNamespace, subject: str, body: str
) -> None:
    row = received(mail(to=URGENT, subject=subject, body=body), URGENT)
    assert became(row) == (Outcome.QUARANTINED, "machine")
    assert Delivery.objects.filter(kind=Delivery.Kind.PAGE).count() == 1
    assert received(mail(subject=subject, body=body)).outcome == Outcome.AUTOMATIC


def test_an_absence_note_that_says_so_in_its_header_wakes_nobody(cast: SimpleNamespace) -> None:
    raw = mail(to=URGENT, subject="Automatic reply: On call", Auto_Submitted="auto-replied")
    assert received(raw, URGENT).outcome == Outcome.AUTOMATIC
    assert not Delivery.objects.filter(kind=Delivery.Kind.PAGE).exists()


@pytest.mark.parametrize(
    "subject",
    [
        "自动回复（客服机器人）不生效，线上故障",
        "Auto-reply: bot messages are not delivered in production",
    ],
)
def test_a_customer_whose_automatic_replies_fail_has_an_urgent_ticket(
    cast: SimpleNamespace, subject: str
) -> None:
    row = received(mail(to=URGENT, subject=subject, body="All users, since 10:00."), URGENT)
    assert became(row) == (Outcome.OPENED, "")
    assert Ticket.objects.get().severity == "urgent"
