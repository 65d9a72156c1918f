"""Time zones by name: those this machine has lost since count as UTC and stop nothing."""

from __future__ import annotations

from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from accounts.readers import as_read_by
from accounts.time_zones import known_time_zone, time_zones, zone_or_utc


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc", "Asia", "asia\0shanghai"])
def test_a_zone_nobody_knows_is_refused_and_counts_as_utc(name: str) -> None:
    with pytest.raises(ValidationError, match="is not a time zone"):
        known_time_zone(name)
    assert zone_or_utc(name) == ZoneInfo("UTC")


def test_a_known_zone_is_taken() -> None:
    known_time_zone("Asia/Shanghai")
    assert zone_or_utc("Asia/Shanghai") == ZoneInfo("Asia/Shanghai")
    assert time_zones()[0] == "UTC"
    assert "Asia/Shanghai" in time_zones()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "read_in"), [("Asia/Shanghai", "Asia/Shanghai"), ("Mars/Olympus", "UTC")]
)
def test_what_is_written_for_a_reader_is_in_their_language_and_zone(
    cast: SimpleNamespace, zone: str, read_in: str
) -> None:
    cast.developer.language, cast.developer.time_zone = "zh-hans", zone
    with as_read_by(cast.developer):
        assert timezone.get_current_timezone_name() == read_in
        assert translation.get_language() == "zh-hans"
