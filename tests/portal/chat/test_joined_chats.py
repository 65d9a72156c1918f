"""A chat whose ticket was joined by mistake: nobody loses what was said in it meanwhile."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from accounts.models import Delivery
from accounts.viewer import Viewer
from tests import factories
from tests.portal.chat.test_unread_letters import AWAY, say, told
from tests.portal.chat.test_unread_letters import chat as chat  # the fixture
from tests.portal.conftest import Clock
from tickets import chats, joining, lifecycle, promises
from tickets.models import Chat, Ticket
from tickets.models.ticket import State
from tickets.presentation.chat_lines import conversation

pytestmark = pytest.mark.django_db
HandleDue = Callable[[], None]


@pytest.fixture
def other(cast: SimpleNamespace, clock: Clock, handle_due: HandleDue) -> Ticket:
    made = factories.ticket(cast.owner, now=clock.now)
    handle_due()
    Delivery.objects.all().delete()
    return made


@pytest.fixture
def joined(cast: SimpleNamespace, chat: Chat, other: Ticket, clock: Clock) -> Chat:
    staff = Viewer.of(cast.engineer)
    joining.join(kept=other, joined=chat.ticket, by=staff, now=clock.now)
    chat.refresh_from_db()
    return chat


def split(cast: SimpleNamespace, chat: Chat, clock: Clock) -> Ticket:
    clock.forward(seconds=20)
    ticket = chat.origin
    assert ticket is not None
    ticket.refresh_from_db()
    joining.split(ticket=ticket, by=Viewer.of(cast.engineer), now=clock.now)
    chat.refresh_from_db()
    return chat.ticket


def lines(chat: Chat, person: object, now: dt.datetime) -> list[str]:
    return [line.body for line in conversation(chat, Viewer.of(person), now).lines]


def test_what_was_said_in_the_chat_goes_back_with_it(
    cast: SimpleNamespace, joined: Chat, other: Ticket, clock: Clock
) -> None:
    clock.forward(seconds=5)
    say(joined, cast.developer, "Are you there?", clock)
    say(joined, cast.engineer, "It is in /data.", clock)
    split(cast, joined, clock)
    assert lines(joined, cast.developer, clock.now)[1:] == ["Are you there?", "It is in /data."]
    assert other.entries.count() == 1


def test_who_was_away_gets_the_answer_by_mail_after_a_split(
    cast: SimpleNamespace, joined: Chat, clock: Clock, handle_due: HandleDue
) -> None:
    handle_due()
    Delivery.objects.all().delete()
    clock.forward(seconds=5)
    say(joined, cast.engineer, "It is in /data.", clock)
    told(handle_due)
    split(cast, joined, clock)
    handle_due()
    Delivery.objects.all().delete()
    clock.forward(seconds=AWAY)
    assert told(handle_due) == ["developer@starcast.example"]
    assert "It is in /data." in Delivery.objects.get(kind="email").payload["text"]


def test_what_was_written_in_the_other_ticket_and_held_back_goes_out_too(
    cast: SimpleNamespace, joined: Chat, other: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    clock.forward(seconds=5)
    staff = Viewer.of(cast.engineer)
    lifecycle.reply(ticket=other, by=staff, body="Look in /logs.", now=clock.now)
    handle_due()
    Delivery.objects.all().delete()
    split(cast, joined, clock)
    handle_due()
    Delivery.objects.all().delete()
    clock.forward(seconds=AWAY)
    assert told(handle_due) == ["developer@starcast.example"]
    assert "Look in /logs." in Delivery.objects.get(kind="email").payload["text"]
    assert [entry.body for entry in other.entries.all()][-1] == "Look in /logs."


def test_an_answer_in_the_chat_is_no_answer_to_the_other_ticket(
    cast: SimpleNamespace, joined: Chat, other: Ticket, clock: Clock
) -> None:
    clock.forward(seconds=5)
    say(joined, cast.engineer, "It is in /data.", clock)
    ticket = split(cast, joined, clock)
    assert not promises.owes_answer(ticket)
    assert promises.owes_answer(other)


def test_a_solved_chat_somebody_wrote_in_meanwhile_is_open_again(
    cast: SimpleNamespace, chat: Chat, other: Ticket, clock: Clock
) -> None:
    staff = Viewer.of(cast.engineer)
    say(chat, cast.engineer, "Done.", clock)
    lifecycle.resolve(ticket=chat.ticket, by=staff, now=clock.now)
    clock.forward(seconds=5)
    joining.join(kept=other, joined=chat.ticket, by=staff, now=clock.now)
    chat.refresh_from_db()
    clock.forward(seconds=5)
    say(chat, cast.developer, "It is back.", clock)
    ticket = split(cast, chat, clock)
    assert ticket.state == State.OPEN
    assert promises.owes_answer(ticket)
    assert lines(chat, cast.engineer, clock.now)[-1] == "It is back."


def test_a_question_answered_in_the_chat_is_waited_for_no_more(
    cast: SimpleNamespace, chat: Chat, other: Ticket, clock: Clock
) -> None:
    staff = Viewer.of(cast.engineer)
    lifecycle.reply(
        ticket=chat.ticket, by=staff, body="Which version?", ask_customer=True, now=clock.now
    )
    clock.forward(seconds=5)
    joining.join(kept=other, joined=chat.ticket, by=staff, now=clock.now)
    chat.refresh_from_db()
    clock.forward(seconds=5)
    say(chat, cast.developer, "4.2.", clock)
    assert split(cast, chat, clock).state == State.OPEN


def test_sent_again_after_a_split_it_is_still_written_once(
    cast: SimpleNamespace, joined: Chat, clock: Clock
) -> None:
    key = uuid.uuid4()
    clock.forward(seconds=5)
    by = Viewer.of(cast.developer)
    first = chats.say(chat=joined, by=by, body="Hello?", key=key, now=clock.now)
    split(cast, joined, clock)
    again = chats.say(chat=joined, by=by, body="Hello?", key=key, now=clock.now)
    assert again == first
