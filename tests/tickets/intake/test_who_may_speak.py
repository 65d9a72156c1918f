"""Who may speak in a ticket by mail, and what becomes of all the others."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.mails import OURS, became, mail, received
from tickets.models import Entry, Inbound, Ticket

Outcome = Inbound.Outcome


@pytest.fixture(autouse=True)
def _our_server_checks(settings: SettingsWrapper) -> None:
    settings.MAIL_PROOF, settings.MAIL_AUTHSERV_IDS = "authserv", frozenset({OURS})


def test_a_member_opens_a_normal_ticket(cast: SimpleNamespace) -> None:
    row = received(mail(subject="Re: 转发: It is slow", body="Slow since noon.\n\n> old"))
    ticket = Ticket.objects.get()
    assert became(row) == (Outcome.OPENED, "")
    assert (ticket.subject, ticket.severity, ticket.channel) == ("It is slow", "normal", "email")
    assert (ticket.reporter, ticket.product, ticket.platform) == (cast.developer, None, "")
    entry = Entry.objects.get()
    assert (entry.body, entry.folded) == ("Slow since noon.", "> old")
    assert (row.ticket, row.entry) == (ticket, entry)
