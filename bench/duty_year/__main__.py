"""A year of duty, played through: was anybody forgotten?

    .venv/bin/python -m bench.duty_year [tickets] [seed]

Twelve engineers in three zones, 200 customers, 40,000 tickets; leave, swaps, overrides and
edited rosters at random, and an engine that is killed in mid-transaction again and again. All on
the real database, by the real verbs and handlers; only the time is simulated, and what leaves the
house. The two halves of the year are played side by side, each on a database of its own.
Afterwards the record is read, and reckoned by hand a second time: whatever became urgent rang
somebody within a minute, each ladder rang exactly those on its steps and in time, no promise ran
out unseen or was forgotten after its breach, no silence went unrung, and no shift ended with an
urgent ticket that was not handed over. `bench/README.md` says how the verdict was seen to fail.
"""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
import time
from collections.abc import Iterator

from accounts.tenancy import DatabaseRole, acting_as
from bench.duty_year import reckoning
from bench.duty_year.diary import Diary
from bench.duty_year.duty_life import DutyLife
from bench.duty_year.engine import Engine, sweep
from bench.duty_year.handovers_by_hand import not_handed_over, unheard
from bench.duty_year.ladders_by_hand import wrongly_rung
from bench.duty_year.record import AT_MOST, Record, read
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
AFTERWARDS = dt.timedelta(days=10)
SHOWN = 10


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
        until = start + length + AFTERWARDS
        run(diary, engine, until=until)
        with acting_as(DatabaseRole.ENGINE):
            report(half, world, engine, life, duties, time.monotonic() - began, until)


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
    half: int,
    world: World,
    engine: Engine,
    life: TicketsLife,
    duties: DutyLife,
    seconds: float,
    until: dt.datetime,
) -> None:
    """Print what was counted and what is wrong; ends with exit code 1 if anything is."""
    world.by_hand.read_changes()
    record = read()
    counts = life.counts + life.regrading.counts + duties.counts
    print(f"half {half + 1}, {seconds:.0f} s")
    print("  " + ", ".join(f"{what} {count}" for what, count in sorted(counts.items())))
    print(f"  engine: rows {engine.handled}, kills {engine.kills}, latest {engine.latest}")
    kept = Promise.objects.filter(state=Promise.State.MET, breached_at=None).count()
    print(f"  promises: kept in time {kept}")
    verdict = Verdict()
    for what, count, found in findings(world, record, until):
        verdict.expect(not found, f"{what}: {len(found)} of {count}")
        for line in found[:SHOWN]:
            print(f"       {line}")
    verdict.expect(engine.latest <= AT_MOST, "nothing was handled later than a minute")
    verdict.end()


def findings(
    world: World, record: Record, until: dt.datetime
) -> Iterator[tuple[str, int, list[str]]]:
    """What must not be, among how many, and what of it was found."""
    silence = Ladder.objects.get(team=world.team).silence_minutes
    runs, pages, strangers, gaps = wrongly_rung(world, record, until)
    yield "became urgent and rang nobody within a minute", *reckoning.unrung_urgent(record)
    yield "pages to somebody not on the step by hand", pages, strangers
    yield "ladders with a step, or somebody on it, left out or late", runs, gaps
    yield "ran out and nobody looked within a minute", *reckoning.unnoticed(until)
    yield "broken, and rang nobody or was then forgotten", *reckoning.unescalated(record)
    yield f"taken, then {silence} min of silence unrung", *reckoning.silent(record, silence)
    yield "off duty with an urgent ticket not handed over", *not_handed_over(world, record, until)
    yield "handed over, not accepted and left at that", *unheard(record, until)


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
