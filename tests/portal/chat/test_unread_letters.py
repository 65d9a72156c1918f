"""Replies in a chat go by mail to whoever is not there, and only to them, once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from accounts.models import Deadline, Delivery
from accounts.viewer import Viewer
from tests import factories
from tests.portal.conftest import Clock
from tickets import chats, joining, ownership
from tickets.chats import presence
from tickets.models import Chat

pytestmark = pytest.mark.django_db
HandleDue = Callable[[], None]
AWAY = presence.LEFT_AFTER.total_seconds()


@pytest.fixture
def chat(cast: SimpleNamespace, clock: Clock, handle_due: HandleDue) -> Chat:
    """The developer's chat, Zhao Min in it; the mails about its opening are gone."""
    made = factories.chat(cast.developer)
    chats.join(chat=made, by=Viewer.of(cast.engineer), now=clock.now)
    handle_due()
    Delivery.objects.all().delete()
    return made


def say(chat: Chat, person: object, body: str, clock: Clock) -> int:
    return chats.say(chat=chat, by=Viewer.of(person), body=body, key=uuid.uuid4(), now=clock.now).pk


def told(handle_due: HandleDue) -> list[str]:
    handle_due()
    assert list(Deadline.objects.exclude(last_error="").values_list("last_error")) == []
    return sorted(Delivery.objects.filter(kind="email").values_list("address", flat=True))


def test_whoever_leaves_gets_what_they_missed_in_one_mail_once(
    cast: SimpleNamespace, chat: Chat, clock: Clock, handle_due: HandleDue
) -> None:
    say(chat, cast.engineer, "It is in /data.", clock)
    clock.forward(seconds=30)
    say(chat, cast.engineer, "On <iOS> in Library.", clock)
    assert told(handle_due) == []
    clock.forward(seconds=AWAY - 31)
    assert told(handle_due) == []
    clock.forward(seconds=1)
    assert told(handle_due) == ["developer@starcast.example"]
    mail = Delivery.objects.get(kind="email").payload
    assert "It is in /data." in mail["text"]
    assert "On <iOS> in Library." in mail["text"]
    assert "On &lt;iOS&gt; in Library." in mail["html"]
    clock.forward(hours=2)
    assert told(handle_due) == ["developer@starcast.example"]


def test_while_the_page_speaks_nothing_is_mailed(
    cast: SimpleNamespace, chat: Chat, clock: Clock, handle_due: HandleDue
) -> None:
    say(chat, cast.engineer, "One moment.", clock)
    visitor = Viewer.of(cast.developer)
    for _ in range(30):
        clock.forward(seconds=presence.BEAT_SECONDS)
        chats.be_here(chat=chat, by=visitor, read=0, now=clock.now)
        assert told(handle_due) == []
    clock.forward(seconds=AWAY)
    assert told(handle_due) == ["developer@starcast.example"]


def test_what_was_seen_is_not_mailed(
    cast: SimpleNamespace, chat: Chat, clock: Clock, handle_due: HandleDue
) -> None:
    entry = say(chat, cast.engineer, "It is in /data.", clock)
    chats.be_here(chat=chat, by=Viewer.of(cast.developer), read=entry, now=clock.now)
    clock.forward(hours=1)
    assert told(handle_due) == []


def test_whoever_is_gone_already_gets_the_usual_mail_at_once(
    cast: SimpleNamespace, chat: Chat, clock: Clock, handle_due: HandleDue
) -> None:
    clock.forward(seconds=AWAY)
    say(chat, cast.engineer, "It is in /data.", clock)
    assert told(handle_due) == ["developer@starcast.example"]
    assert "Zhao Min replied" in Delivery.objects.get(kind="email").payload["text"]
    clock.forward(hours=1)
    assert told(handle_due) == ["developer@starcast.example"]


