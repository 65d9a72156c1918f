"""Ladders, silence, owners and handovers outlive that two tickets become one, and two again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Deadline
from accounts.viewer import Viewer
from portal.engine import promises as promise_deadlines
from tests.tickets.scenes import after, answer, deadlines, promise
from tests.tickets.test_joining import asked, join, opened, split
from tickets import escalation, handover, lifecycle, ownership, silence
from tickets.models import Escalation, Handover, Holding, Promise, Ticket
from tickets.models.ticket import Severity


def held(ticket: Ticket, cast: SimpleNamespace, at: dt.datetime) -> None:
    ownership.assign(ticket=ticket, by=Viewer.of(cast.engineer), owner=cast.engineer, now=at)
    ticket.refresh_from_db()


def rung(ticket: Ticket, state: str, **fields: Any) -> Escalation:
    return Escalation.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        reason=fields.pop("reason", Escalation.Reason.URGENT),
        state=state,
        ladder={},
        silence_seconds=900,
        started_at=after(10),
        **fields,
    )


@pytest.fixture
def kept(cast: SimpleNamespace) -> Ticket:
    return opened(cast, after(0))


@pytest.fixture
def urgent(cast: SimpleNamespace, kept: Ticket) -> Ticket:
    return opened(cast, after(10), severity=Severity.URGENT)


@pytest.mark.django_db
class TestWhatIsRungFor:
    def test_silence_is_listened_for_where_the_acknowledged_ticket_goes_on(
        self, cast: SimpleNamespace, kept: Ticket, urgent: Ticket
    ) -> None:
        escalation.start(ticket=urgent, reason=Escalation.Reason.URGENT, now=after(10))
        escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.engineer), now=after(11))
        answer(cast, urgent, after(12))
        join(cast, kept, urgent, after(13))
        kept.refresh_from_db()
        assert kept.owner == cast.engineer
        assert silence.ends_at(kept) == after(28)

    def test_who_it_goes_to_is_on_record(
        self, cast: SimpleNamespace, kept: Ticket, urgent: Ticket
    ) -> None:
        held(urgent, cast, after(11))
        join(cast, kept, urgent, after(13))
        holding = Holding.objects.get(ticket=kept)
        assert (holding.person, holding.since) == (cast.engineer, after(13))

    def test_a_ladder_that_waits_for_anybody_to_ring_is_not_lost(
        self, cast: SimpleNamespace, kept: Ticket, urgent: Ticket
    ) -> None:
        rung(urgent, Escalation.State.EXHAUSTED, ended_at=after(11))
        join(cast, kept, urgent, after(12))
        assert asked(kept) == ["urgent"]

    def test_an_old_page_acknowledges_what_it_is_rung_for_now(
        self, cast: SimpleNamespace, kept: Ticket, urgent: Ticket
    ) -> None:
        escalation.start(ticket=urgent, reason=Escalation.Reason.URGENT, now=after(10))
        join(cast, kept, urgent, after(11))
        by = Viewer.of(cast.second)
        with pytest.raises(escalation.NothingRinging):  # a moment before the engine rings
            escalation.acknowledge(ticket=urgent, by=by, now=after(11))
        escalation.start(ticket=kept, reason=Escalation.Reason.URGENT, now=after(11))
        assert escalation.acknowledge(ticket=urgent, by=by, now=after(12)).taken
        kept.refresh_from_db()
        urgent.refresh_from_db()
        assert (kept.owner, urgent.owner) == (cast.second, None)

    def test_who_was_called_by_level_is_called_by_level_again(
        self, cast: SimpleNamespace, kept: Ticket, urgent: Ticket
    ) -> None:
        rung(urgent, Escalation.State.RINGING, reason=Escalation.Reason.MANUAL, level="L3")
        join(cast, kept, urgent, after(12))
        row = Deadline.objects.get(subject=kept.event_subject, kind="ladder.start")
        assert (row.data["reason"], row.data["level"]) == ("manual", "L3")


@pytest.mark.django_db
class TestHandover:
    def proposed(self, cast: SimpleNamespace, ticket: Ticket) -> Handover:
        return handover.propose(
            ticket=ticket,
            by=Viewer.of(cast.engineer),
            to=cast.second,
            note="Waits for their logs.",
            now=after(11),
        )

    def test_what_nobody_accepted_yet_is_handed_over_with_the_kept_one(
        self, cast: SimpleNamespace, kept: Ticket, urgent: Ticket
    ) -> None:
        held(urgent, cast, after(10))
        made = self.proposed(cast, urgent)
        join(cast, kept, urgent, after(12))
        made.refresh_from_db()
        assert (made.state, made.ticket) == ("proposed", kept)
        assert deadlines(made.event_subject, handover.ACCEPT) == [after(21)]
        handover.accept(handover=made, by=Viewer.of(cast.second), now=after(13))
        kept.refresh_from_db()
        assert kept.owner == cast.second

    def test_it_ends_where_the_kept_one_is_anothers(
        self, cast: SimpleNamespace, kept: Ticket, urgent: Ticket
    ) -> None:
        ownership.assign(ticket=kept, by=Viewer.of(cast.lead), owner=cast.lead, now=after(1))
        held(urgent, cast, after(10))
        made = self.proposed(cast, urgent)
        join(cast, kept, urgent, after(12))
        made.refresh_from_db()
        assert made.state == "ended"


@pytest.mark.django_db
def test_a_split_takes_no_promise_from_a_ticket_split_before(
    cast: SimpleNamespace, kept: Ticket, urgent: Ticket
) -> None:
    owed = promise(urgent, "response")
    third = opened(cast, after(11))
    join(cast, kept, urgent, after(12))
    join(cast, kept, third, after(13))
    split(cast, urgent, after(14))
    split(cast, third, after(15))
    owed.refresh_from_db()
    assert (owed.ticket, owed.state) == (urgent, "running")
    for ticket in (kept, third):
        kinds = Promise.objects.open().filter(ticket=ticket).values_list("kind", flat=True)
        assert sorted(kinds) == ["resolution", "response"]


@pytest.mark.django_db
def test_a_promise_that_runs_out_while_it_goes_to_another_ticket_rings_there(
    cast: SimpleNamespace, kept: Ticket, urgent: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed = promise(urgent, "response")
    due_at = owed.due_at
    assert due_at is not None
    row = Deadline.objects.get(subject=f"promise/{owed.pk}", kind="promise.due")

    def waited_for(find: Callable[[], int]) -> Ticket:
        """The lock is got when a join that held it is committed."""
        monkeypatch.undo()
        assert find() == urgent.pk
        join(cast, kept, urgent, due_at)
        return lifecycle.locked_where(find)

    monkeypatch.setattr(lifecycle, "locked_where", waited_for)
    promise_deadlines.due(row, due_at + dt.timedelta(seconds=1))
    rings = Escalation.objects.get(ticket=kept)
    assert (rings.state, rings.reason) == ("ringing", Escalation.Reason.RESPONSE_BREACHED)
