"""Tickets through the API: opened, listed, read, answered, resolved."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Deadline
from accounts.viewer import Viewer
from tests import factories
from tests.api.conftest import NEW, Caller
from tests.factories import NOON
from tickets import lifecycle
from tickets.models import Ticket
from tickets.models.ticket import Severity


def test_an_urgent_ticket_is_opened_and_has_the_ladder_rung(
    api: Caller, cast: SimpleNamespace
) -> None:
    wanted = NEW | {
        "severity": "urgent",
        "product": "im",
        "platform": "android",
        "sdk_version": "4.2.1",
        "environment": "production",
    }
    response = api.send("tickets/", wanted)
    assert response.status_code == 201
    told = response.json()
    body = wanted.pop("body")
    assert wanted.items() <= told.items()
    assert told["reference"] == "STAR-1"
    assert told["state"] == "new"
    assert told["channel"] == "api"
    assert told["reporter"] == "Olivia Owner"
    assert told["owner"] is None
    assert told["opened_at"] == "2026-11-23T12:00:00Z"
    assert told["promises"][0] == {
        "kind": "response",
        "state": "running",
        "cycle": 1,
        "target_seconds": 900,
        "started_at": "2026-11-23T12:00:00Z",
        "due_at": "2026-11-23T12:15:00Z",
        "met_at": None,
        "breached_at": None,
        "kept": None,
    }
    ticket = Ticket.objects.get()
    assert ticket.entries.get().body == body
    assert Deadline.objects.filter(kind="ladder.start", subject=ticket.event_subject).exists()


def test_the_page_trail_is_told(api: Caller, cast: SimpleNamespace) -> None:
    from tickets import escalation

    ticket = factories.ticket(cast.owner, severity=Severity.URGENT)
    escalation.start(ticket=ticket, reason="urgent", now=NOON)
    (trail,) = api.read("tickets/STAR-1/").json()["page_trail"]
    assert trail["state"] == "ringing"
    assert trail["next_names"] == ["Li Wei"]
    assert [page["person"] for page in trail["pages"]] == ["Zhao Min"]
    assert trail["pages"][0]["rung_at"] == "2026-11-23T12:00:00Z"


def test_the_conversation_has_replies_and_no_notes(api: Caller, cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    engineer = Viewer.of(cast.engineer)
    lifecycle.add_note(ticket=ticket, by=engineer, body="CANARY", now=NOON)
    lifecycle.reply(ticket=ticket, by=engineer, body="Looking.", now=NOON)
    response = api.send("tickets/STAR-1/replies/", {"body": "Thanks"})
    assert response.status_code == 201
    assert response.json() == {
        "number": 3,
        "author": "Olivia Owner",
        "by_staff": False,
        "level": "",
        "channel": "api",
        "body": "Thanks",
        "at": "2026-11-23T12:00:00Z",
    }
    told = api.read("tickets/STAR-1/entries/")
    assert [(e["number"], e["author"], e["by_staff"]) for e in told.json()["results"]] == [
        (1, "Bob Lin", False),
        (2, "Zhao Min", True),
        (3, "Olivia Owner", False),
    ]
    assert "CANARY" not in told.content.decode() + api.read("tickets/STAR-1/").content.decode()


def test_a_ticket_is_resolved_and_reopened(api: Caller, cast: SimpleNamespace) -> None:
    factories.ticket(cast.owner)
    assert api.send("tickets/STAR-1/resolve/").json()["state"] == "resolved"
    again = api.send("tickets/STAR-1/reopen/").json()
    assert again["state"] == "open"
    assert {promise["cycle"] for promise in again["promises"]} == {1, 2}


def test_the_wrong_state_is_a_conflict_with_a_sentence(api: Caller, cast: SimpleNamespace) -> None:
    factories.ticket(cast.owner)
    response = api.send("tickets/STAR-1/reopen/")
    assert response.status_code == 409
    assert response.json() == {"detail": "This is not possible while the ticket is “New”."}


def test_the_list_pages_by_cursor_both_ways(api: Caller, cast: SimpleNamespace) -> None:
    for _each in range(5):
        factories.ticket(cast.owner)
    factories.ticket(cast.stranger)
    first = api.read("tickets/", page_size=2).json()
    second = api.get(first["next"]).json()
    third = api.get(second["next"]).json()
    seen = [t["reference"] for page in (first, second, third) for t in page["results"]]
    assert seen == ["STAR-5", "STAR-4", "STAR-3", "STAR-2", "STAR-1"]
    assert third["next"] is None
    assert api.get(second["previous"]).json()["results"] == first["results"]


def test_a_page_is_not_disturbed_by_tickets_opened_meanwhile(
    api: Caller, cast: SimpleNamespace
) -> None:
    for _each in range(3):
        factories.ticket(cast.owner)
    first = api.read("tickets/", page_size=2).json()
    factories.ticket(cast.owner)
    assert [t["reference"] for t in api.get(first["next"]).json()["results"]] == ["STAR-1"]


@pytest.mark.parametrize("ordering", ["number", "-number", "updated_at", "-updated_at"])
def test_every_ordering_pages_through_ties(
    api: Caller, cast: SimpleNamespace, ordering: str
) -> None:
    for minutes in (0, 0, 0, 1, 1):
        factories.ticket(cast.owner, now=NOON + dt.timedelta(minutes=minutes))
    page = api.read("tickets/", page_size=2, ordering=ordering).json()
    seen = [t["reference"] for t in page["results"]]
    while page["next"]:
        page = api.get(page["next"]).json()
        seen += [t["reference"] for t in page["results"]]
    expected = [f"STAR-{number}" for number in range(1, 6)]
    assert seen == (expected[::-1] if ordering.startswith("-") else expected)


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"severity": "urgent"}, ["STAR-2"]),
        ({"severity": ["urgent", "normal"]}, ["STAR-3", "STAR-2", "STAR-1"]),
        ({"state": "resolved"}, ["STAR-1"]),
        ({"product": "im"}, ["STAR-3"]),
        ({"updated_since": "2026-11-23T12:30:00Z"}, ["STAR-3"]),
        ({"updated_since": "2026-11-23T20:30:00+08:00", "severity": "urgent"}, []),
    ],
)
def test_filters_narrow_the_list(
    api: Caller, cast: SimpleNamespace, parameters: dict[str, Any], found: list[str]
) -> None:
    solved = factories.ticket(cast.owner)
    lifecycle.resolve(ticket=solved, by=Viewer.of(cast.owner), now=NOON)
    factories.ticket(cast.owner, severity=Severity.URGENT)
    factories.ticket(cast.owner, product=cast.product, now=NOON + dt.timedelta(hours=1))
    told = api.read("tickets/", **parameters).json()["results"]
    assert [ticket["reference"] for ticket in told] == found


def test_a_page_costs_the_same_however_many_tickets_there_are(
    api: Caller, cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for _each in range(20):
        ticket = factories.ticket(cast.owner)
        lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="On it.", now=NOON)
    api.read("tickets/")
    with django_assert_max_num_queries(22):  # with the savepoints a test adds
        assert len(api.read("tickets/").json()["results"]) == 20
