"""Case 24: autoresponders, bounces, Auto-Submitted: nothing of ours answers them."""

from __future__ import annotations

from types import SimpleNamespace

from accounts.models import Deadline, Delivery
from tests import factories
from tests.abuse.mail_cases import our_server_checks  # noqa: F401  a fixture
from tests.mails import mail, received
from tickets.models import Enquiry, Ticket


def test_machines_get_no_answer(cast: SimpleNamespace) -> None:
    waiting = Delivery.objects.count(), Deadline.objects.count()
    for sender in ("developer@starcast.example", "robot@elsewhere.example"):
        received(mail(sender, subject="Out of office", Auto_Submitted="auto-replied"))
        received(mail(sender, subject="自动回复：收到", Precedence="auto_reply"))
        received(mail(sender, subject="Backup done", Auto_Submitted="auto-generated"))
    assert (Delivery.objects.count(), Deadline.objects.count()) == waiting
    assert not Ticket.objects.exists()
    assert not Enquiry.objects.exists()
    factories.ticket(cast.developer)
