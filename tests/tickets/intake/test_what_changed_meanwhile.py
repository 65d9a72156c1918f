"""What is known around mails grows old while they are settled."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Delivery
from accounts.viewer import Viewer
from portal.mail_in import understanding
from tests import factories
from tests.mails import OURS, SUPPORT, URGENT, mail, received
from tests.tickets.intake.test_automatic_mail import bounce, sent
from tickets import joining
from tickets.intake import people
from tickets.intake.bounce_address import bounce_address
from tickets.intake.reply_address import reply_address
from tickets.intake.store import store
from tickets.models import Inbound, Ticket

Outcome = Inbound.Outcome


@pytest.fixture(autouse=True)
def _our_server_checks(settings: Any) -> None:
    settings.MAIL_PROOF, settings.MAIL_AUTHSERV_IDS = "authserv", frozenset({OURS})


def test_two_who_raise_at_once_are_both_heard(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    keys = []
    for text in ("All down.", "Still down."):
        to = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
        raw = mail(cast.developer.email, to=f"{to}, {URGENT}", body=text)
        keys.append(store(raw, recipients=[to, URGENT], source="smtp").pk)
    while understanding.handle_some():
        pass
    rows = Inbound.objects.in_bulk(keys)
    assert [rows[key].outcome for key in keys] == [Outcome.REPLIED] * 2
    ticket.refresh_from_db()
    assert ticket.severity == "urgent"
    assert ticket.entries.count() == 3


@pytest.mark.parametrize("count", [1, 3])
def test_a_reply_to_what_was_just_joined_goes_on_in_the_other(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    kept, ticket = factories.ticket(cast.developer), factories.ticket(cast.developer)
    around = people.around

    def slow(*a: Any, **k: Any) -> people.Around:
        found = around(*a, **k)
        joining.join(kept=kept, joined=ticket, by=Viewer.of(cast.engineer), now=factories.NOON)
        return found

    to = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
    key = store(mail(cast.developer.email, to=to, body="More."), recipients=[to], source="smtp").pk
    for n in range(count - 1):
        store(mail(cast.owner.email, subject=f"{n}"), recipients=[SUPPORT], source="smtp")
    with monkeypatch.context() as patch:
        patch.setattr(people, "around", slow)
        understanding.handle(understanding.claim())
    row = Inbound.objects.get(pk=key)
    assert (row.outcome, row.ticket_id) == (Outcome.REPLIED, kept.pk)


def test_a_proven_copy_of_what_is_held_is_taken(cast: SimpleNamespace) -> None:
    name = "<a@starcast.example>"
    held = received(mail(message_id=name, proven=False))
    taken = received(mail(message_id=name, to=URGENT), URGENT)
    again = received(mail(message_id=name), SUPPORT, URGENT)

    assert [one.outcome for one in (held, taken, again)] == [
        Outcome.QUARANTINED, Outcome.OPENED, Outcome.DUPLICATE,
    ]  # fmt: skip
    assert Ticket.objects.get().severity == "urgent"


def test_copies_nobody_can_be_sure_of_are_held_once(cast: SimpleNamespace) -> None:
    name = "<a@starcast.example>"
    held = received(mail(message_id=name, proven=False))
    again = received(b"Received: by another way\n" + mail(message_id=name, proven=False))

    assert (held.outcome, again.outcome) == (Outcome.QUARANTINED, Outcome.DUPLICATE)


def test_an_urgent_copy_of_what_is_held_rings(cast: SimpleNamespace) -> None:
    name = "<a@starcast.example>"
    received(mail(message_id=name, proven=False))
    urgent = received(mail(message_id=name, proven=False), URGENT)

    assert urgent.outcome == Outcome.QUARANTINED
    assert Delivery.objects.get(kind=Delivery.Kind.PAGE).subject == f"mail/{urgent.pk}"


def test_a_copy_for_another_ticket_is_not_dropped(cast: SimpleNamespace) -> None:
    one, other = factories.ticket(cast.developer), factories.ticket(cast.developer)
    name, rows = "<a@starcast.example>", []
    for ticket in (one, other, one):
        to = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
        raw = b"Received: by %d\n" % len(rows) + mail(message_id=name)
        rows.append(received(raw, to))

    assert [(row.outcome, row.reason) for row in rows] == [
        (Outcome.REPLIED, ""), (Outcome.QUARANTINED, "several"), (Outcome.DUPLICATE, ""),
    ]  # fmt: skip


def test_a_reply_of_staff_counts_though_a_copy_came_to_support_first(cast: SimpleNamespace) -> None:
    ticket, name = factories.ticket(cast.developer), "<a@vigil.example>"
    to = reply_address(ticket_id=ticket.pk, user_id=cast.engineer.pk)
    first = received(mail(cast.engineer.email, message_id=name))
    reply = received(mail(cast.engineer.email, message_id=name), to)

    assert (first.outcome, reply.outcome) == (Outcome.QUARANTINED, Outcome.REPLIED)


def test_a_bounce_is_told_where_the_ticket_goes_on(cast: SimpleNamespace) -> None:
    kept, ticket = factories.ticket(cast.developer), factories.ticket(cast.developer)
    ours = sent(ticket, cast.developer.email)
    joining.join(kept=kept, joined=ticket, by=Viewer.of(cast.engineer), now=factories.NOON)

    assert received(bounce(cast.developer.email), bounce_address(ours.pk)).ticket == kept
