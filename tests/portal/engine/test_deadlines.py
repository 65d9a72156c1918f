"""Deadlines: each handled once, none held up by another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from accounts import agenda
from accounts.models import Deadline
from portal.engine import deadlines
from portal.engine.handlers import HANDLERS
from tests.factories import NOON
from tests.portal.conftest import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the rows of kind "ladder.start" that were handled, in order."""
    keys: list[str] = []

    def note(row: Deadline, now: dt.datetime) -> None:
        if "poison" in row.key:
            raise RuntimeError("This row cannot be handled.")
        keys.append(row.key)

    monkeypatch.setitem(HANDLERS, "ladder.start", note)
    return keys


def plan(key: str, *, after: float = 0, kind: str = "ladder.start") -> None:
    agenda.schedule(
        kind=kind,
        key=key,
        due_at=NOON + dt.timedelta(seconds=after),
        subject="test",
        organization_id=None,
    )


def test_a_deadline_is_handled_once_and_not_before_its_time(
    clock: Clock, handled: list[str], handle_due: Callable[[], None]
) -> None:
    plan("later", after=60)
    handle_due()
    assert handled == []
    clock.forward(seconds=60)
    handle_due()
    handle_due()
    assert handled == ["later"]
    assert Deadline.objects.get(key="later").settled_at == clock.now


def test_those_due_longest_come_first(
    clock: Clock, handled: list[str], handle_due: Callable[[], None]
) -> None:
    plan("third", after=3)
    plan("first", after=1)
    plan("second", after=2)
    clock.forward(seconds=5)
    handle_due()
    assert handled == ["first", "second", "third"]


def test_a_poisoned_row_waits_longer_each_time_and_holds_up_no_other(
    clock: Clock, handled: list[str], handle_due: Callable[[], None]
) -> None:
    plan("poison")
    plan("healthy", after=1)
    clock.forward(seconds=1)
    handle_due()
    assert handled == ["healthy"]
    pauses = []
    for _attempt in range(6):
        row = Deadline.objects.get(key="poison")
        pauses.append((row.claimable_at - clock.now).total_seconds())
        clock.now = row.claimable_at
        handle_due()
    assert pauses == [2, 4, 8, 16, 32, 60]
    assert Deadline.objects.get(key="poison").last_error.startswith("RuntimeError: This row")


def test_after_eight_attempts_a_row_waits_in_quarantine(
    clock: Clock, handled: list[str], handle_due: Callable[[], None]
) -> None:
    plan("poison")
    for _attempt in range(20):
        handle_due()
        clock.forward(seconds=61)
    row = Deadline.objects.get(key="poison")
    assert (row.attempts, row.settled_at) == (8, None)
    assert row.failed_at is not None


def test_what_a_failed_handler_wrote_is_undone(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, handle_due: Callable[[], None]
) -> None:
    def half(row: Deadline, now: dt.datetime) -> None:
        plan("written by half a handler", after=3600)
        raise RuntimeError("Then it fails.")

    monkeypatch.setitem(HANDLERS, "ladder.start", half)
    plan("half")
    handle_due()
    assert not Deadline.objects.filter(key="written by half a handler").exists()
    assert Deadline.objects.get(key="half").attempts == 1


def test_a_database_error_in_a_handler_is_that_rows_failure_alone(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, handle_due: Callable[[], None]
) -> None:
    def broken(row: Deadline, now: dt.datetime) -> None:
        Deadline.objects.create(key=row.key, kind="x", subject="x", due_at=now, claimable_at=now)

    monkeypatch.setitem(HANDLERS, "ladder.start", broken)
    plan("a key that is there already")
    handle_due()
    assert Deadline.objects.get(key="a key that is there already").attempts == 1


def test_a_kind_nobody_knows_is_kept_for_whoever_knows_it(
    clock: Clock, handle_due: Callable[[], None]
) -> None:
    plan("strange", kind="from.the.future")
    handle_due()
    row = Deadline.objects.get(key="strange")
    assert (row.settled_at, row.attempts) == (None, 1)


def test_promises_do_not_wait_behind_chores(clock: Clock, handled: list[str]) -> None:
    plan("chore", kind="event.announce")
    plan("page somebody", after=1)
    clock.forward(seconds=1)
    assert deadlines.handle_next(promises=True)
    assert handled == ["page somebody"]


def test_the_next_look_is_when_something_falls_due_and_within_a_second(
    clock: Clock, handled: list[str]
) -> None:
    assert deadlines.seconds_until_next(promises=True) == 1.0
    plan("soon", after=0.25)
    plan("in an hour", after=3600)
    assert deadlines.seconds_until_next(promises=True) == pytest.approx(0.25)
