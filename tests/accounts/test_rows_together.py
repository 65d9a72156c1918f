"""Rows of several verbs are written by one statement for each kind, or not at all."""

from __future__ import annotations

from contextlib import suppress
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, DataError, connection
from django.test.utils import CaptureQueriesContext

from accounts import events, rows
from accounts.models import Event
from accounts.viewer import SYSTEM
from tests import factories
from tests.factories import NOON
from tickets.models import Entry, Ticket
from tickets.models.follower import Follower

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer)


def note(ticket: Ticket, body: str) -> Entry:
    return Entry(
        organization_id=ticket.organization_id,
        ticket=ticket,
        kind=Entry.Kind.NOTE,
        author=ticket.reporter,
        author_name="N",
        by_staff=True,
        body=body,
        at=NOON,
    )


def written(ticket: Ticket, body: str) -> Event:
    """An entry, and an event that names it, as verbs write them."""
    entry = note(ticket, body)
    rows.insert([entry])
    return events.record(
        verb="ticket.noted",
        subject=ticket.event_subject,
        by=SYSTEM,
        at=NOON,
        organization_id=ticket.organization_id,
        entry=entry.pk,
    )


def inserts(asked: CaptureQueriesContext) -> list[str]:
    return [
        query["sql"].split('"')[1]
        for query in asked.captured_queries
        if query["sql"].startswith("insert")
    ]


def test_one_statement_for_each_kind_in_the_order_named(ticket: Ticket) -> None:
    with (
        CaptureQueriesContext(connection) as asked,
        rows.together(Entry, Event, named=(Entry, Event)),
    ):
        made = [written(ticket, f"Note {number}") for number in range(40)]
        assert not inserts(asked)

    assert inserts(asked) == ["tickets_entry", "accounts_event"]
    stored = {event.pk: event.data["entry"] for event in Event.objects.filter(verb="ticket.noted")}
    assert stored == {event.pk: event.data["entry"] for event in made}
    bodies = Entry.objects.in_bulk(list(stored.values()))
    assert [bodies[event.data["entry"]].body for event in made] == [
        f"Note {number}" for number in range(40)
    ]
    assert sorted(stored) == [event.pk for event in made]  # in the order of the verbs


def test_nothing_is_written_after_an_error(ticket: Ticket) -> None:
    before = Entry.objects.count()
    with suppress(RuntimeError), rows.together(Entry, named=(Entry,)):
        rows.insert([note(ticket, "Lost")])
        raise RuntimeError
    assert Entry.objects.count() == before
    rows.insert([note(ticket, "Alone")])  # and nothing is gathered any more
    assert Entry.objects.count() == before + 1


def test_who_needs_a_row_at_once_has_it_written(ticket: Ticket) -> None:
    with rows.together(Entry, named=(Entry,)):
        first = note(ticket, "First")
        rows.insert([first])
        rows.write_gathered()
        assert Entry.objects.filter(pk=first.pk).exists()
        rows.insert([note(ticket, "Second")])
    assert Entry.objects.filter(body__in=["First", "Second"]).count() == 2


def test_a_row_that_is_there_already_stays(ticket: Ticket) -> None:
    reporter = ticket.reporter
    Follower.objects.filter(ticket=ticket).delete()
    with rows.together(Follower):
        for _twice in range(2):
            follower = Follower(
                organization_id=ticket.organization_id, ticket=ticket, user=reporter, at=NOON
            )
            rows.insert([follower], ignore_conflicts=True)
    assert Follower.objects.filter(ticket=ticket, user=reporter).count() == 1


def test_updates_of_a_kind_are_one_statement(cast: SimpleNamespace) -> None:
    tickets = [factories.ticket(cast.developer) for _number in range(5)]
    with CaptureQueriesContext(connection) as asked, rows.together(updated=(Ticket,)):
        for number, ticket in enumerate(tickets):
            ticket.sdk_version, ticket.closed_at = f"5.{number}", NOON if number % 2 else None
            rows.update(ticket, ("sdk_version", "closed_at"))
    assert len(asked) == 1
    stored = Ticket.objects.in_bulk([ticket.pk for ticket in tickets])
    assert [(stored[one.pk].sdk_version, stored[one.pk].closed_at) for one in tickets] == [
        ("5.0", None), ("5.1", NOON), ("5.2", None), ("5.3", NOON), ("5.4", None),
    ]  # fmt: skip


def test_an_update_of_a_row_that_is_gone_is_an_error(ticket: Ticket) -> None:
    def stored_together(*tickets: Ticket) -> None:
        with rows.together(updated=(Ticket,)):
            for one in tickets:
                rows.update(one, ("sdk_version",))

    with pytest.raises(DatabaseError):
        stored_together(ticket, Ticket(pk=ticket.pk + 1))


def test_an_update_cuts_nothing_off(ticket: Ticket) -> None:
    ticket.sdk_version = "5" * 500
    with pytest.raises(DataError):
        rows.update(ticket, ("sdk_version",))


def test_one_within_another_is_refused(ticket: Ticket) -> None:
    with rows.together(Entry), pytest.raises(RuntimeError), rows.together(Event):
        pass


def test_other_kinds_are_written_at_once(ticket: Ticket) -> None:
    with rows.together(Follower):
        event = written(ticket, "Now")
        assert Event.objects.filter(pk=event.pk).exists()
