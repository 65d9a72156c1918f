"""What the watchdog takes for wrong, as tables: observations in, troubles out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portal.watchdog.decision import InDatabase, Observation, Trouble, span, troubles

WELL = InDatabase(engine_silent=2.0, worker_silent=30.0)
CALM = Observation(
    watched=10_000.0,
    database_age=3.0,
    database=WELL,
    canary_waits=None,
    canary_age=60.0,
    disk_age=15.0,
    disk_free=50 * 2**30,
    disk_wanted=2**30,
)


def keys(found: tuple[Trouble, ...]) -> list[str]:
    return [one.key for one in found]


def test_when_all_is_well_nothing_is_wrong() -> None:
    assert troubles(CALM) == ()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"engine_silent": 15.0}, []),
        ({"engine_silent": 15.1}, ["engine"]),
        ({"worker_silent": 90.0}, []),
        ({"worker_silent": 90.1}, ["worker"]),
        ({"mail_silent": 30.0}, []),
        ({"mail_silent": 30.1}, ["mail"]),
        ({"mail_late": 60.1}, ["mail"]),
        ({"mailboxes_away": ("imap support@mail.example/INBOX",)}, ["mailboxes"]),
        ({"deadline_late": 30.0}, []),
        ({"deadline_late": 30.1}, ["deadlines"]),
        ({"chore_late": 300.0}, []),
        ({"chore_late": 300.1}, ["chores"]),
        ({"page_late": 60.0}, []),
        ({"page_late": 60.1}, ["pages"]),
        ({"failed_deadlines": 1}, ["quarantine"]),
        ({"lost_promises": 1}, ["promises"]),
        ({"failed_pages": 1}, ["quarantine"]),
        ({"failed_mails": 9}, []),
        ({"failed_mails": 10}, ["quarantine"]),
        ({"clock_jumped": 30.0}, []),
        ({"clock_jumped": 3600.0}, ["clock"]),
        ({"clock_jumped": -3600.0}, ["clock"]),
        ({"engine_silent": 40.0, "worker_silent": 200.0}, ["engine", "worker"]),
        ({"engine_silent": 40.0, "deadline_late": 99.0, "page_late": 99.0}, ["engine"]),
    ],
)
def test_what_is_found_in_the_database(changed: dict[str, Any], expected: list[str]) -> None:
    assert keys(troubles(replace(CALM, database=replace(WELL, **changed)))) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"database_age": 15.0}, []),
        ({"database_age": 15.1}, ["database"]),
        ({"database_age": 99.0, "canary_waits": 99.0, "canary_age": 500.0}, ["database"]),
        ({"database_age": 99.0, "database": None}, ["database"]),
        ({"database": None, "canary_waits": 10.0}, []),
        ({"canary_waits": 60.0}, []),
        ({"canary_waits": 60.1}, ["canary"]),
        ({"canary_age": 120.0}, []),
        ({"canary_age": 120.1}, ["canary"]),
        ({"mailed_waits": 60.0, "mailed_age": 120.0}, []),
        ({"mailed_waits": 60.1}, ["mail-out"]),
        ({"mailed_age": 120.1}, ["mail-out"]),
        ({"disk_free": 2**30}, []),
        ({"disk_free": 2**30 - 1}, ["disk"]),
        ({"disk_free": None}, []),
        ({"disk_age": 60.1}, ["disk"]),
        ({"disk_age": 60.1, "database_age": 20.0}, ["database", "disk"]),
    ],
)
def test_what_is_observed_beside_it(changed: dict[str, Any], expected: list[str]) -> None:
    assert keys(troubles(replace(CALM, **changed))) == expected


@pytest.mark.parametrize(("watched", "expected"), [(15.0, []), (15.5, ["engine"])])
def test_nobody_is_blamed_for_more_than_was_watched(watched: float, expected: list[str]) -> None:
    silent = replace(WELL, engine_silent=3600.0)
    assert keys(troubles(replace(CALM, watched=watched, database=silent))) == expected


def test_after_waking_up_what_waited_meanwhile_gets_its_time() -> None:
    behind = InDatabase(5_000.0, 5_000.0, deadline_late=5_000.0, page_late=5_000.0)
    awake = replace(CALM, watched=1.0, database=behind, canary_waits=5_000.0, canary_age=5_000.0)
    assert troubles(awake) == ()


@pytest.mark.parametrize(
    ("seconds", "text"), [(44.6, "45 s"), (119, "119 s"), (720, "12 min"), (10_800, "3 h")]
)
def test_spans_are_said_in_few_words(seconds: float, text: str) -> None:
    assert span(seconds) == text
