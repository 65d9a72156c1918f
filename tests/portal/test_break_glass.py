"""“Production is down”: one field opens an urgent ticket and has an engineer rung."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.access import Role
from accounts.models import Deadline, Membership
from tests import factories
from tickets.models import Ticket

pytestmark = pytest.mark.django_db
BROKEN = "Chat is dead in all rooms.\nSince 02:50."


def test_one_sentence_is_enough(cast: SimpleNamespace, browser_of: Any) -> None:
    response = browser_of(cast.developer).post("/down/", {"body": BROKEN})
    assert response["Location"] == "/tickets/STAR-1/"
    ticket = Ticket.objects.get()
    assert (ticket.severity, ticket.environment, ticket.channel, ticket.subject) == (
        "urgent",
        "production",
        "break-glass",
        "Chat is dead in all rooms.",
    )
    assert Deadline.objects.get(kind="ladder.start").data["ticket"] == ticket.pk


def test_the_promise_stands_before_the_button(cast: SimpleNamespace, browser_of: Any) -> None:
    text = browser_of(cast.stranger).get("/down/").content.decode()
    assert "An engineer answers within 30 minutes, 24×7" in text
    assert "at least every 1 hour" in text


def test_the_product_is_that_of_last_time(cast: SimpleNamespace, browser_of: Any) -> None:
    factories.ticket(cast.developer, product=cast.product)
    response = browser_of(cast.developer).get("/down/")
    assert response.context["form"]["product"].value() == "im"


def test_a_double_click_opens_one_ticket(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.developer)
    sent = {"body": BROKEN, "submission": str(uuid.uuid4())}
    assert browser.post("/down/", sent)["Location"] == browser.post("/down/", sent)["Location"]
    assert Ticket.objects.count() == 1


def test_somebody_elses_key_opens_a_ticket_of_ones_own(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    sent = {"body": BROKEN, "submission": str(uuid.uuid4())}
    browser_of(cast.developer).post("/down/", sent)
    assert browser_of(cast.stranger).post("/down/", sent)["Location"] == "/tickets/BRIT-1/"


@pytest.mark.parametrize("body", ["", "  ", "a\x00b", "x" * 50_001])
def test_a_sentence_that_cannot_be_kept_gets_a_message(
    cast: SimpleNamespace, browser_of: Any, body: str
) -> None:
    response = browser_of(cast.developer).post("/down/", {"body": body})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["body"]


def test_whoever_has_several_organizations_chooses(cast: SimpleNamespace, browser_of: Any) -> None:
    Membership.objects.create(organization=cast.bright, user=cast.developer, role=Role.DEVELOPER)
    browser = browser_of(cast.developer)
    assert 'name="organization"' in browser.get("/down/").content.decode()
    response = browser.post("/down/", {"body": BROKEN, "organization": "STAR"})
    assert response["Location"] == "/tickets/STAR-1/"


def test_a_foreign_organization_is_no_choice(cast: SimpleNamespace, browser_of: Any) -> None:
    response = browser_of(cast.developer).post("/down/", {"body": BROKEN, "organization": "BRIT"})
    assert response.status_code == 422
    assert not Ticket.objects.exists()


def test_a_viewer_may_not_ring_anybody(cast: SimpleNamespace, browser_of: Any) -> None:
    assert browser_of(cast.viewer).post("/down/", {"body": BROKEN}).status_code == 403
