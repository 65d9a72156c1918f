"""The leads read once which steps of a ladder rang nobody; the customer never does."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db.models import F

from accounts.models import Delivery
from tests import factories
from tests.portal.conftest import Clock
from tickets.models import Ladder, LadderStep, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
HandleDue = Callable[[], None]


@pytest.fixture
def holey(cast: SimpleNamespace, clock: Clock, handle_due: HandleDue) -> Ticket:
    """An urgent ticket whose ladder begins with a contact the customer does not have."""
    ladder = Ladder.objects.get(team=cast.team)
    ladder.steps.update(position=F("position") + 5)
    LadderStep.objects.create(ladder=ladder, position=0, kind=LadderStep.Kind.CONTACT)
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT, product=cast.product)
    handle_due()
    return ticket


def letters() -> list[Delivery]:
    return list(Delivery.objects.filter(key__startswith="ladder-gaps:"))


def test_the_leads_get_one_mail_that_names_the_step_and_why(
    cast: SimpleNamespace, holey: Ticket
) -> None:
    (letter,) = letters()
    assert (letter.kind, letter.address) == ("email", cast.lead.email)
    assert letter.payload["subject"] == f"[{holey.reference}] {holey.subject}"
    for body in (letter.payload["text"], letter.payload["html"].replace("&#x27;", "'")):
        assert "the customer's dedicated contact" in body
        assert "the customer has no dedicated contact" in body
    assert "step 1" in letter.payload["text"]


def test_rounds_and_runs_without_answer_repeat_no_mail(
    holey: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    for _minute in range(40):  # more than three rounds of three steps
        clock.forward(minutes=3)
        handle_due()
    assert holey.escalations.count() > 1
    assert len(letters()) == 1


def test_a_ladder_without_holes_writes_none(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    factories.ticket(cast.developer, severity=Severity.URGENT, product=cast.product)
    handle_due()
    assert letters() == []
