"""The visitor's side of a chat, through HTTP."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Event
from accounts.viewer import Viewer
from portal.views.chat import box
from tests import factories
from tests.portal.conftest import Clock
from tests.portal.queries import queries_of
from tickets import chats, joining, lifecycle
from tickets.chats import hints
from tickets.models import Chat, Entry, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db

FETCHED = {"HX-Request": "true"}
XSS = "<img src=x onerror=alert(1)> javascript:alert(2) <script>alert(3)</script>"


@pytest.fixture(autouse=True)
def _no_limits_from_before(clock: Clock) -> None:
    cache.clear()


def test_a_plan_without_chat_is_told_so_and_led_to_a_ticket(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    page = browser_of(cast.stranger).get("/chat/").content.decode()
    assert "Live chat is not part of your plan Standard." in page
    assert 'href="/tickets/new/"' in page
    assert "data-chat-start" not in page


def test_the_button_is_on_the_pages_of_plans_with_chat_only(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    assert b"data-chat-box" in browser_of(cast.developer).get("/").content
    assert b"data-chat-box" not in browser_of(cast.stranger).get("/").content


def test_the_form_says_who_is_on_duty_and_what_is_promised(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    reader = browser_of(cast.developer)
    reader.get("/chat/box/")
    assert len(queries_of(reader, "/chat/box/")) <= 12
    page = reader.get("/chat/box/").content.decode()
    assert "<strong>Zhao Min</strong> on duty now." in page
    assert "An engineer answers within 8 hours, 24×7" in page
    assert "An engineer answers within 15 minutes, 24×7" in page
    assert "chat-duty-here" in page


def test_nobody_on_duty_is_said_and_not_in_the_colour_of_what_is_well(
    cast: SimpleNamespace, browser_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(box, "_on_duty", lambda now: [])
    page = browser_of(cast.developer).get("/chat/box/").content.decode()
    assert "Nobody is on the roster at this hour" in page
    assert "chat-duty-here" not in page


def test_without_a_script_a_message_opens_a_ticket_and_leads_back_to_the_chat(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    visitor = browser_of(cast.developer)
    first = {"body": "All rooms are dead.", "severity": "urgent", "page": "/tickets/"}
    response = visitor.post("/chat/start/", first)
    assert (response.status_code, response["Location"]) == (302, "/chat/")
    chat = Chat.objects.select_related("ticket").get()
    assert (chat.ticket.severity, chat.ticket.channel) == ("urgent", "chat")
    assert (chat.source, chat.came_from) == ("portal", "/tickets/")
    assert "All rooms are dead." in visitor.get("/chat/").content.decode()


def test_a_message_sent_twice_by_a_retry_is_written_once(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    data = {"body": "Hello?", "key": str(uuid.uuid4())}
    for _ in range(2):
        response = visitor.post(f"/chat/{chat.ticket}/say/", data, headers=FETCHED)
        assert response.status_code == 200
    assert response.content.decode().count("chat-line-text") == 2
    assert Entry.objects.filter(body="Hello?").count() == 1


def test_files_go_along(
    cast: SimpleNamespace, browser_of: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    log = SimpleUploadedFile("app.log", b"E/IMCore: 4303")
    data = {"body": "The log.", "key": str(uuid.uuid4()), "files": [log]}
    answer = visitor.post(f"/chat/{chat.ticket}/say/", data, headers=FETCHED).content.decode()
    assert "app.log" in answer
    assert Entry.objects.get(body="The log.").attachments.get().name == "app.log"


@pytest.mark.parametrize("data", [{"body": " "}, {"body": "a\x00b"}, {"body": "x" * 50_001}])
def test_what_cannot_be_sent_comes_back_with_the_reason(
    cast: SimpleNamespace, browser_of: Any, data: dict[str, str]
) -> None:
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    data |= {"key": str(uuid.uuid4())}
    page = visitor.post(f"/chat/{chat.ticket}/say/", data)
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    fetched = visitor.post(f"/chat/{chat.ticket}/say/", data, headers=FETCHED)
    assert fetched.status_code == 422
    assert len(fetched.json()["errors"]) == 1
    assert Entry.objects.count() == 1


def test_a_message_is_text_and_never_markup(cast: SimpleNamespace, browser_of: Any) -> None:
    chat = factories.chat(cast.developer, body=f"{XSS} https://docs.example.com/?a=1&b='\"><b>")
    page = browser_of(cast.developer).get(f"/chat/{chat.ticket}/live/").content.decode()
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    assert "<b>" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_internal_notes_are_in_no_chat(cast: SimpleNamespace, browser_of: Any) -> None:
    chat = factories.chat(cast.developer)
    staff = Viewer.of(cast.engineer)
    lifecycle.add_note(ticket=chat.ticket, by=staff, body="canary-7f3a", now=chat.opened_at)
    visitor = browser_of(cast.developer)
    for path in ("/chat/", "/chat/box/", f"/chat/{chat.ticket}/live/"):
        assert "canary-7f3a" not in visitor.get(path).content.decode()


def test_seen_is_shown_once_the_other_side_has_shown_it(
    cast: SimpleNamespace, browser_of: Any, clock: Clock
) -> None:
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    address = f"/chat/{chat.ticket}/live/"
    assert "chat-seen" not in visitor.get(address).content.decode()
    chats.be_here(chat=chat, by=Viewer.of(cast.engineer), read=10**9, now=clock.now)
    page = visitor.get(address).content.decode()
    assert "chat-seen" in page


def test_who_is_here_is_forgotten_a_minute_after_their_page_last_spoke(
    cast: SimpleNamespace, browser_of: Any, clock: Clock
) -> None:
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    chats.join(chat=chat, by=Viewer.of(cast.engineer), now=clock.now)
    clock.forward(seconds=59)
    assert "is here" in visitor.get(f"/chat/{chat.ticket}/live/").content.decode()
    clock.forward(seconds=2)
    assert "not here right now" in visitor.get(f"/chat/{chat.ticket}/live/").content.decode()


def test_typing_is_told_at_most_every_two_seconds_and_written_nowhere(
    cast: SimpleNamespace, browser_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    told: list[int] = []
    monkeypatch.setattr(hints, "types", lambda ticket, person: told.append(person))
    before = Event.objects.count()
    for _ in range(5):
        assert visitor.post(f"/chat/{chat.ticket}/typing/").status_code == 204
    assert told == [cast.developer.pk]
    assert Event.objects.count() == before


def test_nobody_writes_faster_than_people_do(cast: SimpleNamespace, browser_of: Any) -> None:
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    answers = [
        visitor.post(
            f"/chat/{chat.ticket}/say/",
            {"body": f"{number}", "key": str(uuid.uuid4())},
            headers=FETCHED,
        ).status_code
        for number in range(31)
    ]
    assert answers == [200] * 30 + [429]


def test_the_chat_of_a_colleague_is_not_ones_own(cast: SimpleNamespace, browser_of: Any) -> None:
    chat, owner = factories.chat(cast.developer), browser_of(cast.owner)
    for name in ("say", "here", "typing", "end"):
        assert owner.post(f"/chat/{chat.ticket}/{name}/").status_code == 404
    assert owner.get(f"/chat/{chat.ticket}/live/").status_code == 404
    assert "Where is the log?" not in owner.get("/chat/box/").content.decode()


def test_ending_says_whether_it_is_solved(cast: SimpleNamespace, browser_of: Any) -> None:
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    visitor.post(f"/chat/{chat.ticket}/end/", {"solved": "yes"})
    assert Ticket.objects.get().state == "closed"
    assert "New chat" in visitor.get("/chat/").content.decode()
    assert "data-chat-start" in visitor.get("/chat/?new=1").content.decode()


def finish(cast: SimpleNamespace, ticket: Ticket, clock: Clock, *, closes: bool) -> None:
    """An engineer answers and resolves on the ticket's page, and perhaps closes."""
    staff = Viewer.of(cast.engineer)
    lifecycle.reply(ticket=ticket, by=staff, body="Done.", now=clock.now)
    lifecycle.resolve(ticket=ticket, by=staff, now=clock.now)
    if closes:
        lifecycle.close(ticket=ticket, by=staff, now=clock.now)


