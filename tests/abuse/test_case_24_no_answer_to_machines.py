"""Abuse case 24, what goes out: nothing of ours asks a machine for an answer, or answers one."""

from __future__ import annotations

from collections.abc import Callable
from email.header import decode_header, make_header
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from accounts.models import Deadline, Delivery
from accounts.viewer import Viewer
from tests import factories, mails
from tickets import enquiries, lifecycle
from tickets.models import Enquiry
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
Turn = Callable[[], Any]

AUTOMATIC = {
    "Auto-Submitted": "auto-replied",
    "Precedence": "auto_reply",
    "X-Autoreply": "yes",
}


@pytest.mark.parametrize("header", AUTOMATIC)
def test_a_mail_that_a_machine_wrote_is_not_answered(
    clock: Any, handle_due: Turn, send_due: Turn, header: str
) -> None:
    raw = mails.mail("away@elsewhere.example", body="I am away until Monday.")
    mails.received(f"{header}: {AUTOMATIC[header]}\r\n".encode() + raw)
    handle_due()
    send_due()
    assert not Enquiry.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize("header", ["List-Id: <dev.lists.example>", "Precedence: list"])
def test_a_mail_through_a_list_waits_for_a_person_and_the_list_is_not_answered(
    clock: Any, handle_due: Turn, send_due: Turn, header: str
) -> None:
    mails.received(header.encode() + b"\r\n" + mails.mail("dev@lists.example"))
    handle_due()
    send_due()
    assert Enquiry.objects.get().address == "dev@lists.example"
    assert mail.outbox == []


def test_every_mail_of_ours_asks_machines_for_no_answer(
    cast: SimpleNamespace, clock: Any, handle_due: Turn, send_due: Turn
) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Look.", now=clock.now)
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.developer), body="Well?", now=clock.now)
    lifecycle.resolve(ticket=ticket, by=Viewer.of(cast.engineer), now=clock.now)
    enquiries.open_enquiry(
        channel=Enquiry.Channel.EMAIL,
        name="",
        address="new@elsewhere.example",
        subject="Hello",
        body="Hello",
        now=clock.now,
    )
    handle_due()
    send_due()
    assert not Deadline.objects.exclude(last_error="").exists()
    assert not Delivery.objects.exclude(last_error="").exists()
    assert len(mail.outbox) >= 5
    for one in mail.outbox:
        sent = one.message()
        assert "OOF" in sent["X-Auto-Response-Suppress"]
        carries_words = "(Vigil)" in str(make_header(decode_header(sent["From"])))
        assert carries_words or sent["Auto-Submitted"] in ("auto-generated", "auto-replied")
