"""The same words as HTML, for letters that are written as text only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


@dataclass(frozen=True, slots=True)
class Line:
    """`is_link` only for an address of ours that stands alone: nobody else's becomes a link."""

    text: str
    is_link: bool


def as_html(payload: dict[str, Any]) -> str:
    words = [line.strip() for line in payload["text"].splitlines()]
    lines = [
        Line(text, text.startswith(f"{settings.PUBLIC_URL}/") and " " not in text)
        for text in words
        if text and text != "--"
    ]
    with translation.override(payload.get("language", settings.LANGUAGE_CODE)):
        return render_to_string(
            "emails/letter.html", {"lines": lines, "subject": payload["subject"]}
        )
