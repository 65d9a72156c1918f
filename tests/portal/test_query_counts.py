"""No ticket page asks more than twelve queries, however much there is to show."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.portal.queries import queries_of
from tickets import escalation, lifecycle
from tickets.models import Escalation, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
LIMIT = 12


def fill(cast: SimpleNamespace, count: int) -> Ticket:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT, product=cast.product)
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    escalation.acknowledge(ticket=ticket, by=Viewer.of(cast.engineer), now=NOON)
    for number in range(count):
        factories.ticket(cast.developer, subject=f"Question {number}", product=cast.product)
        lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body=f"News {number}", now=NOON)
    return ticket


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/tickets/",
        "/tickets/?q=Question&state=unsolved&severity=normal&product=im&who=following",
        "/tickets/new/",
        "/down/",
        "/tickets/STAR-1/",
        "/tickets/STAR-1/live/",
    ],
)
def test_a_page_asks_the_same_few_queries_of_5_tickets_and_of_50(
    cast: SimpleNamespace, browser_of: Any, address: str
) -> None:
    cast.star.dedicated_contact = cast.second
    cast.star.save()
    browser = browser_of(cast.developer)
    fill(cast, 5)
    browser.get(address)  # notes when the session was seen, which is done now and then only
    few = queries_of(browser, address)
    fill(cast, 45)
    many = queries_of(browser, address)
    assert len(many) <= LIMIT, "\n".join(many)
    assert len(many) == len(few), "\n".join(few)
