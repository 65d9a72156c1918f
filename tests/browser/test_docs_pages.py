"""The documentation as it is seen: accessible, within the screen, light, and a silent console.

As a visitor and as a member; each page wide, light and in English, and on a phone, dark and in
Chinese. Rows of the plainer pages stand in `test_axe`.
"""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import SYSTEM, Viewer
from knowledge import checklists, publishing, versions, writing
from knowledge.languages import Language
from knowledge.models import Translation
from knowledge.upgrade_reading import ReadPath, read_path
from portal.database import DatabaseUrls
from tests import factories
from tests.browser.test_axe import LOOKS, NARROW, TEXT
from tests.browser.test_ways_in import MOST, Looker, Scales, settled
from tests.cast import make_cast
from tests.processes import processes

pytestmark = pytest.mark.browser

UPGRADE: Final = "upgrade/?product=im&platform=&from=4.0.0&to=5.1.0"
# Beneath the language; with the status each answers with.
PAGES: Final = (
    ("", 200),
    ("a/renew/", 200),  # tables, notes, code tabs; the Chinese one is behind
    ("search/?q=token", 200),
    ("errors/im/1101/", 200),
    ("releases/im/", 200),
    ("upgrade/", 200),
    (UPGRADE, 200),
    ("kinds/guide/", 200),
    ("categories/tokens/", 200),
    ("products/im/", 200),
    ("a/nothing/", 404),
    ("a/for-staff/", 404),
)


@pytest.fixture
def scene(committed_database: DatabaseUrls) -> SimpleNamespace:
    with acting_as(DatabaseRole.ENGINE) as now:
        people = make_cast()
        product = factories.product("im")
        renew = factories.article("renew", kind="guide", product=product, body=TEXT)
        factories.text(renew, body=TEXT)
        renew.categories.set([factories.category("tokens")])
        factories.sample_file(renew)
        Translation.objects.filter(language="zh").update(aligned_with=1)
        factories.text(renew, title="Renewed", body=TEXT + "\nMore.\n", language=Language.EN)
        factories.article("only-english", kind="guide")
        factories.article("for-staff", audience="internal")
        factories.error_code(1101, "ERR_TOKEN_EXPIRED", article=renew)
        day = dt.date(2020, 1, 1)
        people.release = factories.release("5.0.0", ("breaking", "Ends."), released_on=day)
        factories.release("5.1.0", ("security", "Safe."), ("known_issue", "Hm."), released_on=day)
        old = factories.article("old")
        publishing.archive(translation=old.translations.get(), by=SYSTEM, now=now)
        writing.save_revision(
            article=renew, language=Language.EN, by=SYSTEM, now=now, title="Again", body="## A\n"
        )
        first, last, by = (
            versions.parse("4.0.0"),
            versions.parse("5.1.0"),
            Viewer.of(people.developer),
        )
        found = read_path(
            product=product,
            platform="",
            first=first,
            last=last,
            viewer=by,
            language=Language.EN,
            on=now.date(),
        )
        assert isinstance(found, ReadPath)
        items = [item.key for item in found.items]
        people.checklist = checklists.keep(
            organization=people.star,
            by=by,
            now=now,
            product=product,
            platform="",
            first=first,
            last=last,
            items=items[1:],  # the first one is new since
        )
        checklists.tick(checklist=people.checklist, item=items[1], items=items, by=by, now=now)
    return people


def member_pages(scene: SimpleNamespace) -> tuple[str, ...]:
    return ("/upgrades/", f"/upgrades/{scene.checklist.pk}/")


def staff_pages(scene: SimpleNamespace) -> tuple[str, ...]:
    return (
        "/admin/article/renew/en/history/?view=side",
        "/admin/article/renew/zh/",
        "/admin/article/old/en/",
        "/admin/article/for-staff/en/",
        f"/admin/announce/{scene.release.pk}/",
    )


def opened(page: Page, address: str, status: int, looker: Looker) -> None:
    answer = page.goto(address)
    assert (answer.status if answer else 0) == status, address
    if status == 404:  # the browser says of itself that a page was not found
        looker.found = [one for one in looker.found if "404" not in str(one[2])]


