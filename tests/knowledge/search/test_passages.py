"""An article in passages, and as the index takes it in."""

from __future__ import annotations

from knowledge.search.passages import LONGEST, file_passages, passages
from knowledge.search.prepared import MOST_PASSAGES, prepare

PAGE = """Before any *heading*, a [link](../a.md "A").

> [!NOTE]
> Mind the **gap**.

## Set up

```sh
# no heading
install it
```

| a | b |
|---|---|
| one | two |

### Then
![flow](images/flow.png)
{{file: src/Main.kt}}
- first
"""


def test_a_passage_under_each_heading_as_a_reader_sees_it() -> None:
    first, second, third = passages(PAGE)
    assert (first.heading, first.text) == ("", "Before any heading, a link. Mind the gap .")
    assert (second.heading, second.text) == ("Set up", "# no heading install it a b one two")
    assert second.prose == "a b one two"
    assert (third.heading, third.text) == ("Then", "flow first")


def test_stars_go_where_they_emphasize_and_stay_where_they_count() -> None:
    (one,) = passages(
        "*Keys → k4*, **bold** 和 _late_: 2 * 3 * 4, `ERR_TOKEN_GONE`, char *a, *b; x_y_z"
    )
    assert one.text == "Keys → k4, bold 和 late: 2 * 3 * 4, ERR_TOKEN_GONE , char *a, *b; x_y_z"


def test_long_parts_are_cut_at_lines() -> None:
    page = "## One\n" + "word " * 300 + ("\n" + "word " * 300) * 20
    parts = passages(page)
    assert len(parts) > 1
    assert {part.heading for part in parts} == {"One"}
    assert max(len(part.text) for part in parts) < 2 * LONGEST
    assert sum(part.text.count("word") for part in parts) == 300 * 21


def test_code_is_found_by_its_file() -> None:
    (part,) = file_passages("src/Main.kt", "fun main() {\n  join()\n}")
    assert (part.heading, part.text, part.prose) == ("src/Main.kt", "fun main() { join() }", "")


def test_title_and_heading_weigh_more() -> None:
    made = prepare(title="Mute", summary="", body="## Camera\n\nMute the camera.")
    assert made.passages[0].counts == {"mute": 3, "camera": 3}
    assert made.counts == {"mute": 2, "camera": 2}


def test_a_summary_is_a_passage_and_so_is_a_bare_title() -> None:
    with_summary = prepare(title="Mute", summary="In one sentence.", body="Text.")
    assert [part.text for part in with_summary.passages] == ["In one sentence.", "Text."]
    assert len(prepare(title="Mute", body="").passages) == 1


def test_pages_beyond_measure_are_cut() -> None:
    assert len(prepare(title="Much", body="## A\nb\n" * 2000).passages) == MOST_PASSAGES
