"""What is shown of a mail's HTML; and that nh3 is only ever given what it reads in no time."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import nh3
import pytest

from tests.mails import mail, received
from tickets.intake import shown_html
from tickets.intake.mail.parsed import Attachment, ParsedMail
from tickets.intake.shown_html import (
    DEEPEST,
    MOST_ELEMENTS,
    MOST_PICTURES,
    MOST_WRITTEN,
    TooMuch,
    harmless,
)

FORMATS = "".join(f"<{tag}>" for tag in ("b", "i", "u", "s", "em", "font", "code", "tt"))
SHAPES = {
    "deep": "<div>" * 1_000_000,
    "deep quotes": "<blockquote>" * 80_000,
    "deep lists": "<ul><li>" * 100_000,
    "deep tables": "<table><tr><td>" * 60_000,
    "deep, then ends of nothing": "<div>" * 400 + "</p>" * 200_000,
    "many attributes": "<p " + " ".join(f"a{number}" for number in range(140_000)) + ">x",
    "attributes of the body": "".join(f"<body a{number}>" for number in range(60_000)) + "x",
    "unclosed": "<p>x" * 200_000,
    "formats opened anew": "<p>"
    + "".join(f"<font color={number}>" for number in range(50_000))
    + "<p>x" * 50_000,
    "formats in each paragraph": "<p>" + FORMATS * 10 + "<p>x" * 15_000,
    "misnested": "<b><i>x</b></i>" * 60_000,
    "links in links": "<a><div>" * 100_000,
    "before a table": "<table>" + "x<br>" * 150_000,
    "forms": "<nobr><button><select><option><form>" * 20_000,
    "names": "".join(f"<x{number}>" for number in range(100_000)),
    "signs": "&" * 1_000_000,
    "openings": "<b" * 500_000,
    "comments": "<!--" * 200_000,
    "drawings": "<svg><math><template>" * 40_000,
}


class Given:
    """Stands between us and nh3, and looks at what it is given."""

    def __init__(self) -> None:
        self.html: list[str] = []

    def clean(self, html: str, **rules: Any) -> str:
        self.html.append(html)
        return nh3.clean(html, **rules)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    made = Given()
    monkeypatch.setattr(shown_html, "nh3", made)
    return made


def deepest(html: str) -> int:
    """How many elements are open at once. Every tag closes the one opened last."""
    opened: list[str] = []
    most = 0
    for end, tag in re.findall(r"<(/?)(\w+)[^>]*>", html):
        if end:
            assert opened.pop() == tag
        elif tag not in ("br", "hr", "img"):
            opened.append(tag)
            most = max(most, len(opened))
    assert not opened
    return most


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_cleaned_is_neither_deep_nor_much(given: Given, shape: str) -> None:
    try:
        harmless(ParsedMail(html=SHAPES[shape]))
    except TooMuch:
        assert not given.html
        return
    (html,) = given.html
    assert deepest(html) <= DEEPEST
    assert html.count("<") <= 2 * MOST_ELEMENTS
    assert len(html) <= MOST_WRITTEN
    assert "a1" not in html


def test_what_is_deeper_is_shown_without_its_tags() -> None:
    html = "<div>" * 300 + "<b>deep</b>" + "</div>" * 300 + "<p>after</p>"
    assert harmless(ParsedMail(html=html)) == (
        "<div>" * DEEPEST + "deep" + "</div>" * DEEPEST + "<p>after</p>"
    )


def test_a_mail_as_people_write_them_keeps_its_looks() -> None:
    html = (
        "<p>Steps &amp; <b>log</b>:<br><table><tr><td colspan=2 style='x'>1 &lt; 2</table>"
        "<ol start=3><li>join<li>leave</ol><style>p{}</style><o:p>end</o:p>"
    )
    shown = harmless(ParsedMail(html=html)).replace("<tbody>", "").replace("</tbody>", "")
    assert shown == (
        '<p>Steps &amp; <b>log</b>:<br></p><table><tr><td colspan="2">1 &lt; 2</td></tr></table>'
        '<ol start="3"><li>join</li><li>leave</li></ol>end'
    )


def test_a_page_says_why_it_shows_only_the_text(cast: SimpleNamespace, browser_of: Any) -> None:
    row = received(mail(body="ignored", html="<p>Nothing arrives.</p>" + "<div>" * 5_000))
    page = browser_of(cast.engineer).get(f"/admin/mail/{row.pk}/html/")
    said = page.content.decode()
    assert page.status_code == 200
    assert "to be shown as it was formatted" in said
    assert "ignored" in said, "the text of the mail"
    assert "<div>" not in said


def picture(name: str, size: int = 100) -> Attachment:
    return Attachment(f"{name}.png", "image/png", b"x" * size, is_inline=True, content_id=name)


def shown(*files: Attachment, html: str = "<img src=cid:a>") -> str:
    return harmless(ParsedMail(html=html, attachments=files))


def test_files_that_are_no_pictures_hide_none() -> None:
    log = Attachment("app.log", "text/plain", b"x" * (MOST_PICTURES + 1))
    assert "data:image/png" in shown(log, picture("a"))
    assert "data:image/png" in shown(picture("b", MOST_PICTURES), picture("a"))


def test_pictures_are_counted_where_they_are_shown() -> None:
    html = "<img src=cid:a>" * 5
    assert shown(picture("a", MOST_PICTURES // 3), html=html).count("data:image/png") == 3
    assert "data:" not in shown(picture("a", MOST_PICTURES + 1))
