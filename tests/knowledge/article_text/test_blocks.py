"""Notes, code behind tabs, tables, and lines of Chinese."""

from __future__ import annotations

import pytest

from knowledge.article_text.code_tabs import label_of
from tests.knowledge.article_text.rendering import html

TWO = '```kotlin tab="Kotlin"\nval a = 1\n```\n```swift tab="Swift"\nlet a = 1\n```\n'


@pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION", "warning"])
def test_notes_have_a_word_and_a_tone(kind: str) -> None:
    made = html(f"> [!{kind}]\n> Ask **first**.\n")
    assert f'<div class="note note-{kind.lower()}">' in made
    assert f'<p class="note-title">{kind.capitalize()}</p>' in made
    assert "<strong>first</strong>" in made
    assert "[!" not in made


def test_a_quote_is_no_note() -> None:
    assert "<blockquote>" in html("> [!ATTACK] x\n")


def test_blocks_in_a_row_with_labels_stand_behind_tabs() -> None:
    made = html(TWO)
    assert made.count('type="radio"') == 2
    assert made.count("checked") == 1
    assert '<label class="tabs-label" for="tabs.1.0">Kotlin</label>' in made
    assert '<div class="tabs-panel" data-tab="Swift">' in made


def test_groups_are_told_apart() -> None:
    made = html(f"{TWO}\nText between.\n\n{TWO}")
    assert made.count('<div class="tabs">') == 2
    assert 'name="tabs.2"' in made
    # The same label twice in a row begins another group.
    assert html(TWO + TWO).count('<div class="tabs">') == 2


def test_a_block_without_a_label_stands_by_itself() -> None:
    made = html(f"{TWO}```\nplain\n```\n")
    assert made.count('<div class="tabs-panel"') == 2
    assert made.endswith("plain\n</code></pre></div>\n")


def test_tables_scroll_by_themselves_and_keep_their_columns() -> None:
    made = html("| a | b |\n|---|--:|\n| 1 | 2 |\n")
    assert '<div class="article-table" tabindex="0"><table>' in made
    assert '<td class="align-right">2</td>' in made


def test_the_end_of_a_line_is_no_space_between_chinese_characters() -> None:
    made = html("第一行，\n第二行 ends\nwith words")
    assert "第一行，第二行 ends\nwith words" in made


def test_white_space_and_punctuation_cost_no_markup() -> None:
    assert 'class="w"' not in html("```kotlin\nval a = f(1)\n```")


def test_labels_are_read_from_the_info_string_only() -> None:
    from markdown_it.token import Token

    assert label_of(Token("fence", "code", 0, info='ts tab="桌面与 Web"')) == "桌面与 Web"
    assert label_of(Token("fence", "code", 0, info="ts")) == ""
    assert label_of(Token("paragraph_open", "p", 1, info='tab="x"')) == ""
