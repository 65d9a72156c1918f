"""Mail, chat, widget and hotline as they are seen: accessible, within the screen, light, quiet.

Each page twice: wide, light and in English, and on a phone, dark and in Chinese.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, Response, expect

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from portal import mute_links
from portal.database import DatabaseUrls
from tests import factories
from tests.browser.test_axe import LOOKS
from tests.browser.test_widget import Host, frame_of, open_panel
from tests.cast import make_cast
from tests.mails import mail, received
from tests.processes import Processes, processes
from tickets import chats, enquiries, joining, mail_mutes
from tickets.intake import message_ids
from tickets.models import BouncedAddress, Enquiry
from tickets.models.ticket import Channel

pytestmark = pytest.mark.browser

MOST: Final = 60_000  # bytes of a portal page on its way, with all it loads by itself
CODE: Final = "Like this:\n\n```js\nroom.open({ typing: false, " + "limit: 50, " * 20 + "})\n```"


@pytest.fixture
def cast(committed_database: DatabaseUrls) -> SimpleNamespace:
    """People, two tickets that may be one, a chat under way, a mail that waits, an enquiry."""
    with acting_as(DatabaseRole.ENGINE) as now:
        people = make_cast()
        ticket = factories.ticket(people.developer, body="By phone.", channel=Channel.PHONE)
        factories.ticket(people.developer, body="By mail.", channel=Channel.EMAIL)
        chat = factories.chat(people.developer, body="Does `typing` count?", now=now)
        engineer = Viewer.of(people.engineer)
        chats.say(chat=chat, by=engineer, body=CODE, key=factories.fresh_key(), now=now)
        factories.chat(people.owner, body="And on iOS?", now=now)
        mail_mutes.mute(ticket=ticket, by=Viewer.of(people.developer), now=now)
        about = message_ids.of_ticket(ticket.pk)
        html = "<p>It is <b>me</b>.</p>"
        held = received(mail("x@elsewhere.example", References=about, html=html))
        received(mail("pia@new.example", subject="Prices?"))
        enquiry = Enquiry.objects.latest("pk")
        BouncedAddress.objects.create(
            **{"address": "pia@new.example", "is_permanent": True, "detail": "No such user"},
            **{"first_at": now, "last_at": now},
        )
        by_phone = enquiries.open_enquiry(
            channel=Enquiry.Channel.PHONE,
            name="",
            address="+8613900000001",
            subject="A voice message",
            body="21 s",
            now=now,
        )
        opened = received(mail(html=html, files=(("a-log-with-a-long-name.txt", b"E/IMCore"),)))
        kept = factories.ticket(people.developer, subject="Nobody can join since noon")
        joined = factories.ticket(people.developer, subject="Joining fails since noon")
        joining.join(kept=kept, joined=joined, by=engineer, now=now)
        link = mute_links.token(ticket_id=ticket.pk, user_id=people.developer.pk)
    people.staff_pages = (
        "/admin/chats/",
        "/admin/chats/?open=STAR-3",
        "/admin/chats/?open=STAR-3&open=STAR-4",
        "/admin/mail/",
        "/admin/mail/?view=all",
        f"/admin/mail/{held.pk}/",
        "/admin/enquiries/",
        "/admin/enquiries/?view=ended",
        "/admin/enquiries/?view=answered",
        f"/admin/enquiries/{enquiry.pk}/",
        f"/admin/enquiries/{by_phone.pk}/",
        f"/admin/mail/{opened.pk}/",
        f"/admin/ticket/{opened.ticket.reference}/",
        f"/admin/ticket/{kept.reference}/",
        f"/admin/ticket/{joined.reference}/",
        "/admin/calls/",
        "/admin/calls/new/",
        "/admin/calls/new/STAR/",
        "/admin/ticket/STAR-1/",
        "/admin/ticket/STAR-1/call/",
        "/outbox/",
    )
    people.customer_pages = (
        "/",
        "/tickets/",
        "/tickets/STAR-1/",
        "/tickets/STAR-3/",
        f"/tickets/{joined.reference}/",
        f"/tickets/{opened.ticket.reference}/",
        "/tickets/new/",
        "/down/",
        "/team/",
        "/chat/",
        "/settings/",
        "/settings/mails/",
        "/settings/hotline/",
        f"/mail/{link}/",
    )
    return people


class Looker:
    """Opens pages and gathers what is wrong with them."""

    def __init__(self, chromium: Browser, run: Processes) -> None:
        self.chromium, self.run = chromium, run
        self.axe, self.found = Axe(), []  # type: ignore[var-annotated]

    def page(self, person: object | None, language: str, look: dict[str, Any]) -> Page:
        """A page of that person's browser, or of a visitor's."""
        # Axe is put into the page, which the pages' own policy does not allow.
        context = self.chromium.new_context(bypass_csp=True, **look)
        spoken = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.run.url}
        context.add_cookies([spoken])  # type: ignore[list-item]
        if person is not None:
            context.add_cookies([self.run.cookie_of(person)])  # type: ignore[arg-type, list-item]
        page = context.new_page()
        page.set_default_timeout(30_000)
        say = self.found.append
        page.on("pageerror", lambda error: say((page.url, "error", str(error))))
        page.on(
            "console",
            lambda line: say((page.url, "console", line.text)) if line.type == "error" else None,
        )
        return page

    def look(self, page: Page, language: str) -> None:
        for problem in self.axe.run(page).response["violations"]:
            html = problem["nodes"][0]["html"]
            self.found.append((page.url, language, problem["id"], html))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.found.append((page.url, language, "wider than the screen", ""))


def test_axe_finds_nothing_and_the_console_is_silent(
    chromium: Browser, committed_database: DatabaseUrls, cast: SimpleNamespace
) -> None:
    with processes(committed_database) as run:
        run.start("web", "live")
        looker = Looker(chromium, run)
        for person, paths in (
            (cast.lead, cast.staff_pages),
            (cast.developer, cast.customer_pages),
            (cast.admin, ("/chat/",)),
            (cast.viewer, ("/chat/",)),
            (cast.stranger, ("/chat/", "/settings/")),
        ):
            for language, look in LOOKS:
                page = looker.page(person, language, look)
                for path in paths:
                    answer = page.goto(run.url + path)
                    assert (answer.status if answer else 0) == 200, path
                    looker.look(page, language)
                if person in (cast.developer, cast.admin):  # a conversation, and how to begin one
                    page.goto(run.url + "/tickets/")
                    page.locator("[data-chat-open]").click()
                    expect(page.locator(".chat-place textarea")).to_be_visible()
                    looker.look(page, language)
                page.context.close()
        assert [str(one) for one in looker.found] == []


def test_the_button_covers_nothing_that_cannot_be_scrolled_from_under_it(
    chromium: Browser, committed_database: DatabaseUrls, cast: SimpleNamespace
) -> None:
    with processes(committed_database) as run:
        run.start("web", "live")
        looker = Looker(chromium, run)
        for language, look in LOOKS:
            page = looker.page(cast.developer, language, look)
            page.goto(run.url + "/tickets/STAR-3/")
            settled(page)
            page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
            last = page.locator("main :is(a, button, summary):visible").last.bounding_box()
            button = page.locator("[data-chat-open]").bounding_box()
            assert last is not None
            assert button is not None
            assert last["y"] + last["height"] <= button["y"], language
            page.context.close()


class Scales:
    """What a page loads at the first visit, as sent where files were compressed beforehand.

    Contents only: what their headers add depends on the version of HTTP.
    """

    def __init__(self, page: Page) -> None:
        self.responses: list[Response] = []
        page.on("response", lambda response: self.responses.append(response))

    def weigh(self) -> dict[str, int]:
        weights = {}
        for response in self.responses:
            path = urlsplit(response.url).path
            if path.startswith("/live/") or response.status != 200:
                continue
            sent = response.body()
            if path.startswith("/static/") or "gzip" in response.headers.get(
                "content-encoding", ""
            ):
                sent = gzip.compress(sent)
            weights[path] = len(sent)
        return weights


def settled(page: Page) -> None:
    expect(page.locator("[data-chat-brief]").first).to_be_attached()  # the panel's contents too


def test_a_portal_page_weighs_no_more_than_60_kb_with_the_chat(
    chromium: Browser, committed_database: DatabaseUrls, cast: SimpleNamespace
) -> None:
    with processes(committed_database) as run:
        run.start("web", "live")
        looker = Looker(chromium, run)
        for path in cast.customer_pages:
            page = looker.page(cast.developer, *LOOKS[0])
            scales = Scales(page)
            page.goto(run.url + path)
            if not path.startswith("/mail/"):
                settled(page)
            weights = scales.weigh()
            page.context.close()
            assert sum(weights.values()) <= MOST, (path, sum(weights.values()), weights)


@pytest.fixture
def host(cast: SimpleNamespace) -> Iterator[Host]:
    made = Host()
    with acting_as(DatabaseRole.ENGINE) as now:
        made.secret = factories.widget_secret(cast.owner, now)
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def widget_page(
    chromium: Browser, committed_database: DatabaseUrls, host: Host
) -> Iterator[Callable[..., Page]]:
    """Opens the host's page with the widget in one of the looks."""
    with processes(committed_database, VIGIL_WIDGET_ORIGINS=host.origin) as run:
        run.start("web", "live")
        host.home = run.url

        def opened(language: str, look: dict[str, Any]) -> Page:
            host.language = language.partition("-")[0]
            page = chromium.new_context(bypass_csp=True, **look).new_page()
            page.set_default_timeout(30_000)
            return page

        yield opened
        for context in list(chromium.contexts):
            context.close()


@pytest.mark.parametrize("email", ["developer@starcast.example", "admin@starcast.example", None])
def test_the_widget_is_accessible_light_and_quiet(
    widget_page: Callable[..., Page], host: Host, email: str | None
) -> None:
    host.email = email
    axe = Axe()
    for language, look in LOOKS:
        page, errors = widget_page(language, look), []
        page.on(
            "console",
            lambda line, errors=errors: errors.append(line.text) if line.type == "error" else None,
        )
        scales = Scales(page)
        page.goto(f"{host.origin}/guide")
        frame = open_panel(page)
        expect(frame.locator("[data-chat-place] :is(textarea, a)").first).to_be_visible()
        inner = page.frames[1]
        problems = axe.run(inner).response["violations"]
        told = [(one["id"], one["nodes"][0]["html"]) for one in problems]
        assert told == [], (language, told)
        assert not inner.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert sum(scales.weigh().values()) <= MOST, scales.weigh()
        assert errors == []
        expect(frame_of(page).locator("#chat-panel")).to_be_visible()
        page.context.close()