def test_a_ticket_that_was_closed_has_no_chat_to_go_on_with(
    cast: SimpleNamespace, browser_of: Any, clock: Clock
) -> None:
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    finish(cast, chat.ticket, clock, closes=True)
    page = visitor.get("/chat/").content.decode()
    assert "The chat has ended." in page
    assert "New chat" in page
    assert "End chat" not in page
    assert "data-chat-start" in visitor.get("/chat/?new=1").content.decode()
    clock.forward(hours=1, seconds=1)
    assert "data-chat-start" in visitor.get("/chat/").content.decode()
    lifecycle.reopen(ticket=chat.ticket, by=Viewer.of(cast.developer), now=clock.now)
    assert "data-chat-form" in visitor.get("/chat/").content.decode(), "it goes on"


def test_beside_a_solved_one_another_can_be_begun(
    cast: SimpleNamespace, browser_of: Any, clock: Clock
) -> None:
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    assert "data-chat-start" not in visitor.get("/chat/?new=1").content.decode()
    finish(cast, chat.ticket, clock, closes=False)
    assert "data-chat-form" in visitor.get("/chat/").content.decode()
    assert "data-chat-start" in visitor.get("/chat/?new=1").content.decode()


def test_who_answered_on_the_tickets_page_is_named_and_not_waited_for(
    cast: SimpleNamespace, browser_of: Any, clock: Clock
) -> None:
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    assert "Waiting for an engineer" in visitor.get("/chat/").content.decode()
    staff = Viewer.of(cast.engineer)
    lifecycle.reply(ticket=chat.ticket, by=staff, body="In /data.", now=clock.now)
    page = visitor.get("/chat/").content.decode()
    assert "Waiting for an engineer" not in page
    assert "<strong>Zhao Min</strong>" in page


