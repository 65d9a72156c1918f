"""Striking what was planned, in the roles that do it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from accounts.models import Deadline
from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import lifecycle

pytestmark = pytest.mark.django_db


def test_a_customer_who_objects_strikes_the_closing_of_the_ticket(cast: SimpleNamespace) -> None:
    ticket, staff = factories.ticket(cast.developer), Viewer.of(cast.engineer)
    lifecycle.reply(ticket=ticket, by=staff, body="Do this.", now=NOON)
    lifecycle.resolve(ticket=ticket, by=staff, now=NOON)
    customer = Viewer.of(cast.developer)
    with acting_for(customer):
        lifecycle.reply(ticket=ticket, by=customer, body="It is back.", now=NOON)
    assert Deadline.objects.get(kind="ticket.close").settled_at == NOON
