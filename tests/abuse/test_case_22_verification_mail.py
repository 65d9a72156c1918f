"""Case 22: a third party's verification mail to one of our addresses is shown to no customer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tests import factories
from tests.abuse.mail_cases import our_server_checks  # noqa: F401  a fixture
from tests.mails import SUPPORT, mail, received
from tickets.intake.reply_address import reply_address

CODE = "Your code is 482913"


def test_nobody_reads_mail_they_had_sent_to_us(cast: SimpleNamespace, browser_of: Any) -> None:
    ticket = factories.ticket(cast.developer)
    to = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
    for address in (SUPPORT, to):
        received(mail("noreply@service.example", to=address, body=CODE), address)
    client = browser_of(cast.developer)
    for path in ("/", "/tickets/", f"/tickets/{ticket.reference}/"):
        assert CODE not in client.get(path).content.decode()
