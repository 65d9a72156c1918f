"""The chat widget on a page of another origin, in a real browser."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FrameLocator, Page, expect

from accounts.models import Membership
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from tests import factories
from tests.cast import make_cast
from tests.processes import Processes, processes
from tests.widget_signer import signed
from tickets import chats
from tickets.models import Chat

pytestmark = pytest.mark.browser

QUESTION = "The example on this page does not compile."
PAGE = """<!DOCTYPE html><html lang="{language}"><title>Docs</title><h1>Docs of StarCast</h1>
<script src="{home}/widget.js" data-organization="STAR" data-identity-url="/vigil-identity" async>
</script>"""


class Host:
    """A customer's documentation: pages with the widget, and a backend that signs."""

    def __init__(self) -> None:
        self.home = self.secret = ""
        self.language = "en"
        self.email: str | None = None
        self.signed = 0
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.answer(self)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # Another site than ours by name, so that it is one for cookies, too.
        self.origin = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        kind, body = "text/html", PAGE.format(home=self.home, language=self.language)
        if request.path == "/vigil-identity":
            kind, body = "application/json", json.dumps({"token": self._token()})
        request.send_response(200)
        request.send_header("Content-Type", kind)
        # As strict as a customer may be: our script and our frame, and no inline style.
        ours = f"script-src {self.home}; frame-src {self.home}"
        policy = f"default-src 'none'; {ours}; connect-src 'self'"
        request.send_header("Content-Security-Policy", policy)
        request.end_headers()
        request.wfile.write(body.encode())

    def _token(self) -> str | None:
        if self.email is None:
            return None
        self.signed += 1
        return signed(self.secret, email=self.email, now=timezone.now())


@pytest.fixture
def cast(committed_database: DatabaseUrls) -> SimpleNamespace:
    with acting_as(DatabaseRole.ENGINE):
        return make_cast()


@pytest.fixture
def host(cast: SimpleNamespace) -> Iterator[Host]:
    made = Host()
    with acting_as(DatabaseRole.ENGINE) as now:
        made.secret = factories.widget_secret(cast.owner, now)
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def run(committed_database: DatabaseUrls, host: Host) -> Iterator[Processes]:
    with processes(committed_database, VIGIL_WIDGET_ORIGINS=host.origin) as started:
        started.start("web", "live")
        host.home = started.url
        yield started


@pytest.fixture
def page(chromium: Browser, run: Processes) -> Iterator[Page]:
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(15_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    assert problems == []
    assert context.cookies() == [], "neither the page nor the frame keeps a cookie"
    context.close()


def frame_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe:is([title='Support chat'], [title='在线客服'])")


def open_panel(page: Page) -> FrameLocator:
    frame = frame_of(page)
    frame.locator("[data-chat-open]").click()
    expect(frame.locator("#chat-panel")).to_be_visible()
    return frame


def test_a_member_chats_from_the_page_of_another_origin(
    page: Page, host: Host, run: Processes, cast: SimpleNamespace
) -> None:
    host.email = "developer@starcast.example"
    page.goto(f"{host.origin}/guide")
    frame = open_panel(page)
    box = page.locator("iframe").bounding_box()
    assert box is not None
    assert box["width"] == 400
    frame.locator("#chat-first").fill(QUESTION)
    frame.locator("[data-chat-send]").click()
    expect(frame.locator(".chat-line-text")).to_have_text([QUESTION])
    with acting_as(DatabaseRole.ENGINE) as now:
        chat = Chat.objects.get()
        assert (chat.source, chat.visitor) == ("widget", cast.developer)
        assert chat.came_from == f"{host.origin}/guide"
        chats.join(chat=chat, by=Viewer.of(cast.engineer), now=now)
    expect(frame.locator(".chat-status")).to_contain_text("Zhao Min", timeout=5000)
    with acting_as(DatabaseRole.ENGINE) as now:
        chats.say(
            chat=chat,
            by=Viewer.of(cast.engineer),
            body="It is fixed.",
            key=factories.fresh_key(),
            now=now,
        )
    expect(frame.locator(".chat-line-text")).to_have_text([QUESTION, "It is fixed."], timeout=3000)
    frame.locator("[data-chat-text]").press_sequentially("Thank you.")
    frame.locator("[data-chat-text]").press("Enter")
    expect(frame.locator(".chat-line-text")).to_have_count(3)

    # On the next page the frame goes on with the key it has.
    before = host.signed
    page.goto(f"{host.origin}/other")
    frame = frame_of(page)
    expect(frame.locator(".chat-line-text")).to_have_count(3)
    assert host.signed == before + 1

    # The panel is open there, too, until its reader closes it; then it stays closed.
    expect(frame.locator("#chat-panel")).to_be_visible()
    assert page.locator("iframe").bounding_box()["width"] == 400  # type: ignore[index]
    frame.locator("[data-chat-close]").click()
    expect(frame.locator("#chat-panel")).to_be_hidden()
    page.goto(f"{host.origin}/guide")
    expect(frame_of(page).locator("[data-chat-open]")).to_be_visible()
    page.wait_for_timeout(1000)
    expect(frame_of(page).locator("#chat-panel")).to_be_hidden()
    open_panel(page)

    # Whoever is removed is out within ten seconds.
    with acting_as(DatabaseRole.ENGINE):
        Membership.objects.filter(user=cast.developer).delete()
    expect(frame.get_by_text("Sign in to chat")).to_be_visible(timeout=25_000)


@pytest.mark.parametrize("email", [None, "nobody@starcast.example", "owner@brightclass.example"])
def test_whoever_is_no_member_is_led_to_sign_in(
    page: Page, host: Host, run: Processes, email: str | None
) -> None:
    host.email = email
    page.goto(host.origin)
    frame = open_panel(page)
    expect(frame.get_by_text("Sign in to chat")).to_be_visible()
    link = frame.get_by_role("link", name="Open the support portal")
    expect(link).to_have_attribute("href", f"{run.url}/chat/")


def test_a_page_that_was_not_named_gets_no_frame(page: Page, host: Host, run: Processes) -> None:
    host.email = "developer@starcast.example"
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text))
    page.goto(host.origin.replace("localhost", "127.0.0.1"))
    page.wait_for_function("document.querySelector('iframe')")
    page.wait_for_timeout(1000)
    assert any("frame-ancestors" in text for text in blocked)
    assert host.signed == 0
