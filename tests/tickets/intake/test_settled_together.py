"""Several mails in one transaction come to the same as each by itself."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from psycopg.errors import DeadlockDetected

from accounts.models import Deadline, Event
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal.mail_in import understanding
from tests import factories
from tests.mails import OURS, SUPPORT, URGENT, mail
from tickets import agreed_dates, lifecycle
from tickets.intake.reply_address import reply_address
from tickets.intake.store import store
from tickets.models import Attachment, Entry, Inbound, Promise, Ticket

Outcome = Inbound.Outcome


@pytest.fixture(autouse=True)
def _our_server_checks(settings: Any) -> None:
    settings.MAIL_PROOF, settings.MAIL_AUTHSERV_IDS = "authserv", frozenset({OURS})


def settled(*mails: tuple[bytes, str]) -> list[Inbound]:
    """Store these, understand all that waits, and what became of each."""
    keys = [store(raw, recipients=[to], source="smtp").pk for raw, to in mails]
    while understanding.handle_some():
        pass
    found = Inbound.objects.in_bulk(keys)
    return [found[key] for key in keys]


def reply(ticket: Ticket, body: str, **more: Any) -> tuple[bytes, str]:
    to = reply_address(ticket_id=ticket.pk, user_id=ticket.reporter_id)
    return mail(ticket.reporter.email, to=to, body=body, **more), to


def problem(sender: Any, body: str = "It is broken.", **more: Any) -> tuple[bytes, str]:
    return mail(sender.email, body=body, **more), SUPPORT


def test_each_becomes_what_it_would_alone(cast: SimpleNamespace) -> None:
    one, two = factories.ticket(cast.developer), factories.ticket(cast.stranger)
    rows = settled(
        reply(one, "First."),
        problem(cast.owner, subject="New problem"),
        reply(two, "Second.", files=(("app.log", b"ERROR 1"),)),
    )

    assert [row.outcome for row in rows] == [Outcome.REPLIED, Outcome.OPENED, Outcome.REPLIED]
    opened = Ticket.objects.get(subject="New problem")
    assert [row.ticket_id for row in rows] == [one.pk, opened.pk, two.pk]
    assert [row.entry.body.strip() for row in rows if row.entry] == [
        "First.", "It is broken.", "Second.",
    ]  # fmt: skip
    assert Attachment.objects.get(entry=rows[2].entry).name == "app.log"
    for ticket, verb in ((one, "replied"), (opened, "opened"), (two, "replied")):
        event = Event.objects.filter(subject=ticket.event_subject).order_by("id").last()
        assert event is not None
        assert event.verb == f"ticket.{verb}"
        assert Deadline.objects.filter(key=f"announce:{event.pk}").count() == 1
    assert Promise.objects.open().filter(ticket=opened).exists()
    assert all(row.handled_at and not row.last_error for row in rows)


def test_it_is_one_transaction(cast: SimpleNamespace) -> None:
    for number in range(10):
        raw, to = problem(cast.developer, subject=f"Problem {number}")
        store(raw, recipients=[to], source="smtp")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        understanding.handle_some()

    assert Ticket.objects.count() == 10
    locks = sum("pg_advisory_xact_lock" in one["sql"] for one in queries.captured_queries)
    assert locks == 1


def test_another_mail_costs_no_insert_more(cast: SimpleNamespace) -> None:
    counts = []
    for many in (4, 12):
        tickets = [factories.ticket(cast.developer) for _number in range(many)]
        for ticket in tickets:
            raw, to = reply(ticket, "It goes on.")
            store(raw, recipients=[to], source="smtp")
        with CaptureQueriesContext(connection) as asked:
            understanding.handle_some()
        assert all(ticket.entries.exists() for ticket in tickets)
        counts.append(
            sum(1 for one in asked.captured_queries if one["sql"].startswith("insert into"))
        )
    assert counts[0] == counts[1]


def test_one_that_fails_takes_no_other_with_it(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ticket = lifecycle.open_ticket

    def fails(**what: Any) -> Ticket:
        if what["subject"] == "Poison":
            open_ticket(**what)
            raise RuntimeError("no good")
        return open_ticket(**what)

    monkeypatch.setattr(lifecycle, "open_ticket", fails)
    ticket = factories.ticket(cast.developer)
    rows = settled(
        reply(ticket, "Before."),
        problem(cast.owner, subject="Poison"),
        problem(cast.developer, subject="After"),
    )

    assert [row.outcome for row in rows] == [Outcome.REPLIED, "", Outcome.OPENED]
    assert rows[1].last_error == "RuntimeError: no good"
    assert not Ticket.objects.filter(subject="Poison").exists()
    assert Entry.objects.filter(body__contains="Before.").count() == 1
    assert Ticket.objects.filter(subject="After").count() == 1


def test_one_whose_failure_quotes_what_is_no_character_takes_no_other_with_it(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ticket = lifecycle.open_ticket

    def fails(**what: Any) -> Ticket:
        if what["subject"] == "Poison":
            raise RuntimeError("no good: \udcff")
        return open_ticket(**what)

    monkeypatch.setattr(lifecycle, "open_ticket", fails)
    rows = settled(problem(cast.owner, subject="Poison"), problem(cast.developer, subject="After"))

    assert [row.outcome for row in rows] == ["", Outcome.OPENED]
    assert rows[0].last_error == "RuntimeError: no good: \\udcff"


def test_one_that_waits_in_vain_for_a_lock_holds_up_no_other(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ticket = lifecycle.open_ticket

    def waits(**what: Any) -> Ticket:
        if what["subject"] == "Locked":
            raise OperationalError("deadlock detected") from DeadlockDetected()
        return open_ticket(**what)

    monkeypatch.setattr(lifecycle, "open_ticket", waits)
    rows = settled(problem(cast.owner, subject="Locked"), problem(cast.developer, subject="After"))

    assert [row.outcome for row in rows] == ["", Outcome.OPENED]
    assert rows[0].last_error == "OperationalError: deadlock detected"

    monkeypatch.undo()
    Inbound.objects.filter(handled_at=None).update(claimable_at="2000-01-01T00:00Z")
    understanding.handle_some()
    assert Ticket.objects.filter(subject="Locked").count() == 1


def test_one_that_is_refused_waits_in_quarantine_alone(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ticket = lifecycle.open_ticket

    def refuses(**what: Any) -> Ticket:
        if what["subject"] == "Refused":
            raise ValidationError("Not like this.")
        return open_ticket(**what)

    monkeypatch.setattr(lifecycle, "open_ticket", refuses)
    rows = settled(problem(cast.owner, subject="Refused"), problem(cast.developer, subject="Taken"))

    assert [row.outcome for row in rows] == [Outcome.QUARANTINED, Outcome.OPENED]
    assert rows[0].data["refusal"] == "Not like this."


def test_mails_about_one_ticket_stand_in_the_order_they_came(cast: SimpleNamespace) -> None:
    ticket, other = factories.ticket(cast.developer), factories.ticket(cast.stranger)
    many = tuple((f"{number}.log", b"x") for number in range(5))
    settled(
        reply(ticket, "One.", files=many), reply(ticket, "Two."), reply(other, "Else."),
        reply(ticket, "Three."),
    )  # fmt: skip

    said = [entry.body.strip() for entry in ticket.entries.order_by("id")]
    assert said[1:] == ["One.", "Two.", "Three."]


def test_the_same_mail_twice_at_once_counts_once(cast: SimpleNamespace) -> None:
    raw = mail(cast.developer.email, subject="Once")
    again = store(raw, recipients=[SUPPORT, "postmaster@" + SUPPORT.partition("@")[2]], source="b")
    rows = settled((raw, SUPPORT), problem(cast.owner, subject="Another"))

    assert Ticket.objects.filter(subject="Once").count() == 1
    outcomes = {rows[0].outcome, Inbound.objects.get(pk=again.pk).outcome}
    assert outcomes == {Outcome.OPENED, Outcome.DUPLICATE}


def test_an_urgent_one_is_settled_by_itself(cast: SimpleNamespace) -> None:
    rows = settled(
        problem(cast.developer, subject="Slow"), problem(cast.owner, subject="Slower"),
        (mail(cast.developer.email, to=URGENT, subject="Down"), URGENT),
    )  # fmt: skip

    assert [row.outcome for row in rows] == [Outcome.OPENED] * 3
    assert Ticket.objects.get(subject="Down").severity == "urgent"
    assert Deadline.objects.filter(kind="ladder.start").count() == 1


def test_a_flood_is_held_back_at_the_same_mail(cast: SimpleNamespace, settings: Any) -> None:
    settings.MAIL_HOURLY = 3
    rows = settled(*(problem(cast.developer, subject=f"Problem {n}") for n in range(6)))

    assert sorted(row.outcome for row in rows) == [Outcome.OPENED] * 3 + [Outcome.QUARANTINED] * 3


def test_a_claim_that_was_lost_is_left_alone(cast: SimpleNamespace) -> None:
    for number in range(3):
        raw, to = problem(cast.developer, subject=f"Problem {number}")
        store(raw, recipients=[to], source="smtp")
    mine = understanding.claim()
    Inbound.objects.filter(pk=mine[1].pk).update(lease_token=factories.fresh_key())

    understanding.handle(mine)

    assert Ticket.objects.count() == 2
    assert Inbound.objects.get(pk=mine[1].pk).outcome == ""


def test_a_reply_ends_the_waiting_for_an_agreed_date(cast: SimpleNamespace) -> None:
    one, two = factories.ticket(cast.developer), factories.ticket(cast.stranger)
    now = factories.NOON + dt.timedelta(hours=1)
    agreed_dates.agree(
        ticket=one,
        by=Viewer.of(cast.engineer),
        until=now + dt.timedelta(days=2),
        reason="Update",
        now=now,
    )
    settled(reply(one, "It is done already."), reply(two, "Else."))

    assert one.agreed_dates.get().ending == "written"
    assert not Promise.objects.filter(ticket=one, state=Promise.State.PAUSED).exists()


def test_a_ticket_in_hand_is_handed_out_once(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    with acting_as(DatabaseRole.ENGINE), lifecycle.locked_together([ticket.pk]):
        first = lifecycle.locked(ticket)
        assert lifecycle.locked(ticket) is not first
