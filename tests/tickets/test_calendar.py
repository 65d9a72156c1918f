"""Working time: what counts, what does not, and what happens when the clocks change."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tickets.refusal import Refusal
from tickets.sla.calendar import AroundTheClock, Calendar
from tickets.sla.hours import Span
from tickets.sla.weekly_calendar import WeeklyCalendar
from tickets.sla.written_calendar import WEEKDAYS, Written, read_calendar

HOUR = 3600
WORKDAYS: dict[str, Written] = {
    day: [("09:00", "12:00"), ("13:00", "18:00")] for day in WEEKDAYS[:5]
}
SHANGHAI = read_calendar(
    zone="Asia/Shanghai",
    weekly=WORKDAYS,
    closed=[date(2026, 10, day) for day in range(1, 8)],
    special={date(2026, 9, 27): [("10:00", "16:00")], date(2026, 9, 30): [("09:00", "15:00")]},
    breaks={date(2026, 9, 28): [("14:00", "14:30")]},
)
NIGHTS = read_calendar(zone="Europe/Berlin", weekly={day: [("22:00", "06:00")] for day in WEEKDAYS})
ALWAYS = read_calendar(
    zone="America/New_York", weekly={day: [("00:00", "24:00")] for day in WEEKDAYS}
)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


ADDED = [
    ("within a morning", "2026-09-24 09:30", 1 * HOUR, "2026-09-24 10:30"),
    ("over the lunch break", "2026-09-24 11:30", 1 * HOUR, "2026-09-24 13:30"),
    ("up to the close, not the next opening", "2026-09-24 17:00", 1 * HOUR, "2026-09-24 18:00"),
    ("over a night", "2026-09-24 17:30", 1 * HOUR, "2026-09-25 09:30"),
    ("from before the opening", "2026-09-24 03:00", 1 * HOUR, "2026-09-24 10:00"),
    ("nothing, to the next opening", "2026-09-24 18:00", 0, "2026-09-25 09:00"),
    ("over a Saturday to a working Sunday", "2026-09-25 17:00", 2 * HOUR, "2026-09-27 11:00"),
    ("around a break of one date", "2026-09-28 13:30", 1 * HOUR, "2026-09-28 15:00"),
    ("over short hours and a holiday", "2026-09-30 14:00", 2 * HOUR, "2026-10-08 10:00"),
]


@pytest.mark.parametrize(
    ("start", "seconds", "end"), [c[1:] for c in ADDED], ids=[c[0] for c in ADDED]
)
def test_adding_working_time(start: str, seconds: float, end: str) -> None:
    assert SHANGHAI.add(shanghai(start), seconds) == shanghai(end)


SUBTRACTED = [
    ("within a morning", "2026-09-24 10:30", 1 * HOUR, "2026-09-24 09:30"),
    ("over the lunch break", "2026-09-24 13:30", 1 * HOUR, "2026-09-24 11:30"),
    ("back to the opening, not the last close", "2026-09-24 10:00", 1 * HOUR, "2026-09-24 09:00"),
    ("nothing, to the last close", "2026-09-24 09:00", 0, "2026-09-23 18:00"),
    ("over a holiday and short hours", "2026-10-08 10:00", 2 * HOUR, "2026-09-30 14:00"),
]


@pytest.mark.parametrize(
    ("start", "seconds", "end"), [c[1:] for c in SUBTRACTED], ids=[c[0] for c in SUBTRACTED]
)
def test_subtracting_working_time(start: str, seconds: float, end: str) -> None:
    assert SHANGHAI.subtract(shanghai(start), seconds) == shanghai(end)


BETWEEN = [
    ("a whole week", "2026-09-14 00:00", "2026-09-21 00:00", 40 * HOUR),
    ("a week of holiday", "2026-10-01 00:00", "2026-10-08 00:00", 0),
    ("a make-up working day", "2026-09-26 00:00", "2026-09-28 00:00", 6 * HOUR),
    ("nothing, backwards", "2026-09-25 00:00", "2026-09-24 00:00", 0),
]


@pytest.mark.parametrize(
    ("a", "b", "seconds"), [c[1:] for c in BETWEEN], ids=[c[0] for c in BETWEEN]
)
def test_working_time_between(a: str, b: str, seconds: float) -> None:
    assert SHANGHAI.between(shanghai(a), shanghai(b)) == seconds


OPEN = [
    ("2026-09-24 09:00", True),
    ("2026-09-24 12:00", False),
    ("2026-09-24 12:59", False),
    ("2026-09-24 17:59", True),
    ("2026-09-24 18:00", False),
    ("2026-09-26 10:00", False),
    ("2026-09-27 10:00", True),
    ("2026-09-27 09:30", False),
    ("2026-10-01 10:00", False),
]


@pytest.mark.parametrize(("at", "is_open"), OPEN)
def test_being_open_includes_the_opening_and_not_the_close(at: str, is_open: bool) -> None:
    assert SHANGHAI.is_open(shanghai(at)) is is_open


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    monday = date(2026, 9, 14)
    nights = read_calendar(
        zone="UTC", weekly={"mon": [("22:00", "06:00")]}, closed=[date(2026, 9, 15)]
    )
    assert nights.is_open(datetime(2026, 9, 15, 5, tzinfo=UTC))
    shut = read_calendar(zone="UTC", weekly={"mon": [("22:00", "06:00")]}, closed=[monday])
    assert not shut.is_open(datetime(2026, 9, 15, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("evening", "hours"),
    [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 6, 1), 8)],
    ids=["spring", "autumn", "summer"],
)
def test_a_night_shift_lasts_as_long_as_it_really_lasts(evening: date, hours: int) -> None:
    noon = datetime(evening.year, evening.month, evening.day, 12, tzinfo=UTC)
    assert NIGHTS.between(noon, noon + timedelta(days=1)) == hours * HOUR


def test_days_up_to_midnight_leave_no_gap_when_the_clocks_change() -> None:
    a, b = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert ALWAYS.between(a, b) == (b - a).total_seconds()


def test_a_close_in_the_skipped_hour_does_not_count_twice() -> None:
    day = read_calendar(
        zone="Europe/Berlin", weekly={"sun": [("01:00", "02:30"), ("03:00", "05:00")]}
    )
    a = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert (
        day.between(a, a + timedelta(days=1)) == 3 * HOUR
    )  # 01:00 to 05:00, less the skipped hour
    assert [closes - opens for opens, closes in day.open_periods(a, a + timedelta(days=1))] == [
        timedelta(hours=1.5),
        timedelta(hours=1.5),
    ]


def test_local_time_of_the_asker_does_not_matter() -> None:
    assert SHANGHAI.add(shanghai("2026-09-24 11:30").astimezone(UTC), HOUR).tzinfo is UTC
    assert SHANGHAI.is_open(datetime(2026, 9, 24, 1, tzinfo=UTC))


def test_working_days_keep_the_wall_time() -> None:
    friday = shanghai("2026-09-25 17:00")  # the Sunday after works, until 16:00
    assert SHANGHAI.add_days(friday, 1) == shanghai("2026-09-28 09:00")
    assert SHANGHAI.subtract_days(shanghai("2026-10-08 11:00"), 1) == shanghai("2026-09-30 11:00")
    with pytest.raises(ValueError, match="negative"):
        SHANGHAI.add_days(friday, -1)


@pytest.mark.parametrize("calendar", [AroundTheClock(), SHANGHAI], ids=["always", "weekly"])
def test_naive_times_and_negative_amounts_are_refused(calendar: Calendar) -> None:
    naive, aware = datetime(2026, 9, 24, 9), datetime(2026, 9, 24, 9, tzinfo=UTC)
    calls: list[Callable[[], object]] = [
        lambda: calendar.add(naive, 1),
        lambda: calendar.subtract(naive, 1),
        lambda: calendar.between(naive, aware),
        lambda: calendar.between(aware, naive),
        lambda: calendar.is_open(naive),
        lambda: list(calendar.open_periods(naive, aware)),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="no time zone"):
            call()
    with pytest.raises(ValueError, match="negative"):
        calendar.add(aware, -1)
    with pytest.raises(ValueError, match="negative"):
        calendar.subtract(aware, -1)


def test_around_the_clock_counts_every_second() -> None:
    a, b = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC)
    clock = AroundTheClock()
    assert clock.add(a, 86400) == b
    assert clock.subtract(b, 86400) == a
    assert clock.between(a, b) == 86400
    assert clock.between(b, a) == 0
    assert list(clock.open_periods(a, b)) == [(a, b)]
    assert list(clock.open_periods(b, a)) == []


REFUSED: list[tuple[str, dict[str, Written], str]] = [
    ("Mars/Olympus", WORKDAYS, "There is no time zone named “Mars/Olympus”."),
    ("../etc", WORKDAYS, "There is no time zone named “../etc”."),
    ("", WORKDAYS, "There is no time zone named “”."),
    ("UTC", {}, "The calendar has no opening hours."),
    ("UTC", {"mon": []}, "The calendar has no opening hours."),
    ("UTC", {"monday": [("9:00", "17:00")]}, "“monday” is not a day of the week."),
    (
        "UTC",
        {"mon": [("9:00", "25:00")]},
        "“25:00” is not a time; write it as 09:00, at most 24:00.",
    ),
    ("UTC", {"mon": [("9", "17:00")]}, "“9” is not a time; write it as 09:00, at most 24:00."),
    ("UTC", {"mon": [("9:00", "9:00")]}, "9:00–9:00 is no time span; all day is 00:00–24:00."),
    ("UTC", {"mon": [("9:00",)]}, "A time span needs an opening and a closing time."),
    (
        "UTC",
        {"mon": [("13:00", "17:00"), ("09:00", "13:30")]},
        "The time spans 09:00–13:30 and 13:00–17:00 overlap.",
    ),
    (
        "UTC",
        {"sun": [("22:00", "06:00")], "mon": [("05:00", "12:00")]},
        "The time spans 22:00–06:00 and 05:00–12:00 overlap.",
    ),
]


@pytest.mark.parametrize(("zone", "weekly", "sentence"), REFUSED)
def test_unusable_hours_are_refused_in_a_sentence(
    zone: str, weekly: dict[str, Written], sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        read_calendar(zone=zone, weekly=weekly)
    assert str(refused.value) == sentence
    assert refused.value.sentence % refused.value.values == sentence


NIGHT_AND_DAY: dict[str, Written] = {"thu": [("22:00", "06:00")], "fri": [("09:00", "17:00")]}
FRIDAY, SATURDAY = date(2026, 9, 25), date(2026, 9, 26)


@pytest.mark.parametrize(
    ("special", "closed", "sentence"),
    [
        ({FRIDAY: [("06:00", "12:00")]}, [], ""),
        (
            {FRIDAY: [("05:00", "12:00")]},
            [],
            "The hours 22:00–06:00 of 2026-09-24 run into those of the next day, 05:00–12:00.",
        ),
        ({FRIDAY: [("05:00", "12:00")]}, [date(2026, 9, 24)], ""),
        (
            {FRIDAY: [("20:00", "08:00")], SATURDAY: [("07:30", "09:00")]},
            [],
            "The hours 20:00–08:00 of 2026-09-25 run into those of the next day, 07:30–09:00.",
        ),
        ({FRIDAY: [("20:00", "08:00")]}, [], ""),
    ],
)
def test_hours_of_a_special_day_that_overlap_its_neighbours_are_refused(
    special: dict[date, Written], closed: list[date], sentence: str
) -> None:
    calendar = read_calendar(zone="UTC", weekly=NIGHT_AND_DAY, special=special, closed=closed)
    if not sentence:
        calendar.refuse_overlapping_days()
        return
    with pytest.raises(Refusal) as refused:
        calendar.refuse_overlapping_days()
    assert refused.value.sentence % refused.value.values == sentence


def test_hours_that_run_out_are_said_to() -> None:
    once = read_calendar(zone="UTC", weekly={}, special={date(2026, 9, 24): [("09:00", "10:00")]})
    before = datetime(2026, 9, 1, tzinfo=UTC)
    assert once.add(before, HOUR) == datetime(2026, 9, 24, 10, tzinfo=UTC)
    with pytest.raises(ValueError, match="hundred years"):
        once.add(before, HOUR + 1)
    with pytest.raises(ValueError, match="hundred years"):
        once.subtract(before, 1)


def test_impossible_spans_cannot_be_built() -> None:
    for opens, closes in [(-1, 5), (1440, 1500), (600, 600), (600, 2041)]:
        with pytest.raises(ValueError, match="no span"):
            Span(opens, closes)
    with pytest.raises(ValueError, match="seven"):
        WeeklyCalendar(SHANGHAI.zone, ())
