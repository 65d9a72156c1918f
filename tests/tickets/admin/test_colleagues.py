"""A ticket page says that its reply box has text in it: seldom, to staff, and nowhere written."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import Event
from tests import factories
from tickets.chats import hints
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/ticket/STAR-1/replying/"


@pytest.fixture
def ticket(cast: SimpleNamespace) -> Ticket:
    cache.clear()
    return factories.ticket(cast.developer)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Ticket and person of each hint."""
    hinted: list[tuple[int, int]] = []
    monkeypatch.setattr(hints, "replies", lambda ticket, who: hinted.append((ticket.pk, who)))
    return hinted


def test_colleagues_are_told_once_in_a_while_and_nothing_is_recorded(
    cast: SimpleNamespace, ticket: Ticket, told: list[tuple[int, int]], browser_of: Any
) -> None:
    events = Event.objects.count()
    for who in (cast.engineer, cast.engineer, cast.second):
        assert browser_of(who).post(ADDRESS).status_code == 204
    assert told == [(ticket.pk, cast.engineer.pk), (ticket.pk, cast.second.pk)]
    assert Event.objects.count() == events


def test_a_hint_goes_to_the_stream_without_a_word(
    cast: SimpleNamespace, ticket: Ticket, monkeypatch: pytest.MonkeyPatch, browser_of: Any
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(hints, "_notify", lambda ticket, more: sent.append(more))
    browser_of(cast.engineer).post(ADDRESS, {"body": "Half a sentence"})
    assert sent == [{"person": cast.engineer.pk, "staff_only": True}]


def test_a_customer_can_tell_nobody_anything(
    cast: SimpleNamespace, ticket: Ticket, told: list[tuple[int, int]], browser_of: Any
) -> None:
    browser_of(cast.developer).post(ADDRESS)
    assert told == []


def test_the_page_knows_the_names_of_colleagues(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    page = browser_of(cast.engineer).get("/admin/ticket/STAR-1/").content.decode()
    assert f'<li data-person="{cast.second.pk}">{cast.second.name}</li>' in page


def test_the_customers_page_has_nothing_of_it(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    page = browser_of(cast.developer).get("/tickets/STAR-1/").content.decode()
    assert "replying" not in page
    assert "data-colleagues" not in page
