"""Case 26: redelivered Message-ID, 100-level MIME, 10,000 addresses: one comment, bounded time."""

from __future__ import annotations

import time
from types import SimpleNamespace

from tests import factories
from tests.abuse.mail_cases import our_server_checks  # noqa: F401  a fixture
from tests.mails import mail, received
from tests.tickets.intake.test_bad_mail import RECIPIENTS, nested
from tickets.intake.reply_address import reply_address


def test_one_comment_in_bounded_time(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    to = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
    raw = mail(to=to)
    began = time.monotonic()
    for _number in range(3):
        received(raw, to)
        received(b"Received: again\n" + raw, to)
    received(nested(100))
    received(mail(to=RECIPIENTS), to)
    assert time.monotonic() - began < 20
    assert ticket.entries.count() == 3