def test_axe_finds_nothing_and_the_console_is_silent(
    chromium: Browser, committed_database: DatabaseUrls, scene: SimpleNamespace
) -> None:
    with processes(committed_database) as run:
        run.start("web", "live")
        looker = Looker(chromium, run)
        for language, look in LOOKS:
            docs = f"{run.url}/docs/{language[:2]}/"
            for reader in (None, scene.developer, scene.lead):
                page = looker.page(reader, language, look)
                for path, status in PAGES if reader is not scene.lead else ():
                    opened(page, docs + path, status, looker)
                    looker.look(page, language)
                if reader is None:
                    opened(page, run.url + "/docs/zh/a/only-english/", 200, looker)
                    looker.look(page, language)
                paths = {scene.developer: member_pages, scene.lead: staff_pages}.get(reader)
                for path in paths(scene) if paths else ():
                    opened(page, run.url + path, 200, looker)
                    looker.look(page, language)
                page.context.close()
        assert [str(one) for one in looker.found] == []


def test_all_parts_of_the_documentation_fit_the_bar_of_a_narrow_phone(
    chromium: Browser, committed_database: DatabaseUrls, scene: SimpleNamespace
) -> None:
    with processes(committed_database) as run:
        run.start("web")
        page = chromium.new_context(**NARROW).new_page()
        for path in ("", "upgrade/"):  # the current one is bolder, and so wider
            page.goto(f"{run.url}/docs/en/{path}")
            bar: dict[str, Any] = page.locator(".docs-bar").evaluate(
                "bar => ({ needs: bar.scrollWidth, has: bar.clientWidth })"
            )
            assert bar["needs"] <= bar["has"], (path, bar)
        page.context.close()


def test_a_comparison_in_two_columns_fits_a_phone(
    chromium: Browser, committed_database: DatabaseUrls, scene: SimpleNamespace
) -> None:
    with processes(committed_database) as run:
        run.start("web")
        page = Looker(chromium, run).page(scene.lead, *LOOKS[1])
        page.goto(f"{run.url}/admin/article/renew/en/history/?view=side")
        for box in page.locator(".diff-sides").all():
            assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
            assert box.locator(".diff-added:visible").count() > 0
        assert page.locator(".diff-sides").count() > 0
        page.context.close()


def test_on_paper_stands_the_text_alone_and_ticks_need_no_background(
    chromium: Browser, committed_database: DatabaseUrls, scene: SimpleNamespace
) -> None:
    with processes(committed_database) as run:
        run.start("web", "live")
        page = Looker(chromium, run).page(scene.developer, *LOOKS[0])
        list_path = f"/upgrades/{scene.checklist.pk}/"
        for path in ("/docs/en/a/renew/", f"/docs/en/{UPGRADE}", list_path):
            page.goto(run.url + path)
            settled(page)
            page.emulate_media(media="print")
            for what in (".topbar", ".docs-bar", ".chat-box", ".page-footer"):
                assert page.locator(f"{what}:visible").count() == 0, (path, what)
            assert page.locator("h1").is_visible()
            if path == list_path:
                tick = page.locator(".upgrade-done .upgrade-tick").first
                look = tick.evaluate(
                    "tick => [getComputedStyle(tick).backgroundColor, getComputedStyle(tick).color]"
                )
                assert look[0] == "rgba(0, 0, 0, 0)"
                assert look[1] == page.locator("h1").evaluate("h1 => getComputedStyle(h1).color")
            page.emulate_media(media="screen")
        page.context.close()


def test_a_page_of_the_documentation_weighs_no_more_than_60_kb(
    chromium: Browser, committed_database: DatabaseUrls, scene: SimpleNamespace
) -> None:
    with processes(committed_database) as run:
        run.start("web", "live")
        looker = Looker(chromium, run)
        for reader in (None, scene.developer):
            for path, status in PAGES:
                page = looker.page(reader, *LOOKS[0])
                scales = Scales(page)
                opened(page, f"{run.url}/docs/en/{path}", status, looker)
                if reader is not None and status == 200:
                    settled(page)
                weights = scales.weigh()
                page.context.close()
                assert sum(weights.values()) <= MOST, (path, sum(weights.values()), weights)
