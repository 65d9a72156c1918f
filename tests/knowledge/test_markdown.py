"""What people write is shown, and does nothing else (abuse cases 28, 29 and 36)."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from knowledge.markdown import render

# One way in each: raw HTML, handlers, schemes, nesting tricks, mutation, styles, frames.
XSS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;<img onerror=alert(1)>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<form action=//evil.example><button>send</button></form>",
    "<base href='//evil.example/'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style='position:fixed;inset:0;background:url(//evil.example)'>x</div>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n[x]",
    '[a](https://a.example/"onmouseover=alert(1)//)',
    '![x](https://a.example/"onerror=alert(1)//)',
    "![x](javascript:alert(1))",
    "![<script>alert(1)</script>](https://a.example/x.png)",
    'https://a.example/"><script>alert(1)</script>',
    '```html"><script>alert(1)</script>\n<b>\n```',
    "```python\n</code></pre><script>alert(1)</script>\n```",
    "`</code><script>alert(1)</script>`",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "**<b onclick=alert(1)>x</b>**",
    "> <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "x\u2028<script>alert(1)</script>",
]

TAGS = set(
    "p br hr h1 h2 h3 h4 h5 h6 blockquote ul ol li em strong s code pre a span div"
    " table thead tbody tr th td".split()
)


class Seen(HTMLParser):
    """Every tag and attribute a browser would make of the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_comment(self, data: str) -> None:
        self.tags.add("comment")


@pytest.mark.parametrize("text", XSS)
def test_case_28_nothing_written_becomes_active(text: str) -> None:
    seen = Seen(render(text))
    assert seen.tags <= TAGS
    assert {name for name, _value in seen.attributes} <= {
        *("href", "title", "class", "rel", "start", "tabindex")
    }
    for name, value in seen.attributes:
        if name == "href":
            assert value.lower().startswith(("https://", "http://", "mailto:", "/"))


@pytest.mark.parametrize(
    "text",
    [
        "![logo](https://tracker.example/pixel.png)",
        "![logo][1]\n\n[1]: https://tracker.example/pixel.png",
        "[![inner](https://tracker.example/pixel.png)](https://tracker.example)",
        "<img src='https://tracker.example/pixel.png'>",
        "<link rel=stylesheet href='https://tracker.example/x.css'>",
    ],
)
def test_case_29_reading_a_message_fetches_nothing(text: str) -> None:
    seen = Seen(render(text))
    assert seen.tags.isdisjoint({"img", "link", "style", "picture", "source"})
    assert not [name for name, _value in seen.attributes if name in ("src", "style", "srcset")]


def test_an_image_becomes_a_link_to_it() -> None:
    assert (
        '<a href="https://a.example/x.png" rel="noopener nofollow noreferrer">logo</a>'
        in render("![logo](https://a.example/x.png)")
    )


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200b", "\u00ad", "\x1b"])
@pytest.mark.parametrize("frame", ["a{}b", "`a{}b`", "```js\nif (a{}b) {{}}\n```"])
def test_case_36_characters_that_hide_are_shown_as_markers(frame: str, character: str) -> None:
    html = render(frame.format(character))
    assert character not in html
    assert f"U+{ord(character):04X}</span>" in html


def test_links_written_out_are_links_without_the_full_stop() -> None:
    html = render("See https://docs.example/im(v5). Or https://a.example，然后")
    assert '<a href="https://docs.example/im(v5)"' in html
    assert '<a href="https://a.example"' in html


def test_code_is_coloured_by_classes_and_tables_are_tables() -> None:
    assert '<span class="k">def</span>' in render("```python\ndef f(): pass\n```")
    assert "<table>" in render("|a|b|\n|-|-|\n|1|2|")


def test_a_language_nobody_knows_is_shown_plain() -> None:
    assert "x = 1" in render("```brainfog\nx = 1\n```")


def test_deep_nesting_ends() -> None:
    assert render(">" * 5_000 + " x")
    assert render("[" * 20_000)
