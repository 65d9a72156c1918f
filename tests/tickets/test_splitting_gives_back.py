"""A join that was a mistake leaves no trace in what was promised once the tickets are split."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.viewer import Viewer
from tests.tickets.scenes import after, answer, deadlines, promise, verbs, write
from tests.tickets.test_joining import join, opened, split
from tests.tickets.test_promise_ledger import acts, gaps, play
from tickets import agreed_dates, escalation, ledger, lifecycle, promises, replaying, severity
from tickets.models import Escalation, Promise, Ticket
from tickets.models.ticket import Channel, Severity, State

pytestmark = pytest.mark.django_db


def owed(ticket: Ticket) -> dict[str, tuple[str, dt.datetime | None, str]]:
    """What is open, by kind: wording, due time and state."""
    rows = Promise.objects.open().filter(ticket=ticket)
    return {row.kind: (row.policy, row.due_at, row.state) for row in rows}


def agrees(ticket: Ticket, now: dt.datetime) -> None:
    """Each promise is what its ledger says."""
    for row in Promise.objects.filter(ticket=ticket):
        assert replaying.replay(row, now).agrees, replaying.replay(row, now)
        assert replaying.replay(row, now, row.policy_version).problem == ""


def regrade(cast: SimpleNamespace, ticket: Ticket, to: Severity, at: dt.datetime) -> None:
    by = Viewer.of(cast.developer)
    severity.change(ticket=ticket, by=by, to=to, reason="It is down.", now=at)


@pytest.fixture
def normal(cast: SimpleNamespace) -> Ticket:
    return opened(cast, after(0), channel=Channel.EMAIL)


@pytest.fixture
def urgent(cast: SimpleNamespace, normal: Ticket) -> Ticket:
    return opened(cast, after(120), severity=Severity.URGENT, channel=Channel.PHONE)


class TestJoinedByMistake:
    def test_both_owe_what_they_owed_under_the_wording_they_owed_it_by(
        self, cast: SimpleNamespace, normal: Ticket, urgent: Ticket
    ) -> None:
        before = owed(normal), owed(urgent)
        join(cast, normal, urgent, after(125))
        split(cast, urgent, after(126))
        assert (owed(normal), owed(urgent)) == before
        assert not Promise.objects.exclude(breached_at=None).exists()
        assert "promise.broken" not in verbs(normal)
        agrees(normal, after(127))
        agrees(urgent, after(127))

    def test_the_severity_is_again_what_it_was(
        self, cast: SimpleNamespace, normal: Ticket, urgent: Ticket
    ) -> None:
        join(cast, normal, urgent, after(125))
        split(cast, urgent, after(126))
        normal.refresh_from_db()
        assert (normal.severity, normal.customer_severity) == (Severity.NORMAL, Severity.NORMAL)
        told = normal.severity_changes.latest("id")
        assert (told.before, told.after) == (Severity.URGENT, Severity.NORMAL)
        assert urgent.reference in told.reason

    def test_what_was_asked_to_ring_for_it_rings_for_it_no_more(
        self, cast: SimpleNamespace, normal: Ticket, urgent: Ticket
    ) -> None:
        join(cast, normal, urgent, after(125))
        split(cast, urgent, after(126))
        for ticket in (normal, urgent):
            ticket.refresh_from_db()
            escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=after(126))
        assert not escalation.rings(normal)
        assert escalation.rings(urgent)

    def test_a_clock_of_its_own_runs_by_its_own_wording_again(
        self, cast: SimpleNamespace, normal: Ticket, urgent: Ticket
    ) -> None:
        before = owed(normal)
        answer(cast, urgent, after(121))  # so that the first answer owed is the kept one's
        join(cast, normal, urgent, after(125))
        assert owed(normal)["response"][1] == after(140)
        split(cast, urgent, after(126))
        assert owed(normal) == before
        agrees(normal, after(127))

    def test_what_the_join_alone_promised_ends(self, cast: SimpleNamespace, normal: Ticket) -> None:
        answer(cast, normal, after(10))
        before = owed(normal)
        urgent = opened(cast, after(120), severity=Severity.URGENT)
        answer(cast, urgent, after(121))
        lifecycle.resolve(ticket=urgent, by=Viewer.of(cast.engineer), now=after(122))
        join(cast, normal, urgent, after(125))
        assert "update" in owed(normal)
        split(cast, urgent, after(126))
        assert owed(normal) == before

    def test_waiting_that_came_before_still_counts_as_waiting(
        self, cast: SimpleNamespace, normal: Ticket
    ) -> None:
        answer(cast, normal, after(10), ask_customer=True)
        write(cast, normal, after(3000))
        before = owed(normal)
        urgent = opened(cast, after(3100), severity=Severity.URGENT)
        join(cast, normal, urgent, after(3110))
        split(cast, urgent, after(3120))
        assert owed(normal) == before

    def test_waiting_the_join_ended_is_over_from_then_on(
        self, cast: SimpleNamespace, normal: Ticket
    ) -> None:
        answer(cast, normal, after(10), ask_customer=True)
        urgent = opened(cast, after(3100), severity=Severity.URGENT)
        join(cast, normal, urgent, after(3110))
        split(cast, urgent, after(3120))
        own = Promise.objects.get(ticket=normal, kind="resolution")
        last = ledger.rows(own)[-1]
        assert (own.state, last.kind, last.at) == ("running", "resumed", after(3110))
        agrees(normal, after(3121))


class TestAgreedDates:
    def agree(self, cast: SimpleNamespace, ticket: Ticket, until: float, at: float) -> None:
        agreed_dates.agree(
            ticket=ticket,
            by=Viewer.of(cast.engineer),
            until=after(until),
            reason="They upgrade then.",
            now=after(at),
        )

    def test_the_joined_one_waits_for_its_date_again_and_did_all_along(
        self, cast: SimpleNamespace, normal: Ticket
    ) -> None:
        waits = opened(cast, after(5))
        answer(cast, waits, after(6))
        self.agree(cast, waits, 20000, at=7)
        resolution = promise(waits, "resolution")
        join(cast, normal, waits, after(10))
        split(cast, waits, after(9000))
        date = waits.agreed_dates.get()
        assert (date.until, date.ended_at, date.ending) == (after(20000), None, "")
        assert deadlines(waits.event_subject, "date.reached") == [after(20000)]
        left = resolution.remaining_seconds
        resolution.refresh_from_db()
        assert resolution.state == "paused"
        assert (resolution.paused_for, resolution.paused_until) == ("agreed date", after(20000))
        assert resolution.remaining_seconds == left
        agrees(waits, after(9001))

    def test_a_kept_one_that_became_urgent_waits_for_its_date_again(
        self, cast: SimpleNamespace, normal: Ticket
    ) -> None:
        answer(cast, normal, after(6))
        self.agree(cast, normal, 20000, at=7)
        before = owed(normal)
        urgent = opened(cast, after(20), severity=Severity.URGENT)
        join(cast, normal, urgent, after(22))
        assert owed(normal)["resolution"][2] == "running"
        split(cast, urgent, after(24))
        assert owed(normal) == before
        agrees(normal, after(25))

    def test_a_date_that_came_meanwhile_was_waited_for_until_it_came(
        self, cast: SimpleNamespace, normal: Ticket
    ) -> None:
        waits = opened(cast, after(5))
        answer(cast, waits, after(6))
        self.agree(cast, waits, 60, at=7)
        join(cast, normal, waits, after(10))
        split(cast, waits, after(90))
        date = waits.agreed_dates.get()
        assert (date.ended_at, date.ending) == (after(60), "reached")
        own = promise(waits, "resolution")
        last = ledger.rows(own)[-1]
        assert (own.state, last.kind, last.at) == ("running", "resumed", after(60))
        assert not deadlines(waits.event_subject, "date.reached")
        agrees(waits, after(91))

    def test_who_wrote_meanwhile_waits_no_more(self, cast: SimpleNamespace, normal: Ticket) -> None:
        answer(cast, normal, after(6))
        self.agree(cast, normal, 20000, at=7)
        urgent = opened(cast, after(20), severity=Severity.URGENT)
        join(cast, normal, urgent, after(22))
        write(cast, normal, after(23))
        split(cast, urgent, after(24))
        assert not normal.agreed_dates.filter(ended_at=None).exists()
        assert owed(normal)["resolution"][2] == "running"


class TestWhatHappenedMeanwhile:
    def test_a_severity_somebody_named_meanwhile_stays_and_counts_from_then_on(
        self, cast: SimpleNamespace, normal: Ticket
    ) -> None:
        important = opened(cast, after(120), severity=Severity.IMPORTANT)
        join(cast, normal, important, after(125))
        normal.refresh_from_db()
        regrade(cast, normal, Severity.URGENT, after(130))
        split(cast, important, after(132))
        normal.refresh_from_db()
        assert normal.severity == Severity.URGENT
        due_at = owed(normal)["response"][1]
        assert due_at is not None
        assert after(145) <= due_at <= after(147)

    def test_it_stays_as_severe_as_another_part_of_it(
        self, cast: SimpleNamespace, normal: Ticket, urgent: Ticket
    ) -> None:
        other = opened(cast, after(121), severity=Severity.URGENT)
        join(cast, normal, urgent, after(125))
        join(cast, normal, other, after(126))
        split(cast, urgent, after(127))
        normal.refresh_from_db()
        assert normal.severity == Severity.URGENT
        split(cast, other, after(128))
        normal.refresh_from_db()
        assert normal.severity == Severity.NORMAL
        assert owed(normal)["response"][:2] == ("premium/normal v1", after(480))

    def test_what_ended_meanwhile_begins_again_as_it_stood_before(
        self, cast: SimpleNamespace, normal: Ticket
    ) -> None:
        raised = opened(cast, after(10))
        regrade(cast, raised, Severity.URGENT, after(100))
        before = owed(raised)
        join(cast, normal, raised, after(105))
        answer(cast, normal, after(110))
        lifecycle.resolve(ticket=normal, by=Viewer.of(cast.engineer), now=after(111))
        split(cast, raised, after(112))
        assert owed(raised)["resolution"] == before["resolution"]
        agrees(raised, after(113))

    def test_the_ledger_keeps_what_was_taken_back(
        self, cast: SimpleNamespace, normal: Ticket, urgent: Ticket
    ) -> None:
        own = promise(normal, "response")
        join(cast, normal, urgent, after(125))
        split(cast, urgent, after(126))
        kinds = [fact.kind for fact in own.facts.order_by("id")]
        assert kinds == ["started", "cancelled", "restored"]
        own.refresh_from_db()
        assert [row.kind for row in ledger.rows(own)] == ["started"]


def standing(ticket: Ticket) -> dict[str, tuple[object, ...]]:
    """All that is owed, by kind, as exactly as a row has it."""
    fields = ("pk", "policy", "calendar_version", "target_seconds", "state", "started_at")
    fields += ("due_at", "remaining_seconds", "paused_for", "breached_at")
    rows = Promise.objects.open().filter(ticket=ticket)
    return {kind: rest for kind, *rest in rows.values_list("kind", *fields)}


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.tuples(st.sampled_from(list(Severity)), st.sampled_from(list(Severity))),
    st.lists(st.tuples(st.booleans(), acts, gaps), max_size=10),
    st.sampled_from([0.01, 1, 31, 481, 3000]),
)
def test_whatever_came_before_a_split_gives_back_exactly_that(
    cast: SimpleNamespace,
    severities: tuple[Severity, Severity],
    steps: list[tuple[bool, Any, float]],
    joined_for: float,
) -> None:
    minute: float = 0
    with transaction.atomic():
        pair = [opened(cast, after(0), severity=one) for one in severities]
        for second, act, gap in steps:
            minute = max(0, minute + gap)
            play(cast, pair[second], act, after(minute))
        for ticket in pair:
            ticket.refresh_from_db()
            for row in Promise.objects.filter(ticket=ticket):
                promises.ran_out(row, now=after(minute))
        kept, joined = pair
        if kept.is_unsolved:
            before = [(standing(one), one.severity, one.customer_severity) for one in pair]
            state, waited = joined.state, kept.state == State.WAITING
            join(cast, kept, joined, after(minute + 5))
            split(cast, joined, after(minute + 5 + joined_for))
            for one, (owed_then, *severity_then) in zip(pair, before, strict=True):
                one.refresh_from_db()
                assert [one.severity, one.customer_severity] == severity_then
                agrees(one, after(minute + 6 + joined_for))
                if one == joined or not waited:
                    check_same(owed_then, standing(one))
                else:
                    assert set(owed_then) == set(standing(one))
            assert joined.state == state
        transaction.set_rollback(True)


def check_same(then: dict[str, Any], now: dict[str, Any]) -> None:
    """But for a time that ran out since, which is on record."""
    assert set(then) == set(now)
    for kind, row in then.items():
        assert row[:-1] == now[kind][:-1]
        assert now[kind][-1] in (row[-1], now[kind][6])
