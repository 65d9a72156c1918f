"""A mail about a ticket joins the conversation in the reader's mail program, and only theirs."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from accounts.access import Role
from accounts.models import Delivery, Membership, User
from accounts.viewer import Viewer
from tests import factories
from tests.portal.conftest import Clock
from tickets import lifecycle, ownership
from tickets.intake import message_ids, reply_address
from tickets.models import Entry, Inbound, Ticket

pytestmark = pytest.mark.django_db
Turn = Callable[[], Any]


@pytest.fixture
def ticket(cast: SimpleNamespace, clock: Clock, handle_due: Turn) -> Ticket:
    made = factories.ticket(cast.developer)
    handle_due()
    Delivery.objects.all().delete()
    ownership.follow(ticket=made, by=Viewer.of(cast.viewer), now=clock.now)
    return made


def wrote_by_mail(ticket: Ticket, person: User, message_id: str, clock: Clock) -> Entry:
    entry = lifecycle.reply(ticket=ticket, by=Viewer.of(person), body="More.", now=clock.now)
    Inbound.objects.create(
        channel=Inbound.Channel.EMAIL,
        source="smtp",
        key=message_id,
        raw=b"",
        message_id=message_id,
        received_at=clock.now,
        claimable_at=clock.now,
        organization=ticket.organization,
        ticket=ticket,
        entry=entry,
    )
    return entry


def to(address: str) -> Any:
    (found,) = [one for one in mail.outbox if one.to == [address]]
    return found.message()


def test_it_follows_the_readers_own_latest_mail_and_nobody_elses(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: Turn, send_due: Turn
) -> None:
    wrote_by_mail(ticket, cast.developer, "<first@starcast.example>", clock)
    clock.forward(minutes=1)
    wrote_by_mail(ticket, cast.developer, "<second@starcast.example>", clock)
    handle_due()
    send_due()
    mail.outbox.clear()
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Look.", now=clock.now)
    handle_due()
    send_due()
    root = message_ids.of_ticket(ticket.pk)
    theirs, others = to("developer@starcast.example"), to("viewer@starcast.example")
    assert theirs["References"].split() == [root, "<second@starcast.example>"]
    assert theirs["In-Reply-To"] == "<second@starcast.example>"
    assert others["References"] == others["In-Reply-To"] == root
    assert "Zhao Min (Vigil)" in theirs["From"]
    assert "Auto-Submitted" not in theirs


def test_each_reader_has_a_reply_address_of_their_own_and_who_may_only_read_has_none(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: Turn, send_due: Turn
) -> None:
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Look.", now=clock.now)
    handle_due()
    send_due()
    own = to("developer@starcast.example")["Reply-To"].partition("<")[2].strip(">")
    assert reply_address.read(own) == reply_address.Invited(ticket.pk, cast.developer.pk)
    assert to("viewer@starcast.example")["Reply-To"] is None
    Membership.objects.filter(user=cast.viewer).update(role=Role.DEVELOPER)
    mail.outbox.clear()
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Again.", now=clock.now)
    handle_due()
    send_due()
    own = to("viewer@starcast.example")["Reply-To"].partition("<")[2].strip(">")
    assert reply_address.read(own) == reply_address.Invited(ticket.pk, cast.viewer.pk)


def test_an_engineer_answers_by_mail_at_an_address_of_their_own(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: Turn, send_due: Turn
) -> None:
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.developer), body="Well?", now=clock.now)
    handle_due()
    send_due()
    letter = to("zhao@vigil.example")
    own = letter["Reply-To"].partition("<")[2].strip(">")
    assert reply_address.read(own) == reply_address.Invited(ticket.pk, cast.engineer.pk)
    assert letter["List-Unsubscribe"] is None


def test_what_is_stored_holds_no_signed_address(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: Turn
) -> None:
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Look.", now=clock.now)
    handle_due()
    assert "reply+" not in str(list(Delivery.objects.values_list("payload", flat=True)))
