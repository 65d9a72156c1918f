"""What broke while a ladder rang for something else is not forgotten when that is done with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from accounts.models import Delivery
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.portal.conftest import Clock
from tickets import escalation, lifecycle, ownership, severity
from tickets.models import Escalation, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
HandleDue = Callable[[], None]
At = Callable[[float], dt.datetime]
BROKEN = 15.5  # a first answer in an urgent ticket is due after 15 minutes


@pytest.fixture
def at(clock: Clock, handle_due: HandleDue) -> At:
    """Turn the clock to so many minutes after noon, and let the engine do what is due."""

    def turn(minutes: float) -> dt.datetime:
        clock.now = NOON + dt.timedelta(minutes=minutes)
        handle_due()
        return clock.now

    return turn


@pytest.fixture
def urgent(cast: SimpleNamespace, at: At) -> Ticket:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    at(0)
    return ticket


def runs(ticket: Ticket) -> list[tuple[str, str]]:
    found = Escalation.objects.filter(ticket=ticket).order_by("id")
    return list(found.values_list("reason", "state"))


def downgrade(cast: SimpleNamespace, ticket: Ticket, to: Severity, now: dt.datetime) -> None:
    severity.change(ticket=ticket, by=Viewer.of(cast.developer), to=to, reason="", now=now)


def test_an_answer_that_fell_due_meanwhile_is_rung_for_when_the_urgency_is_taken_back(
    cast: SimpleNamespace, urgent: Ticket, at: At
) -> None:
    downgrade(cast, urgent, Severity.IMPORTANT, at(BROKEN))
    at(18.5)
    assert runs(urgent) == [("response", "ringing")]
    lifecycle.reply(ticket=urgent, by=Viewer.of(cast.second), body="Here.", now=at(19))
    at(19)
    assert runs(urgent) == [("response", "acked")]


def test_it_starts_over_for_the_same_reason(cast: SimpleNamespace, urgent: Ticket, at: At) -> None:
    for minutes in range(3, 25, 3):
        at(minutes)
    downgrade(cast, urgent, Severity.IMPORTANT, at(25))
    at(27)
    assert runs(urgent) == [("response", "exhausted"), ("response", "ringing")]


def test_a_normal_ticket_rings_for_no_broken_answer(
    cast: SimpleNamespace, urgent: Ticket, at: At
) -> None:
    downgrade(cast, urgent, Severity.NORMAL, at(BROKEN))
    at(18.5)
    assert runs(urgent) == [("urgent", "stopped")]


def broken_letters() -> list[str]:
    letters = Delivery.objects.filter(kind="email", payload__text__icontains="was broken")
    return sorted(letters.values_list("address", flat=True))


def test_of_an_answer_broken_in_what_is_now_normal_the_responsible_are_written_to(
    cast: SimpleNamespace, urgent: Ticket, at: At
) -> None:
    now = at(BROKEN)
    assert broken_letters() == []
    downgrade(cast, urgent, Severity.NORMAL, now)
    at(18.5)
    at(18.5)
    assert broken_letters() == [cast.lead.email]


def test_raised_again_before_that_it_rings_for_it(
    cast: SimpleNamespace, urgent: Ticket, at: At
) -> None:
    now = at(BROKEN)
    downgrade(cast, urgent, Severity.NORMAL, now)
    rung, now = Escalation.objects.get(ticket=urgent), now + dt.timedelta(minutes=1)
    escalation.next_step(escalation=rung, index=rung.step + 1, now=now)
    downgrade(cast, urgent, Severity.IMPORTANT, now)
    at(18.5)
    assert runs(urgent) == [("urgent", "stopped"), ("response", "ringing")]
    assert broken_letters() == []


def test_of_a_breach_somebody_took_since_nobody_is_written_to(
    cast: SimpleNamespace, urgent: Ticket, at: At
) -> None:
    escalation.acknowledge(ticket=urgent, by=Viewer.of(cast.second), now=at(BROKEN))
    at(31)
    assert runs(urgent)[-1] == ("silence", "ringing")
    downgrade(cast, urgent, Severity.NORMAL, at(32))
    at(34)
    assert runs(urgent)[-1] == ("silence", "stopped")
    assert broken_letters() == []


def test_an_update_promised_by_name_rings_on_at_any_severity(
    cast: SimpleNamespace, urgent: Ticket, at: At
) -> None:
    until = NOON + dt.timedelta(minutes=20)
    lifecycle.reply(
        ticket=urgent, by=Viewer.of(cast.second), body="Soon.", next_update_at=until, now=at(1)
    )
    at(1)
    at(16)
    assert runs(urgent)[-1] == ("silence", "ringing")
    downgrade(cast, urgent, Severity.NORMAL, at(20.5))
    at(23.5)
    assert runs(urgent)[-1] == ("update", "ringing")


@pytest.mark.parametrize("reason", ["handover", "silence"])
def test_so_it_is_whatever_it_rang_for(
    cast: SimpleNamespace, urgent: Ticket, at: At, reason: str
) -> None:
    Escalation.objects.filter(ticket=urgent).update(reason=reason)
    if reason == "handover":
        ownership.assign(ticket=urgent, by=Viewer.of(cast.lead), owner=cast.second, now=NOON)
    Escalation.objects.filter(ticket=urgent).update(step=4)
    downgrade(cast, urgent, Severity.IMPORTANT, NOON)
    urgent.promises.filter(kind="response").update(breached_at=NOON)
    rung = Escalation.objects.get(ticket=urgent)
    escalation.next_step(escalation=rung, index=5, now=NOON + dt.timedelta(minutes=3))
    assert runs(urgent) == [("response", "ringing")]


def test_a_breach_somebody_took_since_rings_nobody_again(
    cast: SimpleNamespace, urgent: Ticket, at: At
) -> None:
    by = Viewer.of(cast.second)
    escalation.acknowledge(ticket=urgent, by=by, now=at(BROKEN))
    at(31)
    assert runs(urgent)[-1] == ("silence", "ringing")
    downgrade(cast, urgent, Severity.IMPORTANT, at(32))
    at(34)
    assert runs(urgent)[-1] == ("silence", "stopped")


def test_a_reply_given_before_a_ladder_began_does_not_take_it(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    begun = NOON + dt.timedelta(minutes=40)
    Escalation.objects.update(reason="update", started_at=begun)
    for minutes, state in ((1, "ringing"), (41, "acked")):
        said_at = NOON + dt.timedelta(minutes=minutes)
        escalation.heard_from(
            ticket=urgent,
            by=Viewer.of(cast.second),
            is_note=False,
            said_at=said_at,
            now=begun + dt.timedelta(minutes=2),
        )
        assert runs(urgent) == [("update", state)]


def test_a_reply_handled_after_the_ladder_started_over_takes_it(
    cast: SimpleNamespace, urgent: Ticket, at: At
) -> None:
    Escalation.objects.update(reason="manual")
    for minutes in range(3, 28, 3):
        at(minutes)
    assert runs(urgent) == [("manual", "exhausted"), ("manual", "ringing")]
    said_at = NOON + dt.timedelta(minutes=26)
    lifecycle.reply(ticket=urgent, by=Viewer.of(cast.second), body="Here.", now=said_at)
    at(27.5)
    assert runs(urgent)[-1] == ("manual", "acked")


def test_a_reply_between_a_breach_and_its_ladder_takes_it(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    """The engine was away when the time ran out."""
    Escalation.objects.update(reason="resolution", started_at=NOON + dt.timedelta(minutes=45))
    broken_at = NOON + dt.timedelta(minutes=40)
    urgent.promises.filter(kind="resolution").update(breached_at=broken_at)
    escalation.heard_from(
        ticket=urgent,
        by=Viewer.of(cast.second),
        is_note=False,
        said_at=NOON + dt.timedelta(minutes=42),
        now=NOON + dt.timedelta(minutes=45),
    )
    assert runs(urgent) == [("resolution", "acked")]
