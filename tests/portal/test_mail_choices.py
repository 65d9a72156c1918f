"""Each person of a customer says which mails about tickets they get."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import mail_choices
from accounts.mail_choices import MailKind
from accounts.models import Delivery, User
from accounts.viewer import Viewer
from tests import factories
from tests.portal.conftest import Clock
from tickets import chats, lifecycle, ownership, severity
from tickets.chats.presence import LEFT_AFTER
from tickets.models import Chat, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
HandleDue = Callable[[], None]


@pytest.fixture
def ticket(cast: SimpleNamespace, clock: Clock, handle_due: HandleDue) -> Ticket:
    """A ticket the developer opened and the viewer follows; the mails so far are gone."""
    made = factories.ticket(cast.developer)
    ownership.follow(ticket=made, by=Viewer.of(cast.viewer), now=clock.now)
    handle_due()
    Delivery.objects.all().delete()
    return made


@pytest.fixture
def told(handle_due: HandleDue) -> Callable[[], list[str]]:
    """Which of the customer's people got a mail since the last look."""

    def look() -> list[str]:
        handle_due()
        rows = Delivery.objects.filter(kind="email", address__endswith="starcast.example")
        found = sorted(rows.values_list("address", flat=True))
        Delivery.objects.all().delete()
        return [address.partition("@")[0] for address in found]

    return look


Told = Callable[[], list[str]]


def only(person: User, *kinds: MailKind) -> None:
    mail_choices.choose(user=person, wanted=kinds)


def without(person: User, *kinds: MailKind) -> None:
    mail_choices.choose(user=person, wanted=set(MailKind) - set(kinds))


def unwanted(person: User) -> list[str]:
    return User.objects.get(pk=person.pk).unwanted_mails


def ticked(browser: Any) -> list[str]:
    shown = browser.get("/settings/mails/").content.decode()
    return re.findall(r'name="wanted" value="(\w+)"[^>]* checked', shown)


def answer(cast: SimpleNamespace, ticket: Ticket, clock: Clock) -> None:
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Look.", now=clock.now)


def test_a_member_chooses_on_a_page_of_their_own(cast: SimpleNamespace, browser_of: Any) -> None:
    browser = browser_of(cast.developer)
    at_first = ["own", "followed", "state", "chat", "release"]
    assert ticked(browser) == at_first, "all but promises at first"
    saved = browser.post("/settings/mails/choose/", {"wanted": ["own", "promise"]})
    assert saved["Location"] == "/settings/mails/"
    assert ticked(browser) == ["own", "promise"]
    assert sorted(unwanted(cast.developer)) == ["chat", "followed", "release", "state"]
    assert unwanted(cast.owner) == ["promise"], "a colleague's are not touched"


def test_all_may_be_switched_off_and_an_unknown_kind_changes_nothing(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(cast.developer)
    assert browser.post("/settings/mails/choose/", {"wanted": ["own", "x"]}).status_code == 422
    assert unwanted(cast.developer) == ["promise"]
    browser.post("/settings/mails/choose/", {})
    assert set(unwanted(cast.developer)) == set(MailKind.values)


def test_answers_in_tickets_one_opened_and_in_those_one_follows_are_two_choices(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, told: Told
) -> None:
    answer(cast, ticket, clock)
    assert told() == ["developer", "viewer"]
    without(cast.developer, MailKind.OWN)
    answer(cast, ticket, clock)
    assert told() == ["viewer"]
    without(cast.developer, MailKind.FOLLOWED)
    without(cast.viewer, MailKind.FOLLOWED)
    answer(cast, ticket, clock)
    assert told() == ["developer"]


def test_what_becomes_of_a_ticket_is_a_choice(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, told: Told
) -> None:
    without(cast.developer, MailKind.STATE)
    answer(cast, ticket, clock)
    assert told() == ["developer", "viewer"]
    severity.change(
        ticket=ticket,
        by=Viewer.of(cast.engineer),
        to=Severity.IMPORTANT,
        reason="Many are affected.",
        now=clock.now,
    )
    assert told() == ["viewer"]
    lifecycle.resolve(ticket=ticket, by=Viewer.of(cast.engineer), now=clock.now)
    assert told() == ["viewer"]


def test_that_a_ticket_arrived_is_always_confirmed(
    cast: SimpleNamespace, clock: Clock, told: Told
) -> None:
    only(cast.developer)
    factories.ticket(cast.developer)
    assert told() == ["developer"]


def test_engineers_are_told_whatever_they_would_choose(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    User.objects.update(unwanted_mails=MailKind.values)
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.developer), body="Still.", now=clock.now)
    handle_due()
    assert [one.address for one in Delivery.objects.all()] == ["zhao@vigil.example"]


