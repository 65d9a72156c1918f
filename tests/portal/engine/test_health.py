"""What `/healthz` says of engine, worker, watchdog and database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone

from accounts import agenda
from accounts.models import Deadline
from accounts.tenancy import DatabaseRole, acting_as
from portal import process_beats
from portal.engine.beat import Beat

pytestmark = pytest.mark.django_db


def engine(client: Any) -> tuple[int, str]:
    answer = client.get("/healthz")
    return answer.status_code, answer.json()["engine"]


def others_beat(troubles: tuple[str, ...] = ()) -> None:
    with acting_as(DatabaseRole.ENGINE):
        process_beats.write("worker")
        process_beats.write("mail")
        process_beats.write("watchdog", troubles)


def grow_old(seconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update portal_engine_beat set beat_at = beat_at - make_interval(secs => %s)", [seconds]
        )


def test_without_an_engine_it_is_not_well(client: Any) -> None:
    assert engine(client) == (503, "silent")


def test_a_beating_engine_is_well_until_it_falls_silent(client: Any) -> None:
    Beat().turn()
    others_beat()
    answer = client.get("/healthz")
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
    others_beat()
    assert engine(client) == (503, "late")
    Deadline.objects.update(settled_at=now)
    Beat().turn()
    assert engine(client) == (200, "ok")


def test_the_end_of_an_engine_takes_its_beat_away(client: Any) -> None:
    beat = Beat()
    beat.turn()
    beat.end()
    assert engine(client) == (503, "silent")


def test_a_silent_mail_process_is_told(client: Any) -> None:
    Beat().turn()
    others_beat()
    with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
        cursor.execute("delete from portal_process_beat where process = 'mail'")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["mail"]) == (503, "silent")


def test_without_a_database_it_says_so(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(cursor: object) -> None:
        raise OperationalError("no route to host")

    monkeypatch.setattr("portal.alarm_state.read", away)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["database"]) == (503, "down")
    assert answer.json()["watchdog"] == "unknown"


def test_a_silent_worker_or_watchdog_and_what_the_watchdog_finds_are_told(client: Any) -> None:
    Beat().turn()
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["worker"]) == (503, "silent")
    assert answer.json()["watchdog"] == "silent"
    others_beat(("canary",))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["troubles"]) == (503, ["canary"])
    others_beat()
    with acting_as(DatabaseRole.ENGINE), connection.cursor() as cursor:
        cursor.execute("update portal_process_beat set beat_at = beat_at - interval '40 s'")
    assert client.get("/healthz").json()["worker"] == "ok"
    assert client.get("/healthz").json()["watchdog"] == "silent"


def test_the_older_name_answers_too(client: Any) -> None:
    Beat().turn()
    others_beat()
    assert client.get("/health/").json().keys() == client.get("/healthz").json().keys()


def test_nobody_but_the_worker_touches_the_tables_of_pickles() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct grantee::text from information_schema.role_table_grants"
            " where table_name like 'django_q%' and grantee <> 'vigil_owner'"
        )
        grantees = {name for (name,) in cursor.fetchall()}
    assert grantees <= {"vigil_worker"}
    for role in DatabaseRole:
        with pytest.raises(ProgrammingError), acting_as(role), connection.cursor() as cursor:
            cursor.execute("select count(*) from django_q_ormq")
