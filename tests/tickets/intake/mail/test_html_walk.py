"""Strangers' HTML is told tag by tag, whatever its shape; nobody looks at more than a bound."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tickets.intake.mail.html_text import html_to_text
from tickets.intake.mail.html_walk import DEEPEST, PIECE, TooDeep, walk


class Heard:
    """What was told; text in one piece."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.most_open = self.tags = 0
        self.attributes: dict[str, str] = {}
        self.text = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.open.append(tag)
        self.most_open = max(self.most_open, len(self.open))
        self.tags += 1
        self.attributes.update(attributes)

    def end(self, tag: str) -> None:
        assert self.open.pop() == tag

    def data(self, text: str) -> None:
        self.text += text


def heard(html: str) -> Heard:
    told = Heard()
    walk(html, told)
    return told


@pytest.mark.parametrize("html", ["<b><p>x</b>y", "</p>x<br>y", "<td>x</table>y", "<p>x<p>y"])
def test_each_start_has_its_end(html: str) -> None:
    told = heard(html)
    assert (told.text, told.open) == ("xy", [])


def test_what_is_nested_too_deep_is_given_up_as_soon_as_that_is_known() -> None:
    told = Heard()
    with pytest.raises(TooDeep):
        walk("<div>" * 100_000, told)
    assert told.most_open == told.tags == DEEPEST


def test_a_mail_that_long_is_told_in_pieces_and_whole() -> None:
    text = "ab 你好 &amp; " * PIECE
    assert heard(f"<p title='x'>{text}</p>").text == text.replace("&amp;", "&")


def test_a_tag_of_many_attributes_is_one_tag() -> None:
    names = [f"a{number}" for number in range(20_000)]
    told = heard(f"<p {' '.join(names)}>x")
    assert (list(told.attributes), told.text) == (names, "x")


@pytest.mark.parametrize("html", ["", " ", "<!-- x -->", "\x00", "<", "<p"])
def test_html_without_anything_is_nothing(html: str) -> None:
    assert heard(html).text.strip("<\ufffd ") == ""


def test_text_behind_what_is_nested_too_deep_is_kept() -> None:
    html = (
        "<p>Crash</p>" + "<div>" * 5_000 + "on Android 14" + "</div>" * 5_000 + "<p>since noon</p>"
    )
    assert html_to_text(html).split() == "Crash on Android 14 since noon".split()
