"""The one ladder a team had becomes a ladder of its own, on a database with rows."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from portal.database import DatabaseUrls
from portal.provision import create_database, drop_database, prepare_database
from tests.database import FRESH, ROOT, TestServer, environment

TEAM = """
insert into tickets_team (name, is_default, rounds) values (%s, false, %s)
returning id
"""
STEP = """
insert into tickets_ladderstep (team_id, position, kind, patience_seconds) values (%s, %s, %s, %s)
"""
FOUND = """
select team.name, ladder.severity, ladder.rounds, ladder.silence_minutes, step.position,
  step.kind, step.patience_seconds, step.level, step.times
from tickets_ladderstep step join tickets_ladder ladder on ladder.id = step.ladder_id
  join tickets_team team on team.id = ladder.team_id
order by team.name, step.position
"""


@pytest.fixture
def empty_database(database_server: TestServer) -> Iterator[DatabaseUrls]:
    """Nothing migrated yet."""
    name = f"{FRESH}ladders_{os.getpid()}_{secrets.token_hex(3)}"
    create_database(database_server.superuser_url, name)
    urls = database_server.urls(name)
    prepare_database(urls.owner)
    try:
        yield urls
    finally:
        drop_database(database_server.superuser_url, name)


def migrate(urls: DatabaseUrls, *to: str) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--no-input", "-v0", *to]
    done = subprocess.run(  # noqa: S603  our own command line
        command, env=environment(urls, VIGIL_AS_OWNER="1"), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def team(owner: psycopg.Connection, name: str, rounds: int) -> int:
    row = owner.execute(TEAM, [name, rounds]).fetchone()
    assert row is not None
    return int(row[0])


def test_rounds_and_steps_of_each_team_are_carried_over(
    empty_database: DatabaseUrls,
) -> None:
    migrate(empty_database, "tickets", "0014_calendar_feeds")
    with psycopg.connect(empty_database.owner, autocommit=True) as owner:
        first, many = team(owner, "First", 2), team(owner, "Many", 99)
        team(owner, "Without steps", 3)
        owner.execute(STEP, [first, 0, "leads", 60])
        owner.execute(STEP, [first, 1, "leads", 90])
        owner.execute(STEP, [many, 0, "leads", 120])
    migrate(empty_database, "tickets", "0015_ladders")
    with psycopg.connect(empty_database.owner, autocommit=True) as owner:
        late = team(owner, "Of the version before", 4)  # it goes on writing the old columns
        owner.execute(STEP, [late, 0, "leads", 30])
        owner.execute(STEP, [first, 2, "leads", 45])
    migrate(empty_database)
    with psycopg.connect(empty_database.owner) as owner:
        assert owner.execute(FOUND).fetchall() == [
            ("First", "", 2, 15, 0, "leads", 60, "", 1),
            ("First", "", 2, 15, 1, "leads", 90, "", 1),
            ("First", "", 2, 15, 4, "leads", 45, "", 1),
            ("Many", "", 20, 15, 0, "leads", 120, "", 1),
            ("Of the version before", "", 4, 15, 0, "leads", 30, "", 1),
        ]
        empty = "select count(*) from tickets_ladder ladder where not exists (select from"
        empty += " tickets_ladderstep step where step.ladder_id = ladder.id)"
        assert owner.execute(empty).fetchone() == (0,)
