"""A file of closures that no calendar can be made of is refused, and in bounded time."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tickets.calendar_files import closures_of
from tickets.refusal import Refusal

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=NEVER", "broken"),
        ("FREQ=YEARLY;INTERVAL=0", "more often than once a day"),
        ("FREQ=YEARLY;INTERVAL=-1", "broken|more often than once a day"),
        ("FREQ=SECONDLY", "more often than once a day"),
    ],
)
def test_a_repetition_nobody_could_mean_is_refused(rule: str, why: str) -> None:
    file = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261225\r\n"
        f"RRULE:{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    with pytest.raises(Refusal, match=why):
        closures_of(file.encode(), ZoneInfo("Asia/Shanghai"), TODAY)


def test_an_event_that_ends_before_it_begins_closes_nothing() -> None:
    file = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTART:20261224T080000\r\nDURATION:-P2D\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    with pytest.raises(Refusal, match="broken"):
        closures_of(file.encode(), ZoneInfo("Asia/Shanghai"), TODAY)
