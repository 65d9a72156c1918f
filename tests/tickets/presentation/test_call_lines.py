"""How a call is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from tickets.presentation.call_lines import LegLine

AT = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "length", "text"),
    [
        ("en", "", "Li Wei: no answer"),
        ("en", "5 min", "Li Wei: no answer, 5 min"),
        ("zh-hans", "", "Li Wei：no answer"),
        ("zh-hans", "5 分", "Li Wei：no answer，5 分"),
    ],
)
def test_a_leg_is_told_with_the_marks_of_the_language(
    language: str, length: str, text: str
) -> None:
    with translation.override(language):
        assert LegLine(AT, "Li Wei", "no answer", "phone", length).text == text
