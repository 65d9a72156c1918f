"""A page stays true by itself: live.js and the live process together, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Membership
from accounts.tenancy import DatabaseRole, acting_as
from portal.database import DatabaseUrls
from tests.live_cast import happen
from tests.processes import Processes, processes

pytestmark = pytest.mark.browser

SCROLLED = 700


@pytest.fixture
def run(committed_database: DatabaseUrls) -> Iterator[Processes]:
    with processes(committed_database, DJANGO_SETTINGS_MODULE="tests.browser.live_settings") as run:
        run.start("web", "live")
        yield run


@pytest.fixture
def page(chromium: Browser, run: Processes, live_cast: SimpleNamespace) -> Iterator[Page]:
    """Ticket 7's page, open in the developer's browser and live."""
    context = chromium.new_context()
    context.add_cookies([run.cookie_of(live_cast.developer)])  # type: ignore[list-item]
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{run.url}/live-test/7/")
    expect(status(page)).to_have_text("Live")
    yield page
    assert not errors
    context.close()


def status(page: Page) -> object:
    return page.locator("[data-live-status]")


def events(page: Page) -> object:
    return page.locator("#ticket li")


def test_a_change_appears_within_a_second_and_nothing_written_is_lost(
    page: Page, live_cast: SimpleNamespace
) -> None:
    page.locator("textarea").fill("half a sentence")
    page.locator("#more summary").click()
    page.locator("textarea").focus()
    before = place_of(page, "textarea")
    happened = time.monotonic()
    happen(live_cast.star, "ticket/7", verb="ticket.replied")
    expect(events(page)).to_have_text(["ticket.replied"], timeout=1000)
    assert time.monotonic() - happened < 1
    page.evaluate("new Promise(requestAnimationFrame)")
    assert place_of(page, "textarea") == before
    assert page.locator("textarea").input_value() == "half a sentence"
    assert page.evaluate("document.activeElement.name") == "body"
    assert page.locator("#more").get_attribute("open") is not None
    expect(page.locator("#announcer")).to_have_text("ticket.replied")


def test_the_field_one_writes_in_stays_in_place_below_a_long_conversation(
    page: Page, live_cast: SimpleNamespace
) -> None:
    for _ in range(30):
        happen(live_cast.star, "ticket/7")
    expect(events(page)).to_have_count(30)
    page.locator("textarea").focus()
    page.evaluate("document.querySelector('textarea').scrollIntoView({ block: 'end' })")
    for count in (31, 32):
        before = place_of(page, "textarea")
        happen(live_cast.star, "ticket/7")
        expect(events(page)).to_have_count(count)
        page.evaluate("new Promise(requestAnimationFrame)")
        assert place_of(page, "textarea") == before


def test_everything_that_happens_to_a_ticket_appears(
    page: Page, live_cast: SimpleNamespace
) -> None:
    verbs = ["page.rung", "page.acknowledged", "promise.met", "escalation.stopped"]
    for verb in verbs:
        happen(live_cast.star, "ticket/7", verb=verb)
    expect(events(page)).to_have_text(verbs)


def test_other_tickets_and_internal_events_cause_no_request(
    page: Page, live_cast: SimpleNamespace
) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    happen(live_cast.bright, "ticket/7")
    happen(live_cast.star, "ticket/8")
    happen(live_cast.star, "ticket/7", internal=True)
    happen(live_cast.star, "ticket/7", verb="ticket.resolved")
    expect(events(page)).to_have_text(["ticket.resolved"])
    assert len(requests) == 1


def test_after_a_kill_of_the_live_process_nothing_is_missing(
    page: Page, run: Processes, live_cast: SimpleNamespace
) -> None:
    happen(live_cast.star, "ticket/7", verb="ticket.replied")
    expect(events(page)).to_have_count(1)
    page.locator("textarea").fill("half a sentence")
    page.evaluate(f"scrollTo(0, {SCROLLED})")
    run.kill("live")
    expect(status(page)).to_have_text("Reconnecting")
    for verb in ("page.rung", "page.acknowledged"):
        happen(live_cast.star, "ticket/7", verb=verb)
    run.start("live")
    expect(status(page)).to_have_text("Live", timeout=15_000)
    expect(events(page)).to_have_text(["ticket.replied", "page.rung", "page.acknowledged"])
    happen(live_cast.star, "ticket/7", verb="ticket.resolved")
    expect(events(page)).to_have_count(4, timeout=1000)
    assert page.locator("textarea").input_value() == "half a sentence"
    assert page.evaluate("scrollY") == SCROLLED


def test_a_removed_member_is_told_that_it_has_ended(page: Page, live_cast: SimpleNamespace) -> None:
    page.locator("textarea").fill("half a sentence")
    with acting_as(DatabaseRole.ENGINE):
        Membership.objects.filter(user=live_cast.developer).delete()
    expect(status(page)).to_have_text("Ended", timeout=10_000)
    happen(live_cast.star, "ticket/7", verb="ticket.replied")
    assert page.locator("textarea").input_value() == "half a sentence"
    expect(events(page)).to_have_count(0)


def test_a_page_out_of_sight_rests_and_catches_up_when_seen_again(
    chromium: Browser, run: Processes, live_cast: SimpleNamespace
) -> None:
    context = chromium.new_context()
    context.add_cookies([run.cookie_of(live_cast.developer)])  # type: ignore[list-item]
    page = context.new_page()
    page.clock.install()
    page.goto(f"{run.url}/live-test/7/")
    expect(status(page)).to_have_text("Live")
    show(page, hidden=True)
    page.clock.fast_forward(31_000)
    with page.expect_request(lambda request: request.url.startswith(run.live_url)):
        happen(live_cast.star, "ticket/7", verb="ticket.replied")
        show(page, hidden=False)
    page.clock.fast_forward(2_000)
    expect(events(page)).to_have_text(["ticket.replied"])
    context.close()


def test_a_page_without_a_place_to_go_on_from_fetches_once(
    page: Page, run: Processes, live_cast: SimpleNamespace
) -> None:
    with page.expect_request(lambda request: request.headers.get("hx-request") == "true"):
        page.goto(f"{run.url}/live-test/7/?placeless=1")


def place_of(page: Page, selector: str) -> float:
    """How far below the window's upper edge it stands."""
    return page.evaluate("(s) => document.querySelector(s).getBoundingClientRect().top", selector)


def show(page: Page, *, hidden: bool) -> None:
    """Put the page's tab into the background, or into the foreground."""
    page.evaluate(
        """(hidden) => {
            Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
            document.dispatchEvent(new Event('visibilitychange'))
        }""",
        hidden,
    )
