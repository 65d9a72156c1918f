"""The queue: order, saved views, search, pages, and what it costs."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import tenancy
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.tickets.admin.queries import page_queries
from tickets import lifecycle, ownership, queue
from tickets.models import Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancy, "database_now", lambda read: NOON)


@pytest.fixture
def engineer(cast: SimpleNamespace, browser_of: Any) -> Any:
    return browser_of(cast.engineer)


def references(page: Any) -> list[str]:
    return re.findall(r'id="queue-([A-Z]+-\d+)"', page.content.decode())


def test_the_nearest_promise_stands_first_and_what_waits_last(
    cast: SimpleNamespace, engineer: Any
) -> None:
    normal = factories.ticket(cast.developer)
    waiting = factories.ticket(cast.developer)
    urgent = factories.ticket(cast.developer, severity=Severity.URGENT)
    other = factories.ticket(cast.stranger, severity=Severity.IMPORTANT)
    lifecycle.reply(
        ticket=waiting, by=Viewer.of(cast.engineer), body="?", ask_customer=True, now=NOON
    )
    page = engineer.get("/admin/queue/")
    wanted = [urgent, other, normal, waiting]
    assert references(page) == [ticket.reference for ticket in wanted]
    assert "waiting on customer" in page.content.decode()


def test_colour_and_word_mark_only_what_is_at_risk(cast: SimpleNamespace, engineer: Any) -> None:
    factories.ticket(cast.developer, severity=Severity.URGENT, now=NOON - dt.timedelta(minutes=14))
    factories.ticket(cast.developer, severity=Severity.URGENT, now=NOON - dt.timedelta(minutes=16))
    factories.ticket(cast.developer, severity=Severity.URGENT)
    page = engineer.get("/admin/queue/").content.decode()
    assert page.count("queue-item-at-risk") == page.count("at risk</span>") == 1
    assert page.count("queue-item-overdue") == 1
    at_risk = engineer.get("/admin/queue/?view=at-risk")
    assert references(at_risk) == ["STAR-2", "STAR-1"]


def test_the_saved_views_hold_what_they_say_with_counts(
    cast: SimpleNamespace, engineer: Any
) -> None:
    mine, free, solved = (factories.ticket(cast.developer) for _ in range(3))
    staff = Viewer.of(cast.engineer)
    ownership.assign(ticket=mine, by=staff, owner=cast.engineer, now=NOON)
    lifecycle.reply(ticket=solved, by=Viewer.of(cast.second), body="So.", now=NOON)
    lifecycle.resolve(ticket=solved, by=Viewer.of(cast.second), now=NOON)
    shown = {
        view: references(engineer.get(f"/admin/queue/?view={view}"))
        for view in ("queue", "mine", "unassigned", "waiting", "all")
    }
    assert shown == {
        "queue": [mine.reference, free.reference],
        "mine": [mine.reference],
        "unassigned": [free.reference],
        "waiting": [],
        "all": [solved.reference, free.reference, mine.reference],
    }
    counts = re.findall(r'workspace-count">(\d+)<', engineer.get("/admin/queue/").content.decode())
    assert counts == ["2", "0", "1", "1", "0"]


@pytest.mark.parametrize("text", ["STAR-1", "star-1", "arrive", "StarCast", "#1"])
def test_a_ticket_is_found_by_number_subject_or_customer(
    text: str, cast: SimpleNamespace, engineer: Any
) -> None:
    factories.ticket(cast.developer)
    assert references(engineer.get("/admin/queue/", {"q": text})) == ["STAR-1"]


@pytest.mark.parametrize("text", ["nothing like it", "\x00", "%", "9" * 30, "STAR-" + "9" * 30])
def test_a_search_that_fits_nothing_says_so(
    text: str, cast: SimpleNamespace, engineer: Any
) -> None:
    factories.ticket(cast.developer)
    page = engineer.get("/admin/queue/", {"q": text})
    assert references(page) == []
    assert "Nothing found" in page.content.decode()


def test_pages_follow_each_other_without_gap_or_repeat(
    cast: SimpleNamespace, engineer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "LIMIT", 2)
    staff = Viewer.of(cast.engineer)
    for number in range(7):
        ticket = factories.ticket(cast.developer)  # all due at the same instant
        if number % 2:
            lifecycle.reply(ticket=ticket, by=staff, body="?", ask_customer=True, now=NOON)
    for view, expected in (("queue", 7), ("all", 7), ("waiting", 3)):
        seen, address = [], f"?view={view}"
        while address:
            page = engineer.get("/admin/queue/" + address)
            seen += references(page)
            following = re.search(r'href="(\?[^"]*after=[^"]*)"', page.content.decode())
            address = following[1].replace("&amp;", "&") if following else ""
        assert len(seen) == len(set(seen)) == expected


@pytest.mark.parametrize("cursor", ["x", "due_", "due_1", "idle_9_x", "due_" + "9" * 40 + "_1"])
def test_a_broken_cursor_starts_at_the_beginning(
    cursor: str, cast: SimpleNamespace, engineer: Any
) -> None:
    factories.ticket(cast.developer)
    assert references(engineer.get("/admin/queue/", {"after": cursor})) == ["STAR-1"]


def test_an_unknown_view_is_not_found(engineer: Any) -> None:
    assert engineer.get("/admin/queue/?view=nonsense").status_code == 404


def test_chosen_tickets_are_assigned_to_me_or_nobody(cast: SimpleNamespace, engineer: Any) -> None:
    tickets = [factories.ticket(cast.developer) for _ in range(2)]
    chosen = {"ticket": [ticket.pk for ticket in tickets], "view": "unassigned"}
    answer = engineer.post("/admin/queue/assign/", chosen | {"to": "me"})
    assert answer["Location"] == "/admin/queue/?view=unassigned"
    assert set(Ticket.objects.values_list("owner", flat=True)) == {cast.engineer.pk}
    engineer.post("/admin/queue/assign/", chosen | {"to": ""})
    assert set(Ticket.objects.values_list("owner", flat=True)) == {None}


def test_a_bulk_action_names_the_ticket_it_could_not_change(
    cast: SimpleNamespace, engineer: Any
) -> None:
    ticket = factories.ticket(cast.developer)
    lifecycle.close(ticket=ticket, by=Viewer.of(cast.developer), now=NOON)
    page = engineer.post(
        "/admin/queue/assign/", {"ticket": [ticket.pk], "to": "me"}, follow=True
    ).content.decode()
    assert "STAR-1: This ticket is closed. Reopen it first." in page


def test_the_queue_costs_the_same_however_long_it_is(cast: SimpleNamespace, engineer: Any) -> None:
    def cost(address: str) -> int:
        with page_queries() as queries:
            assert engineer.get(address).status_code == 200
        return len(queries)

    addresses = [f"/admin/queue/?view={view}" for view in ("queue", "at-risk", "mine", "all")]
    addresses += ["/admin/queue/live/", "/admin/queue/?q=arrive"]
    factories.ticket(cast.developer)
    engineer.get("/admin/queue/")  # the first request also notes that the session is in use
    before = [cost(address) for address in addresses]
    for _ in range(5):
        factories.ticket(cast.stranger, severity=Severity.URGENT)
    assert [cost(address) for address in addresses] == before
    assert max(before) <= 12
