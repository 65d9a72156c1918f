"""One problem, one ticket, in the workspace, the portal and the API."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from accounts import tenancy
from tests import factories
from tests.factories import NOON
from tickets.models import Entry, Ticket
from tickets.models.ticket import Channel, State

pytestmark = pytest.mark.django_db
KEPT, JOINED = "/admin/ticket/STAR-1/", "/admin/ticket/STAR-2/"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancy, "database_now", lambda read: NOON)


@pytest.fixture
def engineer(cast: SimpleNamespace, browser_of: Any) -> Any:
    return browser_of(cast.engineer)


@pytest.fixture
def developer(cast: SimpleNamespace, browser_of: Any) -> Any:
    return browser_of(cast.developer)


@pytest.fixture
def kept(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer, body="By phone.", channel=Channel.PHONE)


@pytest.fixture
def joined(cast: SimpleNamespace, kept: Ticket) -> Ticket:
    return factories.ticket(cast.developer, body="By mail.", channel=Channel.EMAIL)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_one_click_joins_what_is_proposed(engineer: Any, kept: Ticket, joined: Ticket) -> None:
    assert "Perhaps the same problem" in text(engineer.get(JOINED))
    answer = engineer.post(JOINED + "join/", {"other": "STAR-1"}, follow=True)
    assert answer.redirect_chain[-1][0] == KEPT
    assert "written in STAR-2" in text(answer)
    assert "This ticket is part of STAR-1." in text(engineer.get(JOINED))


def test_a_bare_number_is_one_of_the_same_customer(
    engineer: Any, kept: Ticket, joined: Ticket
) -> None:
    engineer.post(KEPT + "join/", {"other": "#2"})
    joined.refresh_from_db()
    assert joined.state == State.JOINED


def test_the_unsolved_one_is_kept(engineer: Any, kept: Ticket, joined: Ticket) -> None:
    Ticket.objects.filter(pk=kept.pk).update(state=State.CLOSED)
    engineer.post(JOINED + "join/", {"other": "STAR-1"})
    kept.refresh_from_db()
    assert kept.state == State.JOINED


def test_they_can_be_split_again(engineer: Any, kept: Ticket, joined: Ticket) -> None:
    engineer.post(JOINED + "join/", {"other": "STAR-1"})
    assert "Split again" in text(engineer.get(KEPT))
    engineer.post(JOINED + "split/")
    joined.refresh_from_db()
    assert joined.state == State.NEW
    assert joined.entries.get().body == "By mail."


def test_not_the_same_is_asked_once(engineer: Any, kept: Ticket, joined: Ticket) -> None:
    engineer.post(JOINED + "not-the-same/", {"other": "STAR-1"})
    assert "Perhaps the same problem" not in text(engineer.get(JOINED))


def test_a_ticket_of_another_customer_is_refused_with_the_reason(
    cast: SimpleNamespace, engineer: Any, kept: Ticket
) -> None:
    theirs = factories.ticket(cast.stranger)
    answer = engineer.post(KEPT + "join/", {"other": theirs.reference})
    assert answer.status_code == 422
    assert "Only tickets of one customer can be joined." in text(answer)


def test_both_numbers_lead_the_customer_to_the_one_ticket(
    engineer: Any, developer: Any, kept: Ticket, joined: Ticket
) -> None:
    engineer.post(JOINED + "join/", {"other": "STAR-1"})
    assert developer.get("/tickets/STAR-2/").headers["Location"] == "/tickets/STAR-1/"
    assert "By mail." in text(developer.get("/tickets/STAR-1/"))


def test_a_reply_typed_in_the_joined_ticket_is_not_lost(
    engineer: Any, developer: Any, kept: Ticket, joined: Ticket
) -> None:
    engineer.post(JOINED + "join/", {"other": "STAR-1"})
    developer.post("/tickets/STAR-2/reply/", {"body": "Typed before they were one."})
    assert Entry.objects.get(body="Typed before they were one.").ticket == kept


def test_nothing_is_written_in_a_part_but_what_was_typed_stays(
    engineer: Any, kept: Ticket, joined: Ticket
) -> None:
    engineer.post(JOINED + "join/", {"other": "STAR-1"})
    assert "data-reply" not in text(engineer.get(JOINED))
    answer = engineer.post(JOINED + "reply/", {"body": "Half a page of help."})
    assert answer.status_code == 422
    assert "Half a page of help." in text(answer)
