"""Waiting for a date both sides agreed to, and warnings while there still is time."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Deadline, Delivery, Event
from accounts.viewer import Viewer
from portal.engine.handlers import HANDLERS
from tests import factories
from tests.factories import NOON
from tests.tickets.scenes import after, answer, deadlines, promise, verbs, write
from tickets import agreed_dates, lifecycle, severity
from tickets.models import AgreedDate, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def agree(
    cast: SimpleNamespace, ticket: Ticket, until: dt.datetime, now: dt.datetime
) -> AgreedDate:
    return agreed_dates.agree(
        ticket=ticket, by=Viewer.of(cast.engineer), until=until, reason="Their release.", now=now
    )


def fall_due(kind: str, at: dt.datetime) -> None:
    """What the engine would do with what is due by then."""
    for row in Deadline.objects.filter(kind=kind, settled_at=None, due_at__lte=at):
        HANDLERS[kind](row, at)
        row.settled_at = at
        row.save()


def test_the_clocks_stand_still_until_the_agreed_date_and_then_run_again(
    cast: SimpleNamespace,
) -> None:
    ticket = factories.ticket(cast.developer)
    agree(cast, ticket, NOON + 3 * DAY, after(60))
    paused = promise(ticket, "resolution")
    assert (paused.state, paused.paused_for, paused.paused_until) == (
        "paused",
        "agreed date",
        NOON + 3 * DAY,
    )
    assert promise(ticket, "response").state == "running", "nobody waits with a first answer"
    fall_due("date.reached", NOON + 3 * DAY)
    running = promise(ticket, "resolution")
    assert running.due_at == NOON + 8 * DAY - dt.timedelta(hours=1)
    assert (running.paused_for, running.paused_until) == ("", None)
    assert verbs(ticket)[-2:] == ["ticket.date_agreed", "ticket.date_reached"]


def test_the_customers_word_ends_the_waiting_at_once(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    agree(cast, ticket, NOON + 3 * DAY, after(60))
    write(cast, ticket, after(90))
    assert promise(ticket, "resolution").state == "running"
    assert AgreedDate.objects.get().ending == "written"
    assert deadlines(ticket.event_subject, "date.reached") == []


def test_an_engineers_word_does_not(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    agree(cast, ticket, NOON + 3 * DAY, after(60))
    answer(cast, ticket, after(90))
    assert promise(ticket, "resolution").state == "paused"


def test_a_ticket_that_waits_for_the_customer_too_goes_on_waiting(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    agree(cast, ticket, NOON + DAY, after(60))
    answer(cast, ticket, after(90), ask_customer=True)
    fall_due("date.reached", NOON + DAY)
    still = promise(ticket, "resolution")
    assert (still.state, still.paused_for) == ("paused", "waiting on customer")
    reasons = still.facts.filter(kind="paused").values_list("reason", flat=True)
    assert list(reasons) == ["agreed date", "waiting on customer"]


def test_another_date_takes_the_place_of_the_first(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    agree(cast, ticket, NOON + DAY, after(60))
    agree(cast, ticket, NOON + 2 * DAY, after(70))
    assert deadlines(ticket.event_subject, "date.reached") == [NOON + 2 * DAY]
    assert promise(ticket, "resolution").paused_until == NOON + 2 * DAY


def test_the_clocks_of_an_urgent_ticket_wait_for_no_date(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    with pytest.raises(ValidationError, match="may wait for a date"):
        agree(cast, ticket, NOON + DAY, after(1))
    assert not AgreedDate.objects.exists()


def test_a_raise_to_urgent_ends_the_waiting(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    agree(cast, ticket, NOON + DAY, after(60))
    customer = Viewer.of(cast.developer)
    severity.change(ticket=ticket, by=customer, to=Severity.URGENT, reason="", now=after(70))
    assert promise(ticket, "resolution").due_at == after(70 + 240)
    assert AgreedDate.objects.get().ended_at == after(70)


def test_solving_ends_the_waiting(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    answer(cast, ticket, after(1))
    agree(cast, ticket, NOON + DAY, after(60))
    lifecycle.resolve(ticket=ticket, by=Viewer.of(cast.engineer), now=after(70))
    assert AgreedDate.objects.get().ending == "solved"


@pytest.mark.parametrize(
    ("until", "reason", "field"),
    [
        (NOON, "Why", "until"),
        (NOON + 91 * DAY, "Why", "until"),
        (NOON + DAY, " ", "reason"),
    ],
)
def test_a_date_that_cannot_be_agreed_is_refused(
    cast: SimpleNamespace, until: dt.datetime, reason: str, field: str
) -> None:
    ticket = factories.ticket(cast.developer)
    with pytest.raises(ValidationError) as refused:
        agreed_dates.agree(
            ticket=ticket, by=Viewer.of(cast.engineer), until=until, reason=reason, now=NOON
        )
    assert field in refused.value.message_dict


def test_customers_agree_by_writing_and_not_by_the_verb(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    with pytest.raises(PermissionDenied):
        agreed_dates.agree(
            ticket=ticket, by=Viewer.of(cast.developer), until=NOON + DAY, reason="x", now=NOON
        )


def test_whoever_is_responsible_is_warned_at_the_share_of_the_time(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    response = promise(ticket, "response")
    assert deadlines(f"promise/{response.pk}", "promise.warn") == [after(384)]
    fall_due("promise.warn", after(384))
    warned = Event.objects.get(verb="promise.warned")
    assert (warned.data["share"], warned.internal) == (0.8, True)
    mail = Delivery.objects.get(key__startswith=f"event:{warned.pk}:")
    assert mail.address == cast.engineer.email
    assert "runs out soon" in mail.payload["text"]
    assert deadlines(f"promise/{response.pk}", "promise.warn") == []


def test_a_warning_is_struck_when_the_promise_is_met_or_pauses(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    answer(cast, ticket, after(10), ask_customer=True)
    for row in ticket.promises.all():
        assert deadlines(f"promise/{row.pk}", "promise.warn") == []
    write(cast, ticket, after(20))
    solution = promise(ticket, "resolution")
    at = NOON + 4 * DAY + dt.timedelta(minutes=10)
    assert deadlines(f"promise/{solution.pk}", "promise.warn") == [at]


def test_a_warning_that_comes_after_an_answer_warns_nobody(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    row = Deadline.objects.get(
        kind="promise.warn", subject=f"promise/{promise(ticket, 'response').pk}"
    )
    answer(cast, ticket, after(383))
    HANDLERS["promise.warn"](row, after(384))
    assert not Event.objects.filter(verb="promise.warned").exists()
