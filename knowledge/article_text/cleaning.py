"""The second wall: of the HTML a text was made into, what is on the list and nothing else."""

from __future__ import annotations

from typing import Final

import nh3

from knowledge.markdown import ATTRIBUTES, SCHEMES, TAGS

_HEADINGS: Final = ("h2", "h3", "h4", "h5", "h6")
_CLEANER: Final = nh3.Cleaner(
    tags=(TAGS - {"h1"}) | {"img", "figure", "figcaption", "input", "label"},
    attributes=ATTRIBUTES
    | {heading: {"id"} for heading in _HEADINGS}
    | {
        "a": {"href", "title", "class", "rel", "aria-hidden", "tabindex"},
        "p": {"class"},
        "th": {"class"},
        "td": {"class"},
        "div": {"class", "data-tab", "tabindex"},
        "figure": {"class"},
        "img": {"src", "alt", "title", "width", "height"},
        "label": {"class", "for"},
        "input": {"class", "name", "id", "checked"},
    },
    tag_attribute_values={
        "input": {"type": {"radio"}},
        "img": {"loading": {"lazy"}, "decoding": {"async"}},
    },
    url_schemes=set(SCHEMES),
    link_rel=None,  # what leads elsewhere says so itself (`targets`)
    strip_comments=True,
)


def cleaned(html: str) -> str:
    return _CLEANER.clean(html)
