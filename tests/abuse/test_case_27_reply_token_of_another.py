"""Case 27: the reply token of A in B's mail, and a revoked member's: refused."""

from __future__ import annotations

from types import SimpleNamespace

from accounts.models import Membership
from tests import factories
from tests.abuse.mail_cases import our_server_checks  # noqa: F401  a fixture
from tests.mails import mail, received
from tickets.intake import mailboxes
from tickets.intake.reply_address import reply_address
from tickets.models import Entry


def test_a_token_is_of_use_to_its_member_alone(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    other = factories.ticket(cast.stranger)
    to = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
    assert received(mail("owner@brightclass.example", to=to), to).reason == "other-person"
    # A token for a ticket that is not theirs, had we ever given one out:
    foreign = reply_address(ticket_id=other.pk, user_id=cast.developer.pk)
    assert received(mail(to=foreign), foreign).reason == "may-not-write"
    Membership.objects.filter(user=cast.developer).delete()
    assert received(mail(to=to), to).reason == "may-not-write"
    assert Entry.objects.count() == 2


def test_a_token_that_was_tampered_with_is_no_address_of_ours(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    to = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
    last = "a" if to.split("@")[0][-1] != "a" else "b"
    assert not mailboxes.is_served(to.replace("@", f"{last}@"))
    assert not mailboxes.is_served(to.split("@")[0][:-1] + last + "@" + to.split("@")[1])
