"""Finding tickets: filters, search, paging back."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import lifecycle, ownership
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db


def shown(response: Any) -> list[str]:
    assert response.status_code == 200
    return [row.reference for row in response.context["rows"]]


@pytest.fixture
def three(cast: SimpleNamespace) -> SimpleNamespace:
    """STAR-1 urgent, STAR-2 closed by the owner, STAR-3 with “4303” in a message; BRIT-1."""
    made = [
        factories.ticket(cast.developer, subject="Chat is down", severity=Severity.URGENT),
        factories.ticket(cast.owner, subject="Old question", product=cast.product),
        factories.ticket(cast.developer, subject="Odd error", body="It says 4303."),
    ]
    lifecycle.close(ticket=made[1], by=Viewer.of(cast.owner), now=NOON)
    factories.ticket(cast.stranger, subject="Chat is down", body="It says 4303.")
    return SimpleNamespace(tickets=made)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"STAR-1", "STAR-2", "STAR-3"}),
        ("state=unsolved", {"STAR-1", "STAR-3"}),
        ("state=closed", {"STAR-2"}),
        ("severity=urgent", {"STAR-1"}),
        ("product=im", {"STAR-2"}),
        ("who=mine", {"STAR-1", "STAR-3"}),
        ("q=question", {"STAR-2"}),
        ("q=4303", {"STAR-3"}),
        ("q=3", {"STAR-3"}),
        ("q=%25", set()),
        ("q=chat&state=closed", set()),
    ],
)
def test_filters_narrow_the_list(
    cast: SimpleNamespace, three: SimpleNamespace, browser_of: Any, query: str, expected: set[str]
) -> None:
    assert set(shown(browser_of(cast.developer).get(f"/tickets/?{query}"))) == expected


def test_following_shows_what_one_follows(
    cast: SimpleNamespace, three: SimpleNamespace, browser_of: Any
) -> None:
    ownership.follow(ticket=three.tickets[1], by=Viewer.of(cast.viewer), now=NOON)
    assert shown(browser_of(cast.viewer).get("/tickets/?who=following")) == ["STAR-2"]


@pytest.mark.parametrize(
    "query",
    [
        "state=melted",
        "severity=%00",
        "product=nope",
        "who=everyone",
        "q=" + "x" * 101,
        "q=a%00b",
        "before=soon",
        "before=" + "9" * 17 + "-1",
    ],
)
def test_an_unknown_value_gets_a_message_and_narrows_nothing(
    cast: SimpleNamespace, three: SimpleNamespace, browser_of: Any, query: str
) -> None:
    response = browser_of(cast.developer).get(f"/tickets/?{query}")
    assert len(shown(response)) == 3
    assert len(response.context["problems"]) == 1 or query.startswith("before=9")


@pytest.mark.parametrize("name", ["STAR-2", "star-2", " STAR-2 "])
def test_a_tickets_whole_name_goes_straight_to_it(
    cast: SimpleNamespace, three: SimpleNamespace, browser_of: Any, name: str
) -> None:
    response = browser_of(cast.developer).get("/tickets/", {"q": name})
    assert response["Location"] == "/tickets/STAR-2/"


def test_case_7_another_tenants_text_and_numbers_are_never_found(
    cast: SimpleNamespace, three: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(cast.stranger)
    assert shown(browser.get("/tickets/?q=4303")) == ["BRIT-1"]
    assert shown(browser.get("/tickets/?q=Odd")) == []
    assert shown(browser.get("/tickets/?q=STAR-2")) == []


def test_case_15_a_note_is_not_searched(
    cast: SimpleNamespace, three: SimpleNamespace, browser_of: Any
) -> None:
    lifecycle.add_note(
        ticket=three.tickets[0], by=Viewer.of(cast.engineer), body="canary-7731", now=NOON
    )
    assert shown(browser_of(cast.developer).get("/tickets/?q=canary-7731")) == []


def test_older_pages_follow_without_gap_or_repetition(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    for number in range(60):  # many share an instant
        factories.ticket(cast.developer, now=NOON + dt.timedelta(seconds=number // 9))
    browser, seen, address = browser_of(cast.developer), [], "/tickets/?severity=normal"
    while address:
        response = browser.get(address)
        seen += shown(response)
        older = response.context["older"]
        assert not older or "severity=normal" in older
        address = f"/tickets/?{older}" if older else ""
    assert seen == [f"STAR-{number}" for number in range(60, 0, -1)]


def test_empty_lists_say_what_to_do(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.developer)
    assert b"Ask your first question" in browser.get("/tickets/").content
    assert b"Nothing matches" in browser.get("/tickets/?q=zzz").content
