"""What must hold of calendars and clocks whatever the hours, the zone and the moment."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.instants import first_reading, wall, zone_named
from tickets.sla.calendar import AroundTheClock, Calendar
from tickets.sla.clock import Terms, replay
from tickets.sla.facts import Fact, FactKind
from tickets.sla.regrading import fair_terms
from tickets.sla.written_calendar import WEEKDAYS, Written, read_calendar

ZONES = [
    "UTC",
    "Asia/Shanghai",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # half an hour
    "America/Sao_Paulo",  # at midnight, until 2019
    "Pacific/Apia",  # without 30 December 2011
    "Africa/Casablanca",  # four changes a year, around Ramadan
]
YEAR = 366 * 86400
instants = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
amounts = st.one_of(st.integers(0, 40 * 86400), st.floats(0, 1e6, allow_subnormal=False)).map(
    lambda seconds: round(float(seconds), 6)
)


@st.composite
def weeks(draw: st.DrawFn) -> dict[str, Written]:
    """Up to three spans on some days, on quarters of an hour, the last perhaps past midnight."""
    week: dict[str, Written] = {}
    for day in draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1)):
        ends = sorted(draw(st.sets(st.integers(20, 96), min_size=2, max_size=6)))
        times = [f"{quarter // 4:02}:{quarter % 4 * 15:02}" for quarter in ends]
        spans = list(zip(times[::2], times[1::2], strict=False))
        if len(times) % 2 and times[-1] != "24:00":
            spans.append((times[-1], "02:30"))
        week[day] = spans
    return week


calendars: st.SearchStrategy[Calendar] = st.one_of(
    st.just(AroundTheClock()),
    st.builds(
        lambda zone, weekly: read_calendar(zone=zone, weekly=weekly),
        st.sampled_from(ZONES),
        weeks(),
    ),
)
quick = settings(max_examples=60, deadline=None)


@quick
@given(calendars, instants, amounts)
def test_what_is_added_lies_between(calendar: Calendar, start: datetime, seconds: float) -> None:
    assert calendar.between(start, calendar.add(start, seconds)) == seconds


@quick
@given(calendars, instants, amounts)
def test_what_is_subtracted_lies_between(calendar: Calendar, end: datetime, seconds: float) -> None:
    assert calendar.between(calendar.subtract(end, seconds), end) == seconds


@quick
@given(calendars, st.tuples(instants, instants), amounts)
def test_a_later_start_is_never_due_earlier(
    calendar: Calendar, starts: tuple[datetime, datetime], seconds: float
) -> None:
    earlier, later = sorted(starts)
    assert calendar.add(earlier, seconds) <= calendar.add(later, seconds)


@quick
@given(calendars, instants, st.tuples(amounts, amounts))
def test_a_longer_promise_is_never_due_earlier(
    calendar: Calendar, start: datetime, targets: tuple[float, float]
) -> None:
    shorter, longer = sorted(targets)
    assert calendar.add(start, shorter) <= calendar.add(start, longer)


@quick
@given(calendars, instants, st.lists(st.integers(0, YEAR // 12), min_size=2, max_size=2))
def test_working_time_adds_up(calendar: Calendar, a: datetime, lengths: list[int]) -> None:
    b = a + timedelta(seconds=lengths[0])
    c = b + timedelta(seconds=lengths[1])
    parts = calendar.between(a, b) + calendar.between(b, c)
    assert round(parts, 6) == calendar.between(a, c) <= (c - a).total_seconds()


@quick
@given(calendars, instants, st.integers(1, YEAR // 12))
def test_openings_are_in_order_and_disjoint(calendar: Calendar, a: datetime, length: int) -> None:
    b = a + timedelta(seconds=length)
    periods = list(calendar.open_periods(a, b))
    edges = [edge for period in periods for edge in period]
    assert edges == sorted(edges)
    assert all(a <= start < end <= b for start, end in periods)
    assert all(calendar.is_open(start) for start, _ in periods)


@quick
@given(st.sampled_from(ZONES), instants, st.integers(0, YEAR))
def test_no_instant_is_lost_or_counted_twice(zone: str, a: datetime, length: int) -> None:
    always = read_calendar(
        zone=zone, weekly={day: [("00:00", "09:15"), ("09:15", "24:00")] for day in WEEKDAYS}
    )
    assert always.between(a, a + timedelta(seconds=length)) == length


@quick
@given(st.sampled_from(ZONES), instants, st.integers(0, YEAR))
def test_open_and_shut_halves_make_a_whole(zone: str, a: datetime, length: int) -> None:
    day = read_calendar(zone=zone, weekly={name: [("05:00", "21:30")] for name in WEEKDAYS})
    night = read_calendar(zone=zone, weekly={name: [("21:30", "05:00")] for name in WEEKDAYS})
    b = a + timedelta(seconds=length)
    assert round(day.between(a, b) + night.between(a, b), 6) == length


@quick
@given(st.sampled_from(ZONES), instants)
def test_a_wall_time_is_first_shown_at_its_first_reading(zone: str, at: datetime) -> None:
    place, shown = zone_named(zone), wall(at, zone_named(zone))
    first = first_reading(shown, place)
    assert first <= at
    assert wall(first, place) == shown
    skipped = first_reading(shown.replace(minute=30, second=0, microsecond=0), place)
    assert wall(skipped, place) >= shown.replace(minute=30, second=0, microsecond=0)
    assert wall(skipped - timedelta(microseconds=1), place) < wall(skipped, place)


def told(start: datetime, kinds: Sequence[FactKind], offsets: Sequence[int]) -> list[Fact]:
    return [
        Fact(kind, start + timedelta(seconds=offset))
        for kind, offset in zip(kinds, offsets, strict=True)
    ]


STARTED, PAUSED, RESUMED = FactKind.STARTED, FactKind.PAUSED, FactKind.RESUMED
offsets = st.lists(st.integers(0, 30 * 86400), min_size=3, max_size=3).map(sorted)
targets = st.integers(1, 10 * 86400)


@quick
@given(calendars, instants, targets, offsets)
def test_a_pause_never_makes_a_promise_due_earlier(
    calendar: Calendar, start: datetime, target: int, at: list[int]
) -> None:
    terms = Terms(target, calendar, pausable=True)
    plain = replay(terms, told(start, [STARTED], [0]))
    paused = replay(terms, told(start, [STARTED, PAUSED, RESUMED], [0, at[0], at[2]]))
    assert plain.due_at is not None
    assert paused.due_at is not None
    assert paused.due_at >= plain.due_at


@quick
@given(calendars, instants, targets, offsets)
def test_splitting_a_pause_in_two_touching_ones_changes_nothing(
    calendar: Calendar, start: datetime, target: int, at: list[int]
) -> None:
    terms = Terms(target, calendar, pausable=True)
    one = told(start, [STARTED, PAUSED, RESUMED], [0, at[0], at[2]])
    split = told(
        start, [STARTED, PAUSED, RESUMED, PAUSED, RESUMED], [0, at[0], at[1], at[1], at[2]]
    )
    assert replay(terms, one) == replay(terms, split)


@quick
@given(calendars, instants, targets, offsets)
def test_retargeting_to_the_same_target_changes_nothing(
    calendar: Calendar, start: datetime, target: int, at: list[int]
) -> None:
    terms = Terms(target, calendar, pausable=True)
    plain = replay(terms, told(start, [STARTED], [0]))
    moment = start + timedelta(seconds=at[0])
    again = replay(
        terms, [Fact(STARTED, start), Fact(FactKind.RETARGETED, moment, target_seconds=target)]
    )
    assert again == plain.at(moment)


@quick
@given(calendars, instants, targets, offsets, st.integers(0, 60 * 86400))
def test_kept_means_done_by_the_due_time(
    calendar: Calendar, start: datetime, target: int, at: list[int], met: int
) -> None:
    terms = Terms(target, calendar, pausable=True)
    paused = told(start, [STARTED, PAUSED, RESUMED], [0, at[0], at[2]])
    running = replay(terms, paused)
    done = Fact(FactKind.MET, start + timedelta(seconds=at[2] + met))
    assert running.due_at is not None
    assert replay(terms, [*paused, done]).kept is (done.at <= running.due_at)


def regraded(
    calendar: Calendar, start: datetime, target: int, wanted: Terms, at: int, *, consent: bool
) -> tuple[datetime | None, datetime | None]:
    """When a clock was due and is due, put under the wanted terms some seconds after its start."""
    terms = Terms(target, calendar, pausable=True)
    before = replay(terms, [Fact(STARTED, start)])
    moment = start + timedelta(seconds=at)
    fair = fair_terms(before.at(moment), wanted, may_end_later=consent)
    again = Fact(
        FactKind.RETARGETED, moment, target_seconds=fair.target_seconds, calendar=fair.calendar
    )
    return before.due_at, replay(terms, [Fact(STARTED, start), again]).due_at


@quick
@given(calendars, calendars, instants, targets, targets, st.integers(0, 20 * 86400))
def test_another_severity_never_ends_later_without_consent(
    calendar: Calendar, other: Calendar, start: datetime, target: int, wanted: int, at: int
) -> None:
    terms = Terms(wanted, other, pausable=True)
    was_due, due = regraded(calendar, start, target, terms, at, consent=False)
    assert was_due is not None
    assert due is not None
    assert due <= was_due


@quick
@given(calendars, calendars, instants, targets, targets, st.integers(0, 20 * 86400))
def test_a_stricter_severity_ends_by_its_own_time_from_now(
    calendar: Calendar, other: Calendar, start: datetime, target: int, wanted: int, at: int
) -> None:
    terms = Terms(wanted, other, pausable=True)
    was_due, due = regraded(calendar, start, target, terms, at, consent=False)
    assert was_due is not None
    assert due is not None
    assert due <= max(was_due, start + timedelta(seconds=at))
    from_now = other.add(start + timedelta(seconds=at), wanted)
    if from_now <= was_due:
        assert due <= from_now
