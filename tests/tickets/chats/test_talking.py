"""A chat is a ticket from its first message; what is said there goes by the usual verbs."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Event
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import chats, lifecycle
from tickets.models import Chat, Entry, Promise, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db


def test_the_first_message_opens_a_ticket_with_its_promises(cast: SimpleNamespace) -> None:
    chat = factories.chat(cast.developer, body="Where is the log?\nI looked in /var.")
    assert (chat.ticket.channel, chat.ticket.subject) == ("chat", "Where is the log?")
    assert chat.ticket.severity == "normal"
    assert Promise.objects.get(ticket=chat.ticket, kind="response").state == "running"
    assert [event.verb for event in Event.objects.about(chat.ticket.event_subject)][:1] == [
        "ticket.opened"
    ]


def test_production_is_down_in_a_chat_rings_as_everywhere(cast: SimpleNamespace) -> None:
    chat = factories.chat(cast.developer, severity=Severity.URGENT)
    assert chat.ticket.severity == "urgent"
    from accounts.models import Deadline

    assert Deadline.objects.filter(kind="ladder.start", subject=chat.ticket.event_subject).exists()


def test_a_plan_without_chat_is_told_so(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="not part of your plan"):
        factories.chat(cast.stranger)
    assert not Ticket.objects.exists()


def test_a_first_message_sent_twice_opens_one_chat(cast: SimpleNamespace) -> None:
    key = uuid.uuid4()
    first = factories.chat(cast.developer, submission=key)
    assert factories.chat(cast.developer, submission=key) == first
    assert Ticket.objects.count() == Chat.objects.count() == 1


def test_a_message_sent_twice_is_written_once(cast: SimpleNamespace) -> None:
    chat, key = factories.chat(cast.developer), uuid.uuid4()
    by = Viewer.of(cast.developer)
    first = chats.say(chat=chat, by=by, body="Hello?", key=key, now=NOON)
    assert chats.say(chat=chat, by=by, body="Hello? ", key=key, now=NOON) == first
    assert Entry.objects.filter(body="Hello?").count() == 1


def test_another_text_with_an_old_key_is_not_dropped(cast: SimpleNamespace) -> None:
    chat, key = factories.chat(cast.developer), uuid.uuid4()
    by = Viewer.of(cast.developer)
    chats.say(chat=chat, by=by, body="Hello?", key=key, now=NOON)
    chats.say(chat=chat, by=by, body="Anybody?", key=key, now=NOON)
    assert Entry.objects.filter(body__in=["Hello?", "Anybody?"]).count() == 2


def test_only_an_engineer_writing_stops_the_clock(cast: SimpleNamespace) -> None:
    chat, staff = factories.chat(cast.developer), Viewer.of(cast.engineer)
    chats.join(chat=chat, by=staff, now=NOON)
    response = Promise.objects.filter(ticket=chat.ticket, kind="response")
    assert response.get().state == "running"
    entry = chats.say(chat=chat, by=staff, body="Hello.", key=uuid.uuid4(), now=NOON)
    assert response.get().state == "met"
    assert (entry.channel, entry.by_staff) == ("chat", True)


def test_joining_is_told_once_and_writing_joins(cast: SimpleNamespace) -> None:
    chat, staff = factories.chat(cast.developer), Viewer.of(cast.engineer)
    chats.join(chat=chat, by=staff, now=NOON)
    chats.join(chat=chat, by=staff, now=NOON)
    chats.say(chat=chat, by=Viewer.of(cast.second), body="Me too.", key=uuid.uuid4(), now=NOON)
    chat.refresh_from_db()
    assert [one["name"] for one in chat.engineers] == ["Zhao Min", "Li Wei"]
    assert Event.objects.filter(verb="chat.joined").count() == 1


def test_a_visitor_who_writes_takes_up_an_ended_chat(cast: SimpleNamespace) -> None:
    chat, staff = factories.chat(cast.developer), Viewer.of(cast.engineer)
    chats.say(chat=chat, by=staff, body="Solved?", key=uuid.uuid4(), now=NOON)
    chats.end(chat=chat, by=staff, solved=True, now=NOON)
    chat.refresh_from_db()
    chat.ticket.refresh_from_db()
    assert chat.has_ended
    assert chat.ticket.state == "resolved"
    chats.say(chat=chat, by=Viewer.of(cast.developer), body="No.", key=uuid.uuid4(), now=NOON)
    chat.refresh_from_db()
    chat.ticket.refresh_from_db()
    assert not chat.has_ended
    assert chat.ticket.state == "open"


def test_ending_a_chat_may_leave_the_ticket_open(cast: SimpleNamespace) -> None:
    chat, staff = factories.chat(cast.developer), Viewer.of(cast.engineer)
    chats.end(chat=chat, by=staff, solved=False, now=NOON)
    chats.end(chat=chat, by=staff, solved=False, now=NOON)
    chat.ticket.refresh_from_db()
    assert chat.ticket.state == "new"
    assert Event.objects.filter(verb="chat.ended").count() == 1


def test_nobody_resolves_a_chat_that_was_not_answered(cast: SimpleNamespace) -> None:
    chat = factories.chat(cast.developer)
    with pytest.raises(ValidationError, match="Answer the customer"):
        chats.end(chat=chat, by=Viewer.of(cast.engineer), solved=True, now=NOON)
    chat.refresh_from_db()
    assert not chat.has_ended


def test_a_visitor_who_has_the_answer_closes_the_ticket(cast: SimpleNamespace) -> None:
    chat = factories.chat(cast.developer)
    chats.end(chat=chat, by=Viewer.of(cast.developer), solved=True, now=NOON)
    chat.ticket.refresh_from_db()
    assert chat.ticket.state == "closed"


@pytest.mark.parametrize("who", ["owner", "stranger", "viewer", "former"])
def test_nobody_else_speaks_in_a_chat(cast: SimpleNamespace, who: str) -> None:
    chat, other = factories.chat(cast.developer), Viewer.of(getattr(cast, who))
    with pytest.raises(PermissionDenied):
        chats.say(chat=chat, by=other, body="Me.", key=uuid.uuid4(), now=NOON)
    with pytest.raises(PermissionDenied):
        chats.be_here(chat=chat, by=other, read=1, now=NOON)
    with pytest.raises(PermissionDenied):
        chats.type_in(chat=chat, by=other)
    with pytest.raises(PermissionDenied):
        chats.end(chat=chat, by=other, solved=False, now=NOON)
    with pytest.raises(PermissionDenied):
        chats.join(chat=chat, by=other, now=NOON)


def test_what_was_read_never_goes_back_and_never_beyond_what_there_is(
    cast: SimpleNamespace,
) -> None:
    chat, visitor = factories.chat(cast.developer), Viewer.of(cast.developer)
    entry = lifecycle.reply(
        ticket=chat.ticket, by=Viewer.of(cast.engineer), body="Hello.", now=NOON
    )
    chats.be_here(chat=chat, by=visitor, read=10**15, now=NOON)
    chats.be_here(chat=chat, by=visitor, read=0, now=NOON)
    chat.refresh_from_db()
    assert chat.visitor_read == entry.pk
