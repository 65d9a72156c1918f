"""One look into the database finds what waits and what failed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from accounts import agenda
from accounts.models import Deadline, Delivery
from accounts.tenancy import DatabaseRole, acting_as, database_now
from portal.engine.beat import Beat
from portal.watchdog.canary import CHANNELS, Canaries, Receiver
from portal.watchdog.in_database import DatabaseLook, Drift, Pulse

pytestmark = pytest.mark.django_db


@pytest.fixture
def look() -> DatabaseLook:
    lanes = [Canaries(0.0, channel) for channel in CHANNELS]
    return DatabaseLook(lanes, Receiver("127.0.0.1", 1), lambda: ["disk"])


def deadline(kind: str, late: float, now: dt.datetime) -> None:
    agenda.schedule(
        kind=kind,
        key=f"{kind}-{late}",
        due_at=now - dt.timedelta(seconds=late),
        subject="test",
        organization_id=None,
    )


def test_it_plants_a_canary_for_each_lane_and_leaves_its_beat(look: DatabaseLook) -> None:
    look()
    look()
    with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
        planted = Deadline.objects.order_by("key").values_list("kind", "data__channel")
        assert sorted(planted) == [("canary", "email"), ("canary", "push")]
        cursor.execute("select process, troubles from portal_process_beat")
        assert cursor.fetchall() == [("watchdog", '["disk"]')]


def test_what_waits_longest_is_found_in_each_lane(look: DatabaseLook) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        deadline("ladder.step", 40, now)
        deadline("ladder.step", 90, now)
        deadline("ladder.step", -90, now)
        deadline("ticket.close", 400, now)
        agenda.send(
            kind=Delivery.Kind.PAGE, key="page", channel="push", address="json://x",
            subject="test", payload={}, due_at=now - dt.timedelta(seconds=70),
            organization_id=None,
        )  # fmt: skip
        Deadline.objects.filter(key="ladder.step-90").update(
            claimable_at=now + dt.timedelta(seconds=30)  # it failed, and is tried again later
        )
    found = look()
    assert found.deadline_late is not None
    assert 90 <= found.deadline_late < 100
    assert found.chore_late is not None
    assert 400 <= found.chore_late < 410
    assert found.page_late is not None
    assert 70 <= found.page_late < 80


def test_what_lies_in_quarantine_is_counted(look: DatabaseLook) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        for minutes in (1, 10, 20):
            for kind in ("ladder.step", "event.announce"):
                deadline(kind, minutes, now)
                Deadline.objects.filter(key=f"{kind}-{minutes}").update(
                    failed_at=now - dt.timedelta(minutes=minutes)
                )
    found = look()
    assert found.failed_deadlines == 2
    assert found.lost_promises == 3, "nobody is rung for them, however old they are"


def test_a_beat_counts_by_its_change_and_not_by_its_date(look: DatabaseLook) -> None:
    beat = Beat()
    beat.turn()
    with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
        cursor.execute("update portal_engine_beat set beat_at = beat_at + interval '1 hour'")
    first, second = look(), look()
    assert first.engine_silent == 0.0
    assert second.engine_silent > 0.0


def test_a_pulse_is_silent_since_its_last_change() -> None:
    pulse = Pulse(0.0)
    assert [pulse.silent_for(v, t) for v, t in (("a", 5.0), ("a", 9.0), ("b", 12.0))] == [0, 4, 0]
    assert Pulse(3.0).silent_for(None, 10.0) == 7.0


def test_a_clock_that_jumped_is_known_for_a_quarter_of_an_hour() -> None:
    drift = Drift()
    seen = [(100.0, 0.0), (103.0, 3.0), (3706.0, 6.0), (3709.5, 9.0), (4600.0, 900.5)]
    assert [drift.seen(theirs, ours) for theirs, ours in seen] == [0, 0, 3600, 3600, 3600]
    assert abs(drift.seen(4607.0, 907.5)) < 2


def test_what_a_jump_made_late_is_late_only_since_then(
    look: DatabaseLook, monkeypatch: pytest.MonkeyPatch
) -> None:
    look()
    with acting_as(DatabaseRole.ENGINE) as now:
        deadline("ladder.step", -1800, now)
    real = database_now
    ahead = dt.timedelta(hours=1)
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: real(read) + ahead)
    found = look()
    assert found.clock_jumped == pytest.approx(3600, abs=5)
    assert found.deadline_late == pytest.approx(0, abs=5)
