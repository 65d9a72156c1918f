"""A message sent twice, by a double click, a retry or a reload, is written once."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import tenancy
from accounts.models import Delivery, Event
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import attachments, chats, joining, lifecycle
from tickets.models import Attachment, Entry, Ticket
from tickets.models.ticket import State

pytestmark = pytest.mark.django_db

PORTAL = "/tickets/STAR-1/"
DESK = "/admin/ticket/STAR-1/"
# who, where it is sent, where it leads back to
FORMS = [
    ("developer", PORTAL + "reply/"),
    ("developer", PORTAL + "close/"),
    ("engineer", DESK + "reply/"),
    ("engineer", DESK + "note/"),
]


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancy, "database_now", lambda read: NOON)


@pytest.fixture
def ticket(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer)


def sent(**more: Any) -> dict[str, Any]:
    return {"body": "It is the token.", "submission": str(uuid.uuid4())} | more


def log(content: bytes, name: str = "sdk.log") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def written() -> list[str]:
    """What stands in the conversation after the opening."""
    return list(Entry.objects.order_by("pk").values_list("body", flat=True))[1:]


@pytest.mark.parametrize(("who", "address"), FORMS)
def test_the_same_message_twice_is_written_and_told_once(
    who: str, address: str, cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    browser, data = browser_of(getattr(cast, who)), sent()
    first = browser.post(address, data)
    events, deliveries = Event.objects.count(), Delivery.objects.count()
    second = browser.post(address, data)
    assert second.status_code == 302
    assert second["Location"] == first["Location"]
    assert written() == ["It is the token."]
    assert (Event.objects.count(), Delivery.objects.count()) == (events, deliveries)


@pytest.mark.parametrize(("who", "address"), [one for one in FORMS if "close" not in one[1]])
def test_another_text_under_the_same_key_is_another_message(
    who: str, address: str, cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    browser, data = browser_of(getattr(cast, who)), sent()
    browser.post(address, data)
    assert browser.post(address, data | {"body": "Or the clock."}).status_code == 302
    assert written() == ["It is the token.", "Or the clock."]


@pytest.mark.parametrize(("who", "address"), [one for one in FORMS if "close" not in one[1]])
def test_without_a_key_each_is_a_message(
    who: str, address: str, cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    browser = browser_of(getattr(cast, who))
    for _time in range(2):
        browser.post(address, {"body": "ok"})
    assert written() == ["ok", "ok"]


@pytest.mark.parametrize(("who", "page"), [("developer", PORTAL), ("engineer", DESK)])
def test_each_page_gives_its_forms_a_key_of_their_own(
    who: str, page: str, cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    browser, keys = browser_of(getattr(cast, who)), []
    for _time in range(2):
        html = browser.get(page).content.decode()
        keys += [
            uuid.UUID(rest.split('"')[0]) for rest in html.split('name="submission" value="')[1:]
        ]
    assert len(set(keys)) == len(keys) == (2 if who == "developer" else 4)


def test_the_same_files_again_are_the_same_message(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    browser, data = browser_of(cast.developer), sent()
    for _time in range(2):
        browser.post(PORTAL + "reply/", data | {"files": [log(b"a"), log(b"b")]})
    assert written() == ["It is the token."]
    assert Attachment.objects.exclude(entry=None).count() == 2


@pytest.mark.parametrize(("who", "address"), [one for one in FORMS if "close" not in one[1]])
def test_a_further_file_is_not_dropped(
    who: str, address: str, cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    browser, data = browser_of(getattr(cast, who)), sent()
    browser.post(address, data | {"files": [log(b"a")]})
    browser.post(address, data | {"files": [log(b"a"), log(b"forgotten")]})
    assert len(written()) == 2
    assert Attachment.objects.exclude(entry=None).count() == 3


def test_a_file_kept_from_before_that_went_along_is_no_further_one(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    by, key = Viewer.of(cast.engineer), uuid.uuid4()
    kept = attachments.keep(
        by=by, organization_id=ticket.organization_id, upload=log(b"a"), now=NOON
    )
    first, again = (
        lifecycle.reply(
            ticket=ticket, by=by, body="b", attachment_ids=[kept.pk], submission=key, now=NOON
        )
        for _time in range(2)
    )
    assert first == again


def test_a_new_ticket_sent_again_with_a_further_file_is_another(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(cast.developer)
    data = sent(subject="Token", severity="normal")
    for files in ([log(b"a")], [log(b"a")], [log(b"a"), log(b"forgotten")]):
        browser.post("/tickets/new/", data | {"files": files})
    assert Ticket.objects.count() == 2


def test_the_retry_of_a_reply_to_a_ticket_closed_since_is_no_refusal(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    data = sent()
    browser_of(cast.engineer).post(DESK + "reply/", data)
    lifecycle.close(ticket=ticket, by=Viewer.of(cast.developer), now=NOON)
    assert browser_of(cast.engineer).post(DESK + "reply/", data).status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == State.CLOSED


def test_a_reply_is_no_note_and_a_note_no_reply(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    browser, data = browser_of(cast.engineer), sent()
    browser.post(DESK + "note/", data)
    browser.post(DESK + "reply/", data)
    assert list(Entry.objects.order_by("pk").values_list("kind", flat=True))[1:] == [
        "note",
        "reply",
    ]


def test_the_same_words_in_another_ticket_are_said_there_too(
    cast: SimpleNamespace, ticket: Ticket, browser_of: Any
) -> None:
    other, data = factories.ticket(cast.developer), sent()
    for one in (ticket, other):
        browser_of(cast.developer).post(f"/tickets/{one.reference}/reply/", data)
    assert other.entries.filter(body=data["body"]).exists()


def test_a_retry_after_the_ticket_became_part_of_another_is_known(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    whole = factories.ticket(cast.developer)
    staff, key = Viewer.of(cast.engineer), uuid.uuid4()
    first = lifecycle.reply(ticket=ticket, by=staff, body="b", submission=key, now=NOON)
    joining.join(joined=ticket, kept=whole, by=staff, now=NOON)
    assert lifecycle.reply(ticket=ticket, by=staff, body="b", submission=key, now=NOON) == first


def test_somebody_elses_key_is_ones_own(cast: SimpleNamespace, ticket: Ticket) -> None:
    key = uuid.uuid4()
    for person in (cast.developer, cast.owner, cast.engineer):
        lifecycle.reply(ticket=ticket, by=Viewer.of(person), body="b", submission=key, now=NOON)
    assert written() == ["b"] * 3


def test_a_chat_message_repeated_after_the_end_does_not_take_the_chat_up(
    cast: SimpleNamespace,
) -> None:
    chat, key, by = factories.chat(cast.developer), uuid.uuid4(), Viewer.of(cast.developer)
    chats.say(chat=chat, by=by, body="Bye.", key=key, now=NOON)
    chats.end(chat=chat, by=by, solved=False, now=NOON)
    chats.say(chat=chat, by=by, body="Bye.", key=key, now=NOON)
    chat.refresh_from_db()
    assert chat.has_ended