def test_colleagues_who_follow_are_told_as_ever(
    cast: SimpleNamespace, chat: Chat, clock: Clock, handle_due: HandleDue
) -> None:
    ownership.follow(ticket=chat.ticket, by=Viewer.of(cast.viewer), now=clock.now)
    say(chat, cast.engineer, "It is in /data.", clock)
    assert told(handle_due) == ["viewer@starcast.example"]


def test_an_engineer_who_is_there_is_not_mailed_each_line(
    cast: SimpleNamespace, chat: Chat, clock: Clock, handle_due: HandleDue
) -> None:
    say(chat, cast.engineer, "Hello.", clock)
    clock.forward(seconds=10)
    chats.be_here(chat=chat, by=Viewer.of(cast.developer), read=10**9, now=clock.now)
    say(chat, cast.developer, "First.", clock)
    say(chat, cast.developer, "Second.", clock)
    assert told(handle_due) == []
    clock.forward(seconds=AWAY)
    assert told(handle_due) == ["zhao@vigil.example"]
    text = Delivery.objects.get(kind="email").payload["text"]
    assert "First." in text
    assert "Second." in text


def test_several_lines_to_somebody_gone_are_one_mail(
    cast: SimpleNamespace, chat: Chat, clock: Clock, handle_due: HandleDue
) -> None:
    clock.forward(seconds=AWAY)
    for number in range(3):
        say(chat, cast.engineer, f"Line {number}.", clock)
    assert told(handle_due) == ["developer@starcast.example"]
    text = Delivery.objects.get(kind="email").payload["text"]
    assert all(f"Line {number}." in text for number in range(3))


def test_a_member_who_left_the_customer_hears_nothing_more(
    cast: SimpleNamespace, chat: Chat, clock: Clock, handle_due: HandleDue
) -> None:
    say(chat, cast.engineer, "It is in /data.", clock)
    cast.developer.membership_set.all().delete()
    clock.forward(hours=1)
    assert told(handle_due) == []


@pytest.mark.parametrize("speaker", ["engineer", "developer"])
def test_what_was_missed_is_sent_after_the_ticket_became_part_of_another(
    cast: SimpleNamespace, chat: Chat, clock: Clock, handle_due: HandleDue, speaker: str
) -> None:
    kept = factories.ticket(cast.owner)
    told(handle_due)
    Delivery.objects.all().delete()
    say(chat, getattr(cast, speaker), "It is in /data.", clock)
    assert told(handle_due) == []
    joining.join(kept=kept, joined=chat.ticket, by=Viewer.of(cast.engineer), now=clock.now)
    told(handle_due)
    Delivery.objects.all().delete()
    clock.forward(seconds=AWAY)
    told(handle_due)

    texts = [one.payload["text"] for one in Delivery.objects.filter(kind="email")]
    assert sum("It is in /data." in text for text in texts) == 1


def test_a_reply_is_told_though_its_ticket_became_part_of_another_first(
    cast: SimpleNamespace, chat: Chat, clock: Clock, handle_due: HandleDue
) -> None:
    kept = factories.ticket(cast.owner)
    told(handle_due)
    Delivery.objects.all().delete()
    say(chat, cast.engineer, "It is in /data.", clock)
    joining.join(kept=kept, joined=chat.ticket, by=Viewer.of(cast.engineer), now=clock.now)
    told(handle_due)
    clock.forward(seconds=AWAY)
    told(handle_due)

    mails = Delivery.objects.filter(kind="email", address=cast.developer.email)
    assert any("It is in /data." in one.payload["text"] for one in mails)


def test_an_opening_that_came_by_joining_is_missed_like_a_reply(
    cast: SimpleNamespace, chat: Chat, clock: Clock, handle_due: HandleDue
) -> None:
    say(chat, cast.developer, "It is in /data.", clock)
    assert told(handle_due) == []
    other = factories.ticket(cast.owner)
    joining.join(kept=chat.ticket, joined=other, by=Viewer.of(cast.engineer), now=clock.now)
    clock.forward(seconds=AWAY)

    assert "zhao@vigil.example" in told(handle_due)