def test_a_promise_in_danger_is_told_to_whoever_asked_once_before_and_once_after(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, told: Told
) -> None:
    only(cast.viewer, MailKind.PROMISE)
    promise = ticket.promises.get(kind="response")
    clock.now = promise.due_at - dt.timedelta(minutes=1)
    assert told() == ["viewer"]
    clock.now = promise.due_at + dt.timedelta(minutes=1)
    assert told() == ["viewer"]
    clock.forward(minutes=1)
    assert told() == []


def test_of_a_kept_promise_nothing_is_told(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, told: Told
) -> None:
    only(cast.viewer, MailKind.PROMISE)
    promise = ticket.promises.get(kind="response")
    answer(cast, ticket, clock)
    assert told() == ["developer"]
    clock.now = promise.due_at + dt.timedelta(minutes=1)
    assert told() == []


def test_a_mail_about_a_promise_waits_for_no_ladder_and_no_ladder_for_it(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue, told: Told
) -> None:
    """It is put down in the lane of chores, also when the promise rings."""
    only(cast.developer, MailKind.PROMISE)
    urgent = factories.ticket(cast.developer, severity=Severity.URGENT)
    handle_due()
    Delivery.objects.all().delete()
    clock.now = urgent.promises.get(kind="response").due_at + dt.timedelta(seconds=1)
    assert "developer" in told()


def test_what_was_missed_in_a_chat_is_a_choice(
    cast: SimpleNamespace, clock: Clock, told: Told
) -> None:
    chat = chats.start(
        by=Viewer.of(cast.developer),
        organization=cast.star,
        body="Where is the log?",
        severity=Severity.NORMAL,
        product=None,
        source=Chat.Source.PORTAL,
        came_from="",
        now=clock.now,
    )
    told()
    missed = {"chat": chat, "by": Viewer.of(cast.engineer)}
    chats.say(**missed, body="There.", key=factories.fresh_key(), now=clock.now)
    clock.now += LEFT_AFTER * 2
    assert told() == ["developer"]
    without(cast.developer, MailKind.CHAT)
    chats.be_here(chat=chat, by=Viewer.of(cast.developer), read=0, now=clock.now)
    chats.say(**missed, body="Here.", key=factories.fresh_key(), now=clock.now)
    clock.now += LEFT_AFTER * 2
    assert told() == []
    chats.say(**missed, body="Gone?", key=factories.fresh_key(), now=clock.now)
    assert told() == [], "an answer while the chat goes on is one in the chat"
    chats.end(chat=chat, by=Viewer.of(cast.engineer), solved=False, now=clock.now)
    answer(cast, chat.ticket, clock)
    assert told() == ["developer"], "when it has ended, the ticket's"


def test_each_mail_says_where_to_choose(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    answer(cast, ticket, clock)
    handle_due()
    mail = Delivery.objects.get(address="developer@starcast.example").payload
    assert "/settings/mails/" in mail["text"]
    assert "/settings/mails/" in mail["html"]
    staff = factories.ticket(cast.developer)
    handle_due()
    for mail in Delivery.objects.filter(address="zhao@vigil.example", subject=staff.event_subject):
        assert "/settings/mails/" not in mail.payload["text"]
