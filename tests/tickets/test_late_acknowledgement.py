"""An answer counts as an acknowledgement, also when the engine learns of it late."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import escalation, ownership
from tickets.models import Escalation
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db


def test_it_ends_the_ringing_but_undoes_no_hand_over_made_since(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    ownership.assign(ticket=ticket, by=Viewer.of(cast.second), owner=cast.engineer, now=NOON)
    taken = escalation.acknowledge(
        ticket=ticket, by=Viewer.of(cast.second), now=NOON, takes_over=False
    )
    ticket.refresh_from_db()
    assert taken.taken
    assert ticket.owner == cast.engineer


def test_by_hand_it_takes_the_ticket_over(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    ownership.assign(ticket=ticket, by=Viewer.of(cast.second), owner=cast.engineer, now=NOON)
    escalation.acknowledge(ticket=ticket, by=Viewer.of(cast.second), now=NOON)
    ticket.refresh_from_db()
    assert ticket.owner == cast.second
