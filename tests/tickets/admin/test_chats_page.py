"""An engineer answers several chats at once."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Event
from accounts.viewer import Viewer
from tests import factories
from tests.portal.conftest import Clock
from tickets import chats, lifecycle
from tickets.chats import desk as desk_of_all
from tickets.chats import presence
from tickets.models import Attachment, Chat, Entry
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
FETCHED = {"HX-Request": "true"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: clock.now)
    return clock


@pytest.fixture
def desk(cast: SimpleNamespace, browser_of: Any, clock: Clock) -> Any:
    cache.clear()
    return browser_of(cast.engineer)


def order(page: str) -> list[str]:
    """The chats of the list from top to bottom."""
    return [part.partition('"')[0] for part in page.split('id="chat-STAR-')[1:]]


def test_the_list_is_by_time_left_with_what_is_unread(
    cast: SimpleNamespace, desk: Any, clock: Clock
) -> None:
    normal = factories.chat(cast.developer, body="A question.")
    factories.chat(cast.owner, body="All is dead.", severity=Severity.URGENT)
    important = factories.chat(cast.admin, body="Half is dead.", severity=Severity.IMPORTANT)
    chats.be_here(chat=normal, by=Viewer.of(cast.engineer), read=10**9, now=clock.now)
    page = desk.get("/admin/chats/live/").content.decode()
    assert order(page) == ["2", "3", "1"]
    assert page.count("chats-unread") == 2
    chats.end(chat=important, by=Viewer.of(cast.admin), solved=False, now=clock.now)
    assert order(desk.get("/admin/chats/live/").content.decode()) == ["2", "1"]


@pytest.mark.parametrize("closes", [False, True])
def test_a_solved_one_leaves_the_list_with_its_visitor(
    cast: SimpleNamespace, desk: Any, clock: Clock, closes: bool
) -> None:
    done, staff = factories.chat(cast.developer), Viewer.of(cast.engineer)
    factories.chat(cast.owner)
    lifecycle.reply(ticket=done.ticket, by=staff, body="Done.", now=clock.now)
    lifecycle.resolve(ticket=done.ticket, by=staff, now=clock.now)
    if closes:
        lifecycle.close(ticket=done.ticket, by=staff, now=clock.now)
    assert order(desk.get("/admin/chats/live/").content.decode()) == ["2", "1"]
    clock.forward(seconds=presence.LEFT_AFTER.total_seconds())
    page = desk.get("/admin/chats/").content.decode()
    assert order(page) == ["2"], "who is away and solved needs nobody"
    assert desk_of_all.unread(staff, clock.now).count() == 1
    chats.be_here(chat=done, by=Viewer.of(cast.developer), read=0, now=clock.now)
    assert order(desk.get("/admin/chats/live/").content.decode()) == ["2", "1"]


def test_up_to_three_stand_side_by_side(cast: SimpleNamespace, desk: Any) -> None:
    for number in range(4):
        factories.chat(cast.developer, body=f"Question {number}.")
    opened = "&".join(f"open=STAR-{number}" for number in (1, 2, 3, 4))
    page = desk.get(f"/admin/chats/?{opened}").content.decode()
    assert page.count("data-chat-form") == 3
    assert 'aria-label="STAR-1"' not in page


@pytest.mark.parametrize("wrong", ["NONE-1", "STAR-999", "STAR-", "-", "STAR-²", "x" * 999, "\x00"])
def test_what_is_no_chat_is_left_out(cast: SimpleNamespace, desk: Any, wrong: str) -> None:
    factories.chat(cast.developer)
    response = desk.get("/admin/chats/", {"open": [wrong, "STAR-1"]})
    assert response.status_code == 200
    assert response.content.decode().count("data-chat-form") == 1


def test_writing_answers_the_ticket_and_comes_back_to_the_same_chats(
    cast: SimpleNamespace, desk: Any
) -> None:
    factories.chat(cast.developer)
    factories.chat(cast.owner)
    data = {"body": "In /data.", "key": str(uuid.uuid4())}
    response = desk.post("/admin/chats/STAR-1/say/?open=STAR-1&open=STAR-2", data)
    assert response["Location"] == "/admin/chats/?open=STAR-1&open=STAR-2"
    entry = Entry.objects.get(body="In /data.")
    assert (entry.channel, entry.by_staff, entry.author) == ("chat", True, cast.engineer)
    assert Chat.objects.get(ticket=entry.ticket).engineers[0]["name"] == "Zhao Min"


def test_a_message_sent_twice_by_a_retry_is_written_once(cast: SimpleNamespace, desk: Any) -> None:
    factories.chat(cast.developer)
    data = {"body": "In /data.", "key": str(uuid.uuid4())}
    for _ in range(2):
        assert desk.post("/admin/chats/STAR-1/say/", data, headers=FETCHED).status_code == 200
    assert Entry.objects.filter(body="In /data.").count() == 1


def test_what_cannot_be_sent_comes_back_with_text_and_files(
    cast: SimpleNamespace, desk: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    factories.chat(cast.developer)
    log = SimpleUploadedFile("app.log", b"E/IMCore: 4303")
    address = "/admin/chats/STAR-1/say/?open=STAR-1"
    sent = {"body": "a\x00b", "key": str(uuid.uuid4()), "files": [log]}
    page = desk.post(address, sent)
    assert page.status_code == 422
    kept = Attachment.objects.get()
    assert f'value="{kept.pk}"' in page.content.decode()
    desk.post(address, {"body": "a b", "key": str(uuid.uuid4()), "kept": [str(kept.pk)]})
    assert Entry.objects.get(body="a b").attachments.get() == kept


@pytest.mark.parametrize("data", [{}, {"body": "x"}, {"body": "x", "key": "no"}, {"body": "\x00"}])
def test_bad_input_is_refused_with_a_reason(
    cast: SimpleNamespace, desk: Any, data: dict[str, str]
) -> None:
    factories.chat(cast.developer)
    answer = desk.post("/admin/chats/STAR-1/say/", data, headers=FETCHED)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert Entry.objects.count() == 1


def test_who_types_has_joined_and_the_visitor_is_told_who(
    cast: SimpleNamespace, desk: Any, browser_of: Any
) -> None:
    factories.chat(cast.developer)
    for _ in range(3):
        assert desk.post("/admin/chats/STAR-1/typing/").status_code == 204
    assert Event.objects.filter(verb="chat.joined").count() == 1
    page = browser_of(cast.developer).get("/chat/STAR-1/live/").content.decode()
    assert "Zhao Min is writing…" in page
    assert "Zhao Min joined the chat" in browser_of(cast.developer).get(
        "/tickets/STAR-1/"
    ).content.decode().replace("\n", " ")


@pytest.mark.parametrize(("solved", "state"), [("yes", "resolved"), ("no", "open")])
def test_ending_resolves_the_ticket_or_leaves_it_open_as_was_chosen(
    cast: SimpleNamespace, desk: Any, solved: str, state: str
) -> None:
    chat = factories.chat(cast.developer)
    desk.post("/admin/chats/STAR-1/say/", {"body": "Done.", "key": str(uuid.uuid4())})
    desk.post("/admin/chats/STAR-1/end/", {})
    chat.refresh_from_db()
    assert not chat.has_ended, "without a choice nothing happens"
    desk.post("/admin/chats/STAR-1/end/", {"solved": solved})
    chat.refresh_from_db()
    chat.ticket.refresh_from_db()
    assert (chat.has_ended, chat.ticket.state) == (True, state)


def test_unread_chats_are_counted_in_the_frame(cast: SimpleNamespace, desk: Any) -> None:
    assert "with unread messages" not in desk.get("/admin/queue/").content.decode()
    factories.chat(cast.developer)
    assert "with unread messages" in desk.get("/admin/queue/").content.decode()
