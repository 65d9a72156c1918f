"""Case 19: From=customer, failing DMARC: quarantine, no comment, nobody added."""

from __future__ import annotations

from types import SimpleNamespace

from tests import factories
from tests.abuse.mail_cases import our_server_checks  # noqa: F401  a fixture
from tests.mails import mail, received
from tickets.intake import message_ids
from tickets.models import Entry, Follower


def test_what_fails_is_held_back(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    followers = Follower.objects.count()
    row = received(
        mail(
            "owner@starcast.example",
            proven=False,
            References=message_ids.of_ticket(ticket.pk),
            Cc="viewer@starcast.example, x@evil.example",
        )
    )
    assert (row.outcome, row.reason) == ("quarantined", "unproven")
    assert (Entry.objects.count(), Follower.objects.count()) == (1, followers)