def test_nobody_is_waited_for_where_nothing_can_be_written(
    cast: SimpleNamespace, browser_of: Any, clock: Clock
) -> None:
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    lifecycle.close(ticket=chat.ticket, by=Viewer.of(cast.developer), now=clock.now)
    assert "Waiting for an engineer" not in visitor.get("/chat/").content.decode()


def test_a_chat_goes_on_in_the_ticket_its_own_became_part_of(
    cast: SimpleNamespace, browser_of: Any, clock: Clock
) -> None:
    by_mail = factories.ticket(cast.developer, subject="The same", body="By mail.")
    chat, visitor = factories.chat(cast.developer), browser_of(cast.developer)
    former = str(chat.ticket)
    staff = Viewer.of(cast.engineer)
    joining.join(kept=by_mail, joined=chat.ticket, by=staff, now=clock.now)
    data = {"body": "Still there?", "key": str(uuid.uuid4())}
    answer = visitor.post(f"/chat/{former}/say/", data, headers=FETCHED).content.decode()
    assert "By mail." in answer
    assert f'data-live-ticket="{by_mail.pk}"' in answer
    assert Entry.objects.get(body="Still there?").ticket == by_mail
    joining.split(ticket=chat.ticket, by=staff, now=clock.now)
    chat.refresh_from_db()
    assert (str(chat.ticket), chat.origin) == (former, None)


def test_an_urgent_chat_promises_as_everywhere(cast: SimpleNamespace, browser_of: Any) -> None:
    chat = factories.chat(cast.developer, severity=Severity.URGENT)
    page = browser_of(cast.developer).get(f"/chat/{chat.ticket}/live/").content.decode()
    assert "First answer by an engineer" in page
    assert "data-countdown" in page
