"""Case 6, by mail: who names somebody else's ticket or customer gets neither."""

from __future__ import annotations

from types import SimpleNamespace

from tests import factories
from tests.abuse.mail_cases import our_server_checks  # noqa: F401  a fixture
from tests.mails import SUPPORT, mail, received
from tickets.models import Enquiry, Entry, Ticket


def test_a_ticket_number_in_the_subject_places_nothing(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    row = received(mail("x@evil.example", subject=f"Re: [{ticket.reference}] {ticket.subject}"))
    assert row.ticket is None
    assert row.outcome == "enquiry"
    assert Enquiry.objects.get().ticket is None
    assert Entry.objects.count() == 1


def test_a_member_of_another_customer_naming_it_opens_their_own(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    received(mail("owner@brightclass.example", to=SUPPORT, subject=ticket.reference))
    assert Ticket.objects.exclude(pk=ticket.pk).get().organization == cast.bright
