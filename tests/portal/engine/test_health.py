"""What `/health/` says of the engine and the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from accounts import agenda
from accounts.models import Deadline
from portal.engine.beat import Beat

pytestmark = pytest.mark.django_db


def engine(client: Any) -> tuple[int, str]:
    answer = client.get("/health/")
    return answer.status_code, answer.json()["engine"]


def grow_old(seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update portal_engine_beat set beat_at = beat_at - make_interval(secs => %s)", [seconds]
        )


def test_without_an_engine_it_is_not_well(client: Any) -> None:
    assert engine(client) == (503, "silent")


def test_a_beating_engine_is_well_until_it_falls_silent(client: Any) -> None:
    Beat().turn()
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["database"]) == (200, "ok")
    assert "no-store" in answer["Cache-Control"]
    grow_old(20)
    assert engine(client) == (503, "silent")


def test_an_engine_that_does_not_get_to_what_is_due_is_late(client: Any) -> None:
    now = timezone.now()
    agenda.schedule(
        kind="ladder.step",
        key="waiting",
        due_at=now - dt.timedelta(seconds=40),
        subject="test",
        organization_id=None,
    )
    Beat().turn()
    assert engine(client) == (503, "late")
    Deadline.objects.update(settled_at=now)
    Beat().turn()
    assert engine(client) == (200, "ok")


def test_the_end_of_an_engine_takes_its_beat_away(client: Any) -> None:
    beat = Beat()
    beat.turn()
    beat.end()
    assert engine(client) == (503, "silent")


def test_without_a_database_it_says_so(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("no route to host")

    monkeypatch.setattr("portal.health.status", away)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"database": "down", "engine": "unknown"})
