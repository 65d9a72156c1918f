"""Two tickets about one problem become one, and two again, and nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Deadline
from accounts.viewer import Viewer
from tests import factories
from tests.tickets.scenes import after, answer, deadlines, promise, verbs, write
from tickets import joining, lifecycle, promises
from tickets.models import Entry, Escalation, Follower, Join, Promise, Ticket
from tickets.models.ticket import Channel, Severity, State

pytestmark = pytest.mark.django_db


def opened(cast: SimpleNamespace, at: dt.datetime, **fields: object) -> Ticket:
    return factories.ticket(cast.developer, now=at, **fields)  # type: ignore[arg-type]


def join(cast: SimpleNamespace, kept: Ticket, joined: Ticket, at: dt.datetime) -> Join:
    return joining.join(kept=kept, joined=joined, by=Viewer.of(cast.engineer), now=at)


def split(cast: SimpleNamespace, ticket: Ticket, at: dt.datetime) -> Ticket:
    return joining.split(ticket=ticket, by=Viewer.of(cast.engineer), now=at)


def open_kinds(ticket: Ticket) -> set[str]:
    rows = Promise.objects.filter(ticket=ticket, state__in=["running", "paused"])
    return set(rows.values_list("kind", flat=True))


def asked(ticket: Ticket) -> list[str]:
    """The reasons for which somebody is to be rung about it."""
    rows = Deadline.objects.filter(subject=ticket.event_subject, kind="ladder.start")
    return [row.data["reason"] for row in rows.order_by("id")]


@pytest.fixture
def first(cast: SimpleNamespace) -> Ticket:
    return opened(cast, after(0), body="By phone.", channel=Channel.PHONE)


@pytest.fixture
def second(cast: SimpleNamespace, first: Ticket) -> Ticket:
    return opened(cast, after(10), body="By mail.", channel=Channel.EMAIL)


class TestJoining:
    def test_messages_move_and_keep_their_origin(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        join(cast, first, second, after(20))
        told = [(entry.body, entry.origin_id) for entry in first.entries.all()]
        assert told == [("By phone.", None), ("By mail.", second.pk)]
        assert not second.entries.exists()

    def test_its_number_leads_to_the_kept_one(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        join(cast, first, second, after(20))
        second.refresh_from_db()
        assert second.state == State.JOINED
        assert joining.current(second) == first
        assert joining.current(first) == first

    def test_nobody_writes_in_the_joined_one_any_more(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        join(cast, first, second, after(20))
        with pytest.raises(ValidationError, match="part of another"):
            write(cast, second, after(21))

    def test_of_each_kind_the_promise_that_runs_out_first_stays(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        due = {row.kind: row.due_at for row in first.promises.all()}
        join(cast, first, second, after(20))
        assert {row.kind: row.due_at for row in first.promises.filter(state="running")} == due
        assert open_kinds(second) == set()

    def test_the_joined_ones_promise_stays_if_it_runs_out_first(
        self, cast: SimpleNamespace, first: Ticket
    ) -> None:
        urgent = opened(cast, after(10), severity=Severity.URGENT)
        due = promise(urgent, "response").due_at
        join(cast, first, urgent, after(12))
        first.refresh_from_db()
        assert first.severity == Severity.URGENT
        running = Promise.objects.get(ticket=first, kind="response", state="running")
        assert running.due_at == due

    def test_joining_is_no_answer(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        answer(cast, first, after(5))
        join(cast, first, second, after(20))
        assert promises.owes_answer(first)
        answer(cast, first, after(25))
        assert not promises.owes_answer(first)

    def test_what_is_being_rung_for_goes_on_for_the_kept_one(
        self, cast: SimpleNamespace, first: Ticket
    ) -> None:
        urgent = opened(cast, after(10), severity=Severity.URGENT)
        join(cast, first, urgent, after(11))
        assert asked(first) == ["urgent"]

    def test_who_was_acknowledged_is_not_rung_again(
        self, cast: SimpleNamespace, first: Ticket
    ) -> None:
        urgent = opened(cast, after(10), severity=Severity.URGENT)
        Escalation.objects.create(
            organization_id=urgent.organization_id,
            ticket=urgent,
            reason=Escalation.Reason.URGENT,
            state=Escalation.State.ACKNOWLEDGED,
            ladder={},
            started_at=after(10),
            acknowledged_at=after(11),
        )
        join(cast, first, urgent, after(12))
        assert asked(first) == []

    def test_a_ticket_that_waited_for_the_customer_waits_no_more(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        answer(cast, first, after(15), ask_customer=True)
        join(cast, first, second, after(20))
        first.refresh_from_db()
        assert first.state == State.OPEN
        assert not first.promises.filter(state="paused").exists()

    def test_who_followed_the_one_follows_the_other(
        self, cast: SimpleNamespace, first: Ticket
    ) -> None:
        theirs = factories.ticket(cast.owner, now=after(5))
        join(cast, first, theirs, after(20))
        assert Follower.objects.filter(ticket=first, user=cast.owner).exists()

    def test_one_event_says_so(self, cast: SimpleNamespace, first: Ticket, second: Ticket) -> None:
        join(cast, first, second, after(20))
        assert verbs(first).count("ticket.joined") == 1

    def test_a_solved_ticket_may_join_but_takes_none_in(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        answer(cast, second, after(15))
        lifecycle.resolve(ticket=second, by=Viewer.of(cast.engineer), now=after(16))
        with pytest.raises(ValidationError, match="Reopen it first"):
            join(cast, second, first, after(20))
        join(cast, first, second, after(20))
        assert not Deadline.objects.filter(
            subject=second.event_subject, kind="ticket.close", settled_at=None
        ).exists()


class TestRefused:
    def test_tickets_of_two_customers(self, cast: SimpleNamespace, first: Ticket) -> None:
        theirs = factories.ticket(cast.stranger, now=after(5))
        with pytest.raises(ValidationError, match="one customer"):
            join(cast, first, theirs, after(20))

    def test_a_ticket_with_itself(self, cast: SimpleNamespace, first: Ticket) -> None:
        with pytest.raises(ValidationError, match="itself"):
            join(cast, first, first, after(20))

    def test_what_is_part_of_another_already(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        join(cast, first, second, after(20))
        third = opened(cast, after(21))
        for kept, joined in ((third, second), (second, third)):
            with pytest.raises(ValidationError, match="part of another"):
                join(cast, kept, joined, after(22))

    def test_what_has_parts_of_its_own(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        join(cast, first, second, after(20))
        third = opened(cast, after(21))
        with pytest.raises(ValidationError, match="instead"):
            join(cast, third, first, after(22))

    def test_a_customer_who_would_join_them(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        with pytest.raises(PermissionDenied):
            joining.join(kept=first, joined=second, by=Viewer.of(cast.owner), now=after(20))


class TestSplitting:
    def test_messages_go_back_where_they_were_written(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        join(cast, first, second, after(20))
        write(cast, first, after(21))
        split(cast, second, after(30))
        assert [entry.body for entry in first.entries.all()] == ["By phone.", "Still."]
        assert [(e.body, e.origin_id) for e in second.entries.all()] == [("By mail.", None)]

    def test_each_owes_what_it_owed_and_no_later(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        due = {
            ticket.pk: {row.kind: row.due_at for row in ticket.promises.all()}
            for ticket in (first, second)
        }
        join(cast, first, second, after(20))
        assert split(cast, second, after(30)).state == State.NEW
        for ticket in (first, second):
            running = Promise.objects.filter(ticket=ticket, state="running")
            assert {row.kind: row.due_at for row in running} == due[ticket.pk]
            for row in running:
                assert deadlines(f"promise/{row.pk}")

    def test_an_answer_meanwhile_answered_both(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        join(cast, first, second, after(20))
        answer(cast, first, after(25))
        assert split(cast, second, after(30)).state == State.OPEN
        assert not promises.owes_answer(second)
        assert not promises.owes_answer(first)

    def test_a_promise_that_ran_out_meanwhile_was_broken_when_it_was(
        self, cast: SimpleNamespace, first: Ticket
    ) -> None:
        urgent = opened(cast, after(10), severity=Severity.URGENT)
        due = promise(urgent, "response").due_at
        join(cast, first, urgent, after(12))
        split(cast, urgent, after(60))
        owed = Promise.objects.get(ticket=urgent, kind="response")
        assert (owed.state, owed.breached_at) == ("running", due)

    def test_an_urgent_one_that_still_waits_is_rung_for(
        self, cast: SimpleNamespace, first: Ticket
    ) -> None:
        urgent = opened(cast, after(10), severity=Severity.URGENT)
        join(cast, first, urgent, after(11))
        split(cast, urgent, after(12))
        assert asked(urgent)[-1] == "urgent"
        assert promises.owes_answer(urgent)

    def test_twice_is_refused(self, cast: SimpleNamespace, first: Ticket, second: Ticket) -> None:
        join(cast, first, second, after(20))
        split(cast, second, after(30))
        with pytest.raises(ValidationError, match="not part"):
            split(cast, second, after(31))

    def test_it_can_be_joined_again(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        join(cast, first, second, after(20))
        split(cast, second, after(30))
        join(cast, first, second, after(40))
        assert Entry.objects.filter(ticket=first).count() == 2

    def test_a_closed_one_is_closed_again(
        self, cast: SimpleNamespace, first: Ticket, second: Ticket
    ) -> None:
        lifecycle.close(ticket=second, by=Viewer.of(cast.developer), now=after(15))
        join(cast, first, second, after(20))
        assert split(cast, second, after(30)).state == State.CLOSED
        assert open_kinds(second) == set()

    def test_what_a_kept_one_owed_before_it_was_solved_and_reopened_is_not_owed_again(
        self, cast: SimpleNamespace, first: Ticket
    ) -> None:
        severe = opened(cast, after(1), severity=Severity.URGENT)
        answer(cast, severe, after(5))
        join(cast, severe, first, after(20))
        lifecycle.resolve(ticket=severe, by=Viewer.of(cast.developer), now=after(21))
        lifecycle.reopen(ticket=severe, by=Viewer.of(cast.developer), now=after(90))
        split(cast, first, after(100))
        assert "update" not in open_kinds(severe)
        assert not Promise.objects.filter(ticket=severe, breached_at__isnull=False).exists()
