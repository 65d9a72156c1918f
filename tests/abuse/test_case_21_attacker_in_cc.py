"""Case 21: a spoofed sender with the attacker in Cc: Cc gains nothing."""

from __future__ import annotations

from types import SimpleNamespace

from accounts.models import Delivery
from tests import factories
from tests.abuse.mail_cases import our_server_checks  # noqa: F401  a fixture
from tests.mails import mail, received
from tickets.intake import message_ids
from tickets.models import Follower


def test_cc_gains_nothing_even_from_a_proven_member(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    reference = message_ids.of_ticket(ticket.pk)
    for proven in (False, True):
        received(mail(proven=proven, References=reference, Cc="x@evil.example"))
    received(mail("x@evil.example", References=reference))
    assert set(Follower.objects.values_list("user", flat=True)) == {cast.developer.pk}
    assert not Delivery.objects.filter(address="x@evil.example").exists()
