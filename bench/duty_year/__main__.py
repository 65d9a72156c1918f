"""A year of duty, played through: was anybody forgotten?

    .venv/bin/python -m bench.duty_year [tickets] [seed]

Twelve engineers in three zones, 200 customers, 40,000 tickets; leave, swaps, overrides and
edited rosters at random, and an engine that is killed in mid-transaction again and again. All on
the real database, by the real verbs and handlers; only the time is simulated, and what leaves the
house. The two halves of the year are played side by side, each on a database of its own.
Afterwards the record is read: was every urgent ticket rung within a minute, was nobody rung who
was off duty (reckoned a second time, by hand), did no broken promise go by unescalated?
"""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
import time

from accounts.tenancy import DatabaseRole, acting_as
from bench.duty_year import reckoning
from bench.duty_year.diary import Diary
from bench.duty_year.duty_life import DutyLife
from bench.duty_year.engine import Engine, sweep
from bench.duty_year.regrading import Regrading
from bench.duty_year.tickets_life import SHARES, TicketsLife
from bench.duty_year.world import LENGTH, START, World, build
from bench.harness import Verdict, django_on
from tests.database import test_server
from tickets.models import Ladder, Promise

TICKETS = 40_000
SEED = 20270101
SWEEP = dt.timedelta(hours=6)
STEPS_A_TRANSACTION = 20  # each verb, and each row the engine handles, is a savepoint within
HALVES = 2


def play(half: int, tickets: int, seed: int) -> None:
    """Play one half of the year and print what is found; exit code 1 when anybody was forgotten."""
    start, length = START + half * LENGTH / HALVES, LENGTH / HALVES
    chance = random.Random(seed + half)
    began = time.monotonic()
    with test_server() as server, server.fresh("year") as urls, django_on(urls):
        with acting_as(DatabaseRole.ENGINE):
            world = build()
        diary = Diary(start)
        regrading = Regrading(world, diary, chance)
        life = TicketsLife(world, diary, chance, regrading)
        duties = DutyLife(world, diary, chance)
        engine = Engine(chance, rings=life.rung, drills=duties.drilled, hands_over=life.told)
        duties.plan(start, length)
        for _number in range(tickets):
            customer = chance.choice(world.customers)
            graded = chance.choices(list(SHARES), list(SHARES.values()))[0]
            diary.at(
                start + chance.random() * length,
                lambda now, c=customer, g=graded: life.arrive(c, g, now),  # type: ignore[misc]
            )
        run(diary, engine, until=start + length + dt.timedelta(days=10))
        with acting_as(DatabaseRole.ENGINE):
            report(half, world, engine, life, duties, time.monotonic() - began)


def run(diary: Diary, engine: Engine, *, until: dt.datetime) -> None:
    """Whatever comes first: somebody's act, or something due that the engine handles."""
    swept = diary.now
    due: dt.datetime | None = diary.now
    while True:
        with acting_as(DatabaseRole.ENGINE):
            for _step in range(STEPS_A_TRANSACTION):
                act = diary.next_at()
                following = min((at for at in (act, due) if at is not None), default=None)
                if following is None or following > until:
                    return
                if due is not None and (act is None or due <= act):
                    diary.now = max(diary.now, due)
                else:
                    diary.do_next()
                due = engine.work(diary.now)
            if diary.now - swept > SWEEP:
                swept = diary.now
                sweep()


def report(
    half: int, world: World, engine: Engine, life: TicketsLife, duties: DutyLife, seconds: float
) -> None:
    world.by_hand.read_changes()
    urgent, unpaged = reckoning.unpaged_urgent()
    pages, off_duty = reckoning.rung_off_duty(world)
    forgotten = reckoning.unescalated(reckoning.RINGS)
    silence = Ladder.objects.get(team=world.team).silence_minutes
    silent = reckoning.silent(silence)
    kept = Promise.objects.filter(state=Promise.State.MET, breached_at=None).count()
    broken = Promise.objects.filter(breached_at__isnull=False).count()
    counts = life.counts + life.regrading.counts + duties.counts
    print(f"half {half + 1}, {seconds:.0f} s")
    print("  " + ", ".join(f"{what} {count}" for what, count in sorted(counts.items())))
    print(f"  engine: rows {engine.handled}, kills {engine.kills}, latest {engine.latest}")
    print(f"  promises: kept in time {kept}, broken {broken}")
    verdict = Verdict()
    for what, found in (
        (f"urgent tickets {urgent}, first page later than a minute {len(unpaged)}", unpaged),
        (f"pages of rosters {pages}, to somebody off duty {len(off_duty)}", off_duty),
        (f"broken promises {broken}, unescalated {len(forgotten)}", forgotten),
        (f"taken, then silent for {silence} min, nobody rung {len(silent)}", silent),
    ):
        verdict.expect(not found, what)
        for line in found[:10]:
            print(f"       {line}")
    verdict.expect(engine.latest <= reckoning.AT_MOST, "nothing was handled later than a minute")
    verdict.end()


def main() -> None:
    if "--half" in sys.argv:
        half, tickets, seed = (int(text) for text in sys.argv[2:])
        play(half, tickets, seed)
        return
    given = [int(text) for text in sys.argv[1:]]
    tickets, seed = (given + [TICKETS, SEED][len(given) :])[:2]
    command = [sys.executable, "-m", "bench.duty_year", "--half"]
    with test_server():  # both halves use one server
        playing = [
            subprocess.Popen([*command, str(half), str(tickets // HALVES), str(seed)])
            for half in range(HALVES)
        ]
        codes = [process.wait() for process in playing]
    sys.exit(max(codes))


if __name__ == "__main__":
    main()
