"""Live chat in two real browser windows: both ways at once, over breaks, and by mail in the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Event
from accounts.tenancy import DatabaseRole, acting_as
from portal.database import DatabaseUrls
from tests.browser.test_story import outbox
from tests.cast import make_cast
from tests.processes import Processes, processes, wait_until
from tickets.chats.presence import LEFT_AFTER
from tickets.models import Chat, Entry, Promise

pytestmark = pytest.mark.browser

QUESTION = "Where does the SDK keep its log?"
ANSWER = "In the app's data folder, one file a day."
WATCH = """() => {
  const look = () => {
    if (document.body.innerText.includes('one file a day')) window.arrivedAt ??= performance.now()
  }
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
}"""


@pytest.fixture
def cast(committed_database: DatabaseUrls) -> SimpleNamespace:
    with acting_as(DatabaseRole.ENGINE):
        return make_cast()


@pytest.fixture
def run(committed_database: DatabaseUrls, cast: SimpleNamespace) -> Iterator[Processes]:
    with processes(committed_database) as started:
        started.start("web", "live", "engine")
        yield started


class Windows:
    """One window for each person; none may have an error at the end."""

    def __init__(self, chromium: Browser, run: Processes) -> None:
        self.chromium, self.run = chromium, run
        self.problems: list[str] = []

    def of(self, person: object, path: str, **options: object) -> Page:
        context = self.chromium.new_context(locale="en-GB", **options)  # type: ignore[arg-type]
        context.add_cookies([self.run.cookie_of(person)])  # type: ignore[arg-type, list-item]
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(self.run.url + path)
        return page


@pytest.fixture
def windows(chromium: Browser, run: Processes) -> Iterator[Windows]:
    opened = Windows(chromium, run)
    yield opened
    assert opened.problems == []
    for context in list(chromium.contexts):
        context.close()


def field(page: Page) -> object:
    return page.locator("[data-chat-text]").last


def lines(page: Page) -> object:
    return page.locator(".chat-line-text")


def test_visitor_and_engineer_talk_at_the_same_time(
    windows: Windows, cast: SimpleNamespace, tmp_path: Path
) -> None:
    visitor = windows.of(cast.developer, "/")
    button = visitor.locator("[data-chat-open]")
    expect(button).to_contain_text("Zhao Min")
    expect(button).to_contain_text("An engineer answers within 8 hours, 24×7")
    button.click()
    expect(visitor.locator("#chat-first")).to_be_focused()
    visitor.locator("#chat-first").fill(QUESTION)
    visitor.locator("[data-chat-send]").click()
    expect(lines(visitor)).to_have_text([QUESTION])
    expect(field(visitor)).to_be_focused()

    # The engineer sees it come, opens it and types: the visitor sees who.
    desk = windows.of(cast.engineer, "/admin/chats/")
    expect(desk.locator("#chat-list .chats-unread")).to_contain_text("1")
    desk.locator("#chat-list [data-item]").click()
    expect(lines(desk)).to_have_text([QUESTION])
    expect(visitor.locator(".chat-seen")).to_be_visible()
    field(desk).press_sequentially("In the", delay=10)  # type: ignore[attr-defined]
    expect(visitor.locator("[data-chat-typing-line]")).to_have_text(
        re.compile("is writing…"), timeout=3000
    )

    # The answer is there within a second, is announced, and stops the clock.
    field(desk).fill(ANSWER)  # type: ignore[attr-defined]
    visitor.evaluate(WATCH)
    field(desk).press("Enter")  # type: ignore[attr-defined]
    sent = visitor.evaluate("performance.now()")
    expect(lines(visitor)).to_have_text([QUESTION, ANSWER])
    assert visitor.evaluate("window.arrivedAt") - sent < 1500
    expect(visitor.locator("#announcer")).to_have_text(f"Zhao Min: {ANSWER}")
    expect(visitor.locator("[data-chat-typing-line]")).to_have_text("")

    # A file goes back; on the desk it can be fetched.
    log = tmp_path / "app.log"
    log.write_text("E/IMCore: 4303")
    visitor.locator(".chat input[type=file]").set_input_files(str(log))
    field(visitor).fill("This one?")  # type: ignore[attr-defined]
    visitor.locator("[data-chat-send]").click()
    with desk.expect_download() as download:
        desk.get_by_role("link", name=re.compile("app.log")).click()
    assert Path(download.value.path()).read_text() == "E/IMCore: 4303"

    # Escape closes the panel and gives the focus back; what comes then is counted.
    visitor.keyboard.press("Escape")
    expect(visitor.locator("#chat-panel")).to_be_hidden()
    expect(button).to_be_focused()
    field(desk).fill("Yes, that one.")  # type: ignore[attr-defined]
    field(desk).press("Enter")  # type: ignore[attr-defined]
    expect(visitor.locator("[data-chat-count]")).to_have_text("1")

    # The visitor leaves: what was not seen goes out as one mail.
    visitor.close()
    with acting_as(DatabaseRole.ENGINE) as now:
        chat = Chat.objects.get()
        Chat.objects.update(visitor_seen_at=now - LEFT_AFTER)
    field(desk).fill("Anything else?")  # type: ignore[attr-defined]
    field(desk).press("Enter")  # type: ignore[attr-defined]
    mails = lambda: [  # noqa: E731  looked at again and again
        text
        for text in outbox(windows.run.folder)
        if "To: developer@starcast.example" in text and "Anything else?" in text
    ]
    wait_until(mails, "a mail with what was missed", seconds=20)
    assert len(mails()) == 1
    assert "Yes, that one." in mails()[0]
    assert ANSWER not in mails()[0], "what was seen is not sent again"
    with acting_as(DatabaseRole.ENGINE):
        assert Promise.objects.get(ticket=chat.ticket_id, kind="response").kept is True
        assert Event.objects.filter(verb="chat.joined").count() == 1


def test_a_break_loses_nothing_and_sends_nothing_twice(
    windows: Windows, cast: SimpleNamespace
) -> None:
    visitor = windows.of(cast.developer, "/chat/")
    visitor.locator("#chat-first").fill(QUESTION)
    visitor.locator("[data-chat-send]").click()
    expect(lines(visitor)).to_have_text([QUESTION])

    # Half a sentence survives a reload.
    field(visitor).fill("half a sentence")  # type: ignore[attr-defined]
    expect(visitor.locator("[data-draft-status]")).to_have_text("Draft is kept")
    visitor.reload()
    expect(field(visitor)).to_have_value("half a sentence")

    # The message arrives, its answer does not: it is sent again, and stored once.
    lost = []

    def lose_the_first_answer(route: object) -> None:
        if lost:
            route.continue_()  # type: ignore[attr-defined]
            return
        lost.append(route.fetch().status)  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    visitor.route("**/say/", lose_the_first_answer)
    field(visitor).fill("Once only.")  # type: ignore[attr-defined]
    visitor.locator("[data-chat-send]").click()
    expect(visitor.locator("[data-chat-errors]")).to_contain_text("Not sent yet")
    expect(field(visitor)).to_have_value("", timeout=10_000)
    assert lost == [200]
    expect(lines(visitor)).to_have_text([QUESTION, "Once only."])
    with acting_as(DatabaseRole.ENGINE):
        assert Entry.objects.filter(body="Once only.").count() == 1

    # The stream breaks; what was said meanwhile is there when it stands again.
    desk = windows.of(cast.engineer, "/admin/chats/?open=STAR-1")
    windows.run.kill("live")
    field(desk).fill(ANSWER)  # type: ignore[attr-defined]
    field(desk).press("Enter")  # type: ignore[attr-defined]
    expect(lines(desk)).to_have_count(3)
    windows.run.start("live")
    expect(lines(visitor)).to_have_text([QUESTION, "Once only.", ANSWER], timeout=20_000)


def test_without_a_script_it_is_a_plain_page(windows: Windows, cast: SimpleNamespace) -> None:
    visitor = windows.of(cast.developer, "/", java_script_enabled=False)
    visitor.locator("[data-chat-open]").click()
    visitor.wait_for_url("**/chat/")
    visitor.locator("#chat-first").fill(QUESTION)
    visitor.locator("[data-chat-send]").click()
    expect(lines(visitor)).to_have_text([QUESTION])
    visitor.locator("[data-chat-text]").fill("And on iOS?")
    visitor.locator("[data-chat-send]").click()
    expect(lines(visitor)).to_have_text([QUESTION, "And on iOS?"])
    visitor.get_by_role("button", name="End chat").click()
    expect(visitor.locator(".chat-status")).to_contain_text("the ticket goes on")
