"""Case 18: From=agent, threaded by reference: never the agent's words."""

from __future__ import annotations

from types import SimpleNamespace

from tests import factories
from tests.abuse.mail_cases import our_server_checks  # noqa: F401  a fixture
from tests.mails import mail, received
from tickets.intake import message_ids
from tickets.intake.reply_address import reply_address
from tickets.models import Entry


def test_an_agents_address_alone_speaks_for_nobody(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    reference = message_ids.of_ticket(ticket.pk)
    to_customer = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
    to_agent = reply_address(ticket_id=ticket.pk, user_id=cast.engineer.pk)
    forged = to_agent.replace("@", "x@")
    rows = [
        received(mail("zhao@vigil.example", References=reference)),
        received(mail("zhao@vigil.example", References=reference, proven=False)),
        received(mail("zhao@vigil.example", to=to_customer), to_customer),
        received(mail("zhao@vigil.example", to=to_agent, proven=False), to_agent),
        received(mail("zhao@vigil.example", to=forged), forged),
    ]
    assert {row.outcome for row in rows} == {"quarantined"}
    assert Entry.objects.count() == 1
    ticket.refresh_from_db()
    assert ticket.state == "new"
