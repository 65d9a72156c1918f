"""Case 14: what stands beside the main pages follows the same rules: live parts, files, page
links, the queue's search, messages that go out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Delivery
from accounts.viewer import Viewer
from portal import page_links
from tests import factories
from tests.factories import NOON
from tickets import escalation, lifecycle
from tickets.models import Escalation, Page, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
CANARY = "canary-5512"


@pytest.fixture
def ticket(cast: SimpleNamespace) -> Ticket:
    made = factories.ticket(
        cast.developer, subject="Silence", body="orchid-4471", severity=Severity.URGENT
    )
    escalation.start(ticket=made, reason=Escalation.Reason.URGENT, now=NOON)
    lifecycle.add_note(ticket=made, by=Viewer.of(cast.engineer), body=CANARY, now=NOON)
    return made


@pytest.mark.parametrize("path", ["/tickets/STAR-1/", "/tickets/STAR-1/live/"])
def test_the_live_part_is_as_closed_as_the_page(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any, path: str
) -> None:
    assert browser_of(cast.stranger).get(path).status_code == 404
    answer = browser_of(cast.viewer).get(path)
    assert "orchid-4471" in answer.content.decode()
    assert CANARY not in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/admin/queue/live/?q=Silence",
        "/admin/queue/live/?current=STAR-1",
        "/admin/ticket/STAR-1/live/main/",
        "/admin/ticket/STAR-1/live/side/",
        "/admin/search/?s=Silence",
        "/admin/autocomplete/?app_label=accounts&model_name=membership&field_name=user",
    ],
)
def test_the_workspaces_parts_are_for_staff(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any, client: Any, path: str
) -> None:
    assert browser_of(cast.developer).get(path).status_code == 403
    assert client.get(path)["Location"].startswith("/accounts/login/")


def test_the_link_of_one_page_shows_neither_message_nor_note_and_opens_nothing_else(
    cast: SimpleNamespace, ticket: Ticket, client: Any
) -> None:
    link = f"/page/{page_links.token(Page.objects.get().pk)}/"
    shown = client.get(link)
    assert shown.status_code == 200
    assert CANARY not in shown.content.decode()
    for path in ("/admin/queue/", "/admin/ticket/STAR-1/", "/tickets/STAR-1/"):
        assert client.get(path)["Location"].startswith("/accounts/login/")


def test_no_message_going_out_to_a_customer_holds_a_note(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="We look.", now=NOON)
    inside = {person.email for person in (cast.engineer, cast.second, cast.lead)}
    letters = Delivery.objects.exclude(address__in=inside)
    assert not [letter for letter in letters if CANARY in str(letter.payload)]
