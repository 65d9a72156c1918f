"""A held copy of a mail settles itself once the mail was taken in by another way."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from accounts.models import Event
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from portal.mail_in import understanding
from tests import factories
from tests.cast import make_cast
from tests.mails import OURS, SUPPORT, URGENT, mail, received
from tickets.intake import letter, release
from tickets.intake.proof import Checks
from tickets.intake.reply_address import reply_address
from tickets.intake.store import store
from tickets.models import Entry, Inbound, Ticket
from tickets.models.ticket import Severity

Outcome = Inbound.Outcome
NAME = "<a@starcast.example>"


@pytest.fixture(autouse=True)
def _our_server_checks(settings: Any) -> None:
    settings.MAIL_PROOF, settings.MAIL_AUTHSERV_IDS = "authserv", frozenset({OURS})


def held(*to: str, way: str = "a list", **more: Any) -> Inbound:
    """A copy that nobody can be sure of."""
    raw = b"Received: by %s\n" % way.encode() + mail(message_id=NAME, proven=False, **more)
    row = received(raw, *to)
    assert row.outcome == Outcome.QUARANTINED
    return row


def now_is(row: Inbound) -> Inbound:
    return Inbound.objects.select_related("ticket").get(pk=row.pk)


def read(row: Inbound) -> letter.Letter:
    return letter.read(bytes(row.raw), recipients=[SUPPORT], checks=Checks("authserv"))


@pytest.mark.django_db
class TestSettled:
    def test_once_the_proven_one_is_taken_the_held_one_is_a_copy_of_it(
        self, cast: SimpleNamespace
    ) -> None:
        copy = held()
        taken = received(mail(message_id=NAME))
        copy = now_is(copy)
        assert (copy.outcome, copy.ticket_id) == (Outcome.DUPLICATE, taken.ticket_id)
        assert (copy.reason, copy.data["remark"]) == ("unproven", "copy-taken")
        assert copy.data["twin"] == str(taken.pk)
        assert copy.organization_id == taken.organization_id
        assert copy.handled_at == taken.handled_at
        assert Ticket.objects.count() == Entry.objects.count() == 1
        event = Event.objects.get(verb="mail.copy_settled")
        assert event.subject == f"mail/{copy.pk}"
        assert event.data["taken"] == str(taken.pk)

    def test_what_says_something_else_under_the_same_id_waits_on(
        self, cast: SimpleNamespace
    ) -> None:
        received(mail(message_id=NAME))
        other = received(mail(message_id=NAME, body="Something else."))
        received(b"Received: by another way\n" + mail(message_id=NAME))
        assert now_is(other).outcome == Outcome.QUARANTINED

    def test_a_copy_to_an_urgent_address_waits_on_while_nobody_looked_at_it(
        self, cast: SimpleNamespace
    ) -> None:
        copy = held(URGENT)
        received(mail(message_id=NAME))
        assert now_is(copy).outcome == Outcome.QUARANTINED

    def test_it_does_not_where_the_one_taken_came_there_too(self, cast: SimpleNamespace) -> None:
        copy = held(URGENT)
        taken = received(mail(message_id=NAME), URGENT)
        assert now_is(copy).ticket_id == taken.ticket_id
        assert Ticket.objects.get().severity == "urgent"

    @pytest.mark.parametrize("is_same", [True, False])
    def test_a_copy_to_a_reply_address_is_settled_by_one_in_that_ticket_alone(
        self, cast: SimpleNamespace, is_same: bool
    ) -> None:
        one, other = factories.ticket(cast.developer), factories.ticket(cast.developer)
        to = [reply_address(ticket_id=each.pk, user_id=cast.developer.pk) for each in (one, other)]
        copy = held(to[0])
        taken = received(mail(message_id=NAME), to[0 if is_same else 1])
        assert taken.outcome == Outcome.REPLIED
        wanted = Outcome.DUPLICATE if is_same else Outcome.QUARANTINED
        assert now_is(copy).outcome == wanted

    def test_what_waits_is_left_while_its_better_copy_is_held_as_well(
        self, cast: SimpleNamespace
    ) -> None:
        copy = held()
        urgent = received(mail(message_id=NAME, proven=False), URGENT)
        assert (now_is(copy).outcome, urgent.outcome) == (Outcome.QUARANTINED,) * 2

    def test_what_a_person_takes_settles_the_other_copies(self, cast: SimpleNamespace) -> None:
        copy, urgent = held(), received(mail(message_id=NAME, proven=False), URGENT)
        assert urgent.outcome == Outcome.QUARANTINED
        with acting_as(DatabaseRole.ENGINE) as now:
            ticket = release.as_ticket(
                row=urgent,
                letter=read(urgent),
                organization=cast.star,
                person=cast.developer,
                severity=Severity.NORMAL,
                by=Viewer.of(cast.engineer),
                now=now,
            )
        assert (now_is(copy).outcome, now_is(copy).ticket_id) == (Outcome.DUPLICATE, ticket.pk)

    def test_setting_one_aside_settles_no_other(self, cast: SimpleNamespace) -> None:
        copy, urgent = held(), received(mail(message_id=NAME, proven=False), URGENT)
        with acting_as(DatabaseRole.ENGINE) as now:
            release.discard(row=urgent, by=Viewer.of(cast.engineer), now=now)
        assert now_is(copy).outcome == Outcome.QUARANTINED

    def test_its_page_says_why_it_waited_and_what_it_is_now(
        self, cast: SimpleNamespace, browser_of: Any
    ) -> None:
        copy = held()
        taken = received(mail(message_id=NAME))
        desk: Client = browser_of(cast.engineer)
        page = desk.get(f"/admin/mail/{copy.pk}/").content.decode()
        assert "Another copy of it was taken in, so this one waits no more." in page
        assert "The sender could not be proven" in page
        assert f'href="/admin/mail/{taken.pk}/"' in page
        assert str(copy.pk) not in desk.get("/admin/mail/").content.decode()
        whole = desk.get("/admin/mail/?view=all").content.decode()
        assert "Another copy of it was taken in" in whole


def test_a_person_and_the_proven_copy_at_once_make_one_ticket(
    committed_database: DatabaseUrls, settings: Any
) -> None:
    """Whoever is second finds it done: a mail is never taken twice."""
    with acting_as(DatabaseRole.ENGINE):
        cast = make_cast()
    kept = store(mail(message_id=NAME, proven=False), recipients=[SUPPORT], source="smtp")
    understanding.handle(understanding.claim_one(kept.pk))
    proven = store(mail(message_id=NAME), recipients=[SUPPORT], source="smtp")
    rows = understanding.claim_one(proven.pk)
    ready = threading.Barrier(2)

    def by_hand() -> None:
        with acting_as(DatabaseRole.ENGINE) as now:
            row = Inbound.objects.get(pk=kept.pk)
            ready.wait(10)
            try:
                release.as_ticket(
                    row=row,
                    letter=read(row),
                    organization=cast.star,
                    person=cast.developer,
                    severity=Severity.NORMAL,
                    by=Viewer.of(cast.engineer),
                    now=now,
                )
            except ValidationError:
                return

    def by_itself() -> None:
        ready.wait(10)
        understanding.handle(rows)

    def run(act: Any) -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(run, (by_hand, by_itself)))
    with acting_as(DatabaseRole.ENGINE):
        assert Ticket.objects.count() == 1
        outcomes = set(Inbound.objects.values_list("outcome", flat=True))
        assert outcomes == {Outcome.OPENED, Outcome.DUPLICATE}
