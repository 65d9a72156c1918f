"""The completeness figure: the weighed mean of its parts, each listed with what it counts."""

from __future__ import annotations

import pytest

from knowledge.completeness import MEASURES, completeness

ALL = {measure.key: (10, 10) for measure in MEASURES}


def test_everything_done_is_a_hundred() -> None:
    assert completeness(ALL).percent == 100


def test_the_weights_add_up_to_a_hundred() -> None:
    assert sum(measure.weight for measure in MEASURES) == 100


def test_the_figure_is_the_weighed_mean() -> None:
    made = completeness(ALL | {"codes": (5, 10)})
    assert made.percent == 90
    assert made.points(made.parts[0]) == pytest.approx(10)


def test_a_part_with_nothing_to_count_falls_away() -> None:
    made = completeness({"codes": (1, 2), "notes": (0, 0)})
    assert made.weight == 20
    assert made.percent == 50
    assert made.parts[1].share is None


def test_nothing_to_count_is_no_figure() -> None:
    made = completeness({})
    assert made.share is None
    assert made.percent is None


def test_not_all_is_never_a_hundred() -> None:
    made = completeness(ALL | {"reviews": (999, 1000)})
    assert made.percent == 99
    assert made.parts[5].percent == 99


def test_points_of_all_parts_are_the_figure() -> None:
    made = completeness({"codes": (1, 3), "reviews": (2, 7), "kinds": (4, 9)})
    assert sum(made.points(part) for part in made.parts) == pytest.approx(100 * (made.share or 0))


def test_more_done_than_there_is_is_refused() -> None:
    with pytest.raises(ValueError, match="codes"):
        completeness({"codes": (3, 2)})
