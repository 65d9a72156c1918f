"""Icons, avatars, lengths and points of time, sizes, and characters that hide."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from accounts.templatetags.vigil import duration, filesize, visible_controls

NOW = datetime(2026, 11, 22, 3, 8, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english_at_three_in_the_morning():
    with translation.override("en"), timezone.override(UTC), time_machine.travel(NOW, tick=False):
        yield


def render(source: str, **context: object) -> str:
    return Template("{% load vigil %}" + source).render(Context(context))


def test_icon_without_label_is_hidden_from_screen_readers():
    html = render('{% icon "zap" %}')
    assert 'aria-hidden="true"' in html
    assert "#zap" in html


def test_icon_with_label_is_an_image_with_that_name():
    html = render('{% icon "zap" label %}', label="Urgent <b>")
    assert 'role="img" aria-label="Urgent &lt;b&gt;"' in html


@pytest.mark.parametrize(
    ("name", "shown"),
    [("bob lin", "B"), ("李伟", "李"), ("\u202e(x)", "X"), ("", "?"), ("<script>", "S")],
)
def test_avatar_shows_the_first_letter_or_character(name, shown):
    assert f">{shown}</span>" in render("{% avatar name %}", name=name)


def test_avatar_of_staff_is_teal():
    assert "avatar-staff" in render('{% avatar "Li Wei" "staff" %}')


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0, "0 s"),
        (45.9, "45 s"),
        (60, "1 min"),
        (372, "6 min 12 s"),
        (-372, "6 min 12 s"),
        (3600, "1 h"),
        (12440, "3 h 27 min"),
        (86400, "1 d"),
        (timedelta(days=2, hours=4, minutes=59), "2 d 4 h"),
    ],
)
def test_duration_shows_two_units_rounded_down(seconds, text):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (NOW - timedelta(seconds=30), "now"),
        (NOW - timedelta(seconds=50), "1 min ago"),
        (NOW - timedelta(minutes=2, seconds=30), "2 min ago"),
        (NOW - timedelta(hours=5, minutes=59), "5 h ago"),
        (NOW - timedelta(days=3, hours=2), "3 d ago"),
        (NOW + timedelta(minutes=12), "in 12 min"),
    ],
)
def test_relative_time_uses_one_unit(moment, text):
    assert f">{text}</time>" in render("{% relative_time moment %}", moment=moment)


def test_relative_time_carries_the_exact_time():
    html = render("{% relative_time moment %}", moment=NOW)
    assert 'datetime="2026-11-22T03:08:12+00:00" data-relative' in html
    assert 'title="Sunday 22 November 2026, 03:08:12 UTC"' in html


def test_exact_time_of_today_is_the_time_of_day():
    assert ">03:08:12</time>" in render("{% exact_time moment %}", moment=NOW)


def test_exact_time_of_another_day_names_the_day():
    html = render("{% exact_time moment %}", moment=NOW - timedelta(days=1))
    assert ">21 Nov, 03:08</time>" in html


@pytest.mark.parametrize("tag", ["relative_time", "exact_time", "countdown"])
def test_no_time_shows_nothing(tag):
    assert render("{% " + tag + " moment %}", moment=None) == ""


def test_countdown_starts_from_the_server_clock():
    html = render(
        '{% countdown due "Next update" %}', due=NOW + timedelta(hours=3, minutes=7, seconds=9)
    )
    assert 'data-server-now="2026-11-22T03:08:12+00:00"' in html
    assert 'data-label="Next update">3:07:09</time>' in html


def test_countdown_past_its_time_says_so_in_words():
    html = render("{% countdown due %}", due=NOW - timedelta(seconds=75))
    assert "data-overdue>overdue 1:15</time>" in html


@pytest.mark.parametrize(
    ("size", "text"),
    [(None, ""), (0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (18_400_000, "18.4 MB")],
)
def test_filesize_counts_in_decimal_units(size, text):
    assert filesize(size) == text


@pytest.mark.parametrize(
    ("character", "code"),
    [
        ("\u202e", "U+202E"),  # right-to-left override
        ("\u2066", "U+2066"),  # left-to-right isolate
        ("\u200b", "U+200B"),  # zero-width space
        ("\u200d", "U+200D"),  # zero-width joiner between letters
        ("\ufeff", "U+FEFF"),  # byte order mark
        ("\x00", "U+0000"),
        ("\u3164", "U+3164"),  # Hangul filler
        ("\U000e0041", "U+E0041"),  # tag letter
    ],
)
def test_characters_that_hide_or_reorder_text_become_markers(character, code):
    html = visible_controls(f"exe{character}gpj")
    assert html == f'exe<span class="control-char" title="{code}">{code}</span>gpj'


def test_ordinary_text_in_every_language_is_left_alone():
    text = "Łódź 离线消息 مرحبا 👩‍💻 👍🏽\nline\ttab"
    assert visible_controls(text) == text


def test_text_is_escaped_even_when_it_claims_to_be_safe():
    assert visible_controls(mark_safe("<b>\u202e")).startswith("&lt;b&gt;<span")  # noqa: S308
