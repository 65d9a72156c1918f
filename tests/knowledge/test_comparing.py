"""Two texts compared: what was taken out, put in, changed within a line, and left out between."""

from __future__ import annotations

import time

from knowledge.comparing import Line, Piece, compare, unified


def test_the_same_text_has_no_lines() -> None:
    assert compare("a\nb", "a\nb") == []


def test_a_changed_line_says_which_words() -> None:
    (line,) = compare("Call login first.", "Call connect first.")
    assert line == Line(
        "changed",
        1,
        1,
        (Piece("Call "), Piece("login", True), Piece(" first.")),
        (Piece("Call "), Piece("connect", True), Piece(" first.")),
    )


def test_chinese_is_compared_by_the_character() -> None:
    (line,) = compare("先登录再发送消息", "先连接再发送消息")
    assert line.new == (Piece("先"), Piece("连接", True), Piece("再发送消息"))


def test_lines_hardly_alike_are_replaced_as_wholes() -> None:
    (line,) = compare("alpha beta", "12345 ---")
    assert line.old == (Piece("alpha beta"),)


def test_added_and_removed_lines_keep_their_numbers() -> None:
    lines = compare("one\ntwo\nthree", "one\nthree\nfour")
    assert [(line.kind, line.old_number, line.new_number) for line in lines] == [
        ("same", 1, 1),
        ("removed", 2, None),
        ("same", 3, 2),
        ("added", None, 3),
    ]


def test_what_is_far_from_a_change_is_left_out() -> None:
    old = "\n".join(f"line {number}" for number in range(20))
    lines = compare(old, old.replace("line 10", "other"))
    assert [line.kind for line in lines if line.kind != "same"] == ["skipped", "changed", "skipped"]
    assert (lines[0].skipped, lines[-1].skipped) == (7, 6)


def test_one_column_shows_what_was_before_what_is() -> None:
    lines = unified(compare("a 1 x\nb 1 x", "a 2 x\nb 2 x"))
    assert [line.kind for line in lines] == ["removed", "removed", "added", "added"]


def test_a_million_characters_are_compared_in_time() -> None:
    old = "\n".join(f"{number} {'x' * 40}" for number in range(20_000))
    new = "\n".join(f"{number} {'y' * 40}" for number in range(20_000, 40_000))
    began = time.process_time()
    assert compare(old, new)
    assert time.process_time() - began < 3
