"""What fits a narrow screen, and what the keyboard does: widget, navigation, files, mails."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from django.conf import settings
from django.template import engines
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from knowledge.markdown import render
from tests.browser.test_widget import Host, cast, host, open_panel, run
from tests.processes import Processes

__all__ = ["cast", "host", "run"]
pytestmark = pytest.mark.browser

PHONE: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}}
LETTER: Final = """{% extends "emails/base.html" %}{% block title %}A reply{% endblock %}
{% block message %}<div class="said">{{ said }}</div>{% endblock %}
{% block footer %}{% endblock %}"""
LONG: Final = "See https://docs.example/" + "a/very/long/address/" * 8 + "\n\n`" + "x" * 200 + "`"


def where(place: Locator) -> FloatRect:
    box = place.bounding_box()
    assert box is not None
    return box


def test_the_open_widget_stays_within_a_phone(
    chromium: Browser, host: Host, run: Processes
) -> None:
    host.email = "admin@starcast.example"
    page = chromium.new_context(**PHONE).new_page()
    page.goto(host.origin)
    open_panel(page)
    page.wait_for_function("document.querySelector('iframe').clientWidth > 64")
    box = where(page.locator("iframe"))
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 844
    page.context.close()


def test_the_widget_opens_and_closes_by_keyboard_and_the_button_has_the_focus_again(
    chromium: Browser, host: Host, run: Processes
) -> None:
    host.email = "admin@starcast.example"
    page = chromium.new_context().new_page()
    page.goto(host.origin)
    frame = page.frame_locator("iframe")
    button = frame.locator("[data-chat-open]")
    expect(button).to_be_visible()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(frame.locator("#chat-first")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(frame.locator("#chat-panel")).to_be_hidden()
    page.context.close()


def signed_in(chromium: Browser, run: Processes, person: object, **look: Any) -> Page:
    context = chromium.new_context(**look)
    context.add_cookies([run.cookie_of(person)])  # type: ignore[arg-type, list-item]
    return context.new_page()


def test_the_navigation_shows_where_we_are(
    chromium: Browser, run: Processes, cast: SimpleNamespace
) -> None:
    for person, path, row in (
        (cast.engineer, "/admin/calls/", ".workspace-nav"),
        (cast.owner, "/accounts/sessions/", ".tabs"),
    ):
        page = signed_in(chromium, run, person, **PHONE)
        page.goto(run.url + path)
        here = page.locator(f"{row} [aria-current=page]")
        expect(here).to_be_in_viewport(ratio=1)
        assert page.evaluate("scrollY") == 0
        page.context.close()


def test_a_chosen_file_is_left_out_again(
    chromium: Browser, run: Processes, cast: SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "a.log").write_text("a")
    (tmp_path / "secret.log").write_text("b")
    page = signed_in(chromium, run, cast.developer)
    page.goto(run.url + "/tickets/new/")
    files = page.locator("#files")
    files.set_input_files([tmp_path / "a.log", tmp_path / "secret.log"])
    page.get_by_role("button", name="Remove: secret.log").click()
    expect(page.locator("[data-upload-list] li")).to_have_count(1)
    assert files.evaluate("one => [...one.files].map(file => file.name)") == ["a.log"]
    page.context.close()


def test_a_reply_by_mail_is_no_wider_than_a_phone(chromium: Browser) -> None:
    said = render(LONG)
    letter = engines["django"].from_string(LETTER)
    page = chromium.new_context(**PHONE).new_page()
    page.set_content(letter.render({"said": said, "marker": "", "link": settings.PUBLIC_URL}))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.context.close()
