"""Two engineers at one ticket learn of each other before both send an answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from accounts.tenancy import DatabaseRole, acting_as
from portal.database import DatabaseUrls
from tests import factories
from tests.cast import make_cast
from tests.processes import Processes, processes

pytestmark = pytest.mark.browser

PAGE = "/admin/ticket/STAR-1/"


@pytest.fixture
def cast(committed_database: DatabaseUrls) -> SimpleNamespace:
    with acting_as(DatabaseRole.ENGINE) as now:
        people = make_cast()
        factories.ticket(people.developer, now=now)
    return people


@pytest.fixture
def run(committed_database: DatabaseUrls, cast: SimpleNamespace) -> Iterator[Processes]:
    with processes(committed_database) as started:
        started.start("web", "live")
        yield started


def page_of(chromium: Browser, run: Processes, person: User, path: str = PAGE) -> Page:
    page = chromium.new_context(locale="en-GB").new_page()
    page.context.add_cookies([run.cookie_of(person)])  # type: ignore[list-item]
    page.goto(f"{run.url}{path}")
    expect(page.locator("[data-live-status]").first).to_have_text("Live")
    return page


def test_each_sees_that_the_other_replies_and_what_came_in_meanwhile(
    chromium: Browser, run: Processes, cast: SimpleNamespace
) -> None:
    first = page_of(chromium, run, cast.engineer)
    second = page_of(chromium, run, cast.second)
    customer = page_of(chromium, run, cast.developer, "/tickets/STAR-1/")
    heard: list[str] = []
    customer.expose_function("heard", lambda name: heard.append(name))
    customer.evaluate("document.addEventListener('vigil:replying', () => heard('replying'))")

    first.locator("#reply-body").press_sequentially("It is the tok")
    expect(second.locator("[data-replying]")).to_have_text(f"{cast.engineer.name} is replying.")
    expect(first.locator("[data-replying]")).to_be_hidden()

    second.locator("#reply-body").fill("Could it be the clock?")
    expect(first.locator("[data-replying]")).to_have_text(f"{cast.second.name} is replying.")
    first.locator("#reply-body").fill("It is the token.")
    _look(second, "replying")
    first.locator(".desk-reply button[type=submit]").click()

    written = second.locator("[data-written]")
    expect(written).to_contain_text(f"{cast.engineer.name} wrote here while you were writing.")
    expect(second.locator("[data-replying]")).to_be_hidden()
    assert second.locator("#reply-body").input_value() == "Could it be the clock?"
    _look(second, "written")
    written.get_by_role("link").click()
    expect(written).to_be_hidden()

    expect(customer.get_by_text("It is the token.")).to_be_visible()
    assert heard == []
    for page in (first, second, customer):
        page.context.close()


def _look(page: Page, name: str) -> None:
    folder = os.environ.get("SHOTS")
    for width, height in ((1280, 900), (390, 844)) if folder else ():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.locator("#composer").scroll_into_view_if_needed()
            page.screenshot(path=Path(folder or "") / f"{name}-{width}-{scheme}.png")
