"""Case 20: only our own server's Authentication-Results are believed, and only the topmost."""

from __future__ import annotations

from types import SimpleNamespace

from tests import factories
from tests.abuse.mail_cases import our_server_checks  # noqa: F401  a fixture
from tests.mails import OURS, mail, received
from tickets.models import Ticket

PASS = "dmarc=pass header.from=starcast.example"


def test_the_senders_own_word_is_not_believed(cast: SimpleNamespace) -> None:
    below_ours = f"Authentication-Results: {OURS}; dmarc=fail header.from=starcast.example\n"
    forged = f"Authentication-Results: {OURS}; {PASS}\n"
    others = f"Authentication-Results: mx.evil.example; {PASS}\n"
    for head in (below_ours + forged, others, others + forged):
        row = received(head.encode() + mail(proven=None))
        assert (row.outcome, row.reason) == ("quarantined", "unproven")
    assert not Ticket.objects.exists()
    factories.ticket(cast.developer)
