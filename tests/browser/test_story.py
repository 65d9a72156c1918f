"""The whole story in real browsers, on real processes: production is down, and a person answers.

Played twice: once as it should be, and once with the engine killed between every two steps.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import Event, User
from accounts.tenancy import DatabaseRole, acting_as
from portal.database import DatabaseUrls
from tests.cast import make_cast
from tests.processes import Processes, processes, wait_until
from tickets.models import LadderStep, Promise, Ticket

pytestmark = pytest.mark.browser

PATIENCE_SECONDS = 4
PHONE = {"width": 390, "height": 844}
BROKEN = "Nobody receives messages since 02:50, 40,000 viewers on air."
DRAFT = "We did not deploy anything today."
ANSWER = "I am on it. The fan-out limit is being raised now."


@pytest.fixture
def cast(committed_database: DatabaseUrls) -> SimpleNamespace:
    with acting_as(DatabaseRole.ENGINE):
        people = make_cast()
        LadderStep.objects.update(patience_seconds=PATIENCE_SECONDS)
    return people


@pytest.fixture
def run(committed_database: DatabaseUrls, cast: SimpleNamespace) -> Iterator[Processes]:
    with processes(committed_database) as started:
        started.start("web", "live", "engine")
        yield started


class Story:
    """The browsers of both sides, and what lies between two steps."""

    def __init__(self, chromium: Browser, run: Processes, *, deadly: bool) -> None:
        self.chromium, self.run, self.deadly = chromium, run, deadly
        self._contexts: list[BrowserContext] = []
        self.problems: list[str] = []

    def page_of(self, person: User | None, **options: Any) -> Page:
        context = self.chromium.new_context(locale="en-GB", **options)
        self._contexts.append(context)
        if person is not None:
            context.add_cookies([self.run.cookie_of(person)])  # type: ignore[list-item]
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        return page

    def between_two_steps(self) -> None:
        """Nothing, or a kill -9 of the engine and a new one."""
        if self.deadly:
            self.run.kill("engine")
            self.run.start("engine")

    def mail_to(self, address: str) -> str:
        """The text of the page that reached that address, once it is there."""
        found: list[str] = []

        def arrived() -> bool:
            found[:] = [text for text in outbox(self.run.folder) if f"To: {address}" in text]
            return any("/page/" in text for text in found)

        wait_until(arrived, f"a page for {address}", seconds=20)
        return next(text for text in found if "/page/" in text)

    def close(self) -> None:
        for context in self._contexts:
            context.close()


def outbox(folder: Path) -> list[str]:
    """Headers and text of every mail sent so far."""
    mails = []
    for file in sorted((folder / "outbox").glob("*.eml")):
        for part in file.read_bytes().split(b"\n" + b"-" * 79):
            mail = email.message_from_bytes(part.strip(), policy=email.policy.default)
            body = mail.get_body(("plain",))
            mails.append(f"To: {mail['To']}\n{body.get_content() if body else ''}")
    return mails


@pytest.fixture(params=[False, True], ids=["undisturbed", "engine killed between all steps"])
def story(request: pytest.FixtureRequest, chromium: Browser, run: Processes) -> Iterator[Story]:
    played = Story(chromium, run, deadly=request.param)
    yield played
    played.close()


def test_production_is_down_and_the_right_person_answers_in_time(
    story: Story, cast: SimpleNamespace
) -> None:
    # A customer developer says in one line that production is down.
    customer = story.page_of(cast.developer)
    customer.goto(story.run.url + "/")
    customer.get_by_role("link", name="Production is down").click()
    customer.locator("#id_body").fill(BROKEN)
    customer.get_by_role("button", name="Ring an engineer now").click()
    customer.wait_for_url(re.compile("/tickets/STAR-1/"))
    ticket_url = customer.url
    customer.locator("#reply").fill(DRAFT)
    story.between_two_steps()

    # The first engineer is rung, and the customer sees it without doing anything.
    trail = customer.locator(".page-trail").last
    expect(trail).to_contain_text("Zhao Min", timeout=15_000)
    story.mail_to("zhao@vigil.example")
    story.between_two_steps()

    # Nobody acknowledges: the next one is rung.
    expect(trail).to_contain_text("Li Wei", timeout=20_000)
    letter = story.mail_to("li@vigil.example")
    story.between_two_steps()

    # Li Wei takes it on a phone, by the link in the page, without logging in.
    phone = story.page_of(None, viewport=PHONE)
    link = re.search(r"http://\S+/page/\S+", letter)
    assert link, letter
    phone.goto(link[0])
    phone.get_by_role("button", name="I'm on it").click()
    expect(phone.get_by_role("status").first).to_contain_text("It is yours")
    expect(trail).to_contain_text("Li Wei acknowledged", timeout=15_000)
    story.between_two_steps()

    # Li Wei answers in the workspace.
    desk = story.page_of(cast.second)
    desk.goto(story.run.url + "/admin/queue/")
    desk.get_by_text(BROKEN[:30]).first.click()
    desk.locator("form.desk-reply textarea[name=body]").fill(ANSWER)
    desk.get_by_role("button", name="Send").click()
    expect(desk.locator(".conversation")).to_contain_text(ANSWER)
    story.between_two_steps()

    # The customer saw it happen: same page, same draft, promise kept.
    expect(customer.locator(".conversation")).to_contain_text(ANSWER, timeout=15_000)
    expect(customer.locator(".promises")).to_contain_text("Kept in")
    expect(customer.locator("#reply")).to_have_value(DRAFT)
    assert customer.url == ticket_url
    assert story.problems == []

    with acting_as(DatabaseRole.ENGINE):
        ticket = Ticket.objects.get()
        assert (ticket.number, ticket.channel, ticket.owner) == (1, "break-glass", cast.second)
        assert Promise.objects.get(kind="response").kept is True
        rung = Event.objects.filter(verb="page.rung").order_by("id")
        names = [event.data["names"] for event in rung]
        assert names[:2] == [["Zhao Min"], ["Li Wei"]]
        pages = list(ticket.pages.values_list("step", "person_name"))
        assert len(pages) == len(set(pages)), "somebody was rung twice on one step"
