"""Drill 17: disable watchdogs and canaries, and see that the outside switch alarms in time.

    .venv/bin/python -m bench.drills.17_watchdog_disabled [--seeds 20]

On one site each seed is a watchdog with an outside switch of its own, set as the documentation
says: a ping each minute, two minutes of grace. All intervals are the real ones. One third is
killed (`kill -9`), one third frozen (SIGSTOP), and of one third the canaries are swallowed by the
database, as if the engine did not know them any more. Two more watchdogs are left alone: their
switches must stay quiet all the time.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bench.harness import OutsideSwitch, Verdict, outside_switches, percentile, telephone
from tests.database import test_server
from tests.ports import free_ports
from tests.processes import Processes, processes, wait_until

ALARM_WITHIN_SECONDS = 300.0
WAYS = ("killed", "frozen", "canaries swallowed")
LEFT_ALONE = 2
SWALLOW = """
create table drill_swallowed (port text primary key);
create function drill_swallow() returns trigger language plpgsql security definer
    set search_path = public as $$
begin
    if new.kind = 'canary' and split_part(split_part(new.data->>'address', ':', 3), '/', 1)
            in (select port from drill_swallowed) then
        return null;
    end if;
    return new;
end $$;
create trigger drill_swallow before insert on accounts_deadline
    for each row execute function drill_swallow();
"""


@dataclass
class Dog:
    """A watchdog, its port and its outside switch; `way` is empty for one left alone."""

    name: str
    port: int
    switch: OutsideSwitch
    way: str = ""
    disable_at: float = 0.0
    disabled_at: float = 0.0

    @property
    def alarm_after(self) -> float:
        """Seconds from its end to the alarm of its switch."""
        return (self.switch.alarms_at() or float("inf")) - self.disabled_at


def start(run: Processes, dogs: list[Dog]) -> None:
    for dog in dogs:
        run.commands[dog.name] = run.commands["watchdog"]
        run.environment |= {"PORT_WATCHDOG": str(dog.port), "VIGIL_DEADMAN_URL": dog.switch.url}
        run.start(dog.name)


def disable(run: Processes, dog: Dog, superuser: psycopg.Connection) -> None:
    if dog.way == "killed":
        run.kill(dog.name)
    elif dog.way == "frozen":
        run.pause(dog.name)
    else:
        superuser.execute("insert into drill_swallowed values (%s)", [str(dog.port)])
    dog.disabled_at = time.time()


@contextmanager
def superuser_on(url: str, app: str) -> Iterator[psycopg.Connection]:
    name = conninfo_to_dict(app)["dbname"]
    with psycopg.connect(url, dbname=name, autocommit=True) as connection:
        yield connection


def drill(run: Processes, dogs: list[Dog], superuser: psycopg.Connection) -> None:
    start(run, dogs)
    for dog in dogs:
        wait_until(lambda dog=dog: dog.switch.pings, f"{dog.name} pings", 120)
    begin = time.time()
    for seed, dog in enumerate(dogs):
        dog.disable_at = begin + random.Random(seed).uniform(5.0, 65.0)
    while True:
        for dog in dogs:
            if dog.way and not dog.disabled_at and time.time() >= dog.disable_at:
                disable(run, dog, superuser)
        done = all(dog.disabled_at for dog in dogs if dog.way)
        if done and time.time() > max(dog.disabled_at for dog in dogs) + ALARM_WITHIN_SECONDS:
            return
        time.sleep(0.2)


def report(dogs: list[Dog], told: int) -> None:
    verdict = Verdict()
    for way in WAYS:
        after = [dog.alarm_after for dog in dogs if dog.way == way]
        if after:
            print(
                f"{way}: {len(after)}, the outside switch alarms after "
                f"p50 {percentile(after, 0.5):.0f} s, max {max(after):.0f} s"
            )
    disabled = [dog for dog in dogs if dog.way]
    late = sum(dog.alarm_after > ALARM_WITHIN_SECONDS for dog in disabled)
    early = sum(dog.switch.alarmed(dog.disabled_at) for dog in disabled)
    alone = [dog for dog in dogs if not dog.way]
    false = sum(dog.switch.alarmed(time.time()) for dog in alone)
    pings = sum(len(dog.switch.pings) for dog in alone)
    print(f"pings of those left alone {pings}, alarms of watchdogs for swallowed canaries {told}")
    swallowed = sum(dog.way == WAYS[2] for dog in dogs)
    longest = max(dog.alarm_after for dog in disabled)
    verdict.expect(late == 0, f"alarms later than 5 min {late}, the latest after {longest:.0f} s")
    verdict.expect(early == 0, f"alarms before anything was disabled {early}")
    verdict.expect(false == 0, f"alarms of switches left alone {false}")
    verdict.expect(told == swallowed, f"watchdogs that alarmed themselves {told} = {swallowed}")
    verdict.end()


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    asked = ask.parse_args()
    count = asked.seeds + LEFT_ALONE
    with (
        test_server() as server,
        server.fresh("drill") as urls,
        superuser_on(server.superuser_url, urls.app) as superuser,
        telephone() as operator,
        outside_switches(count) as switches,
        processes(urls, VIGIL_ALARM_URLS=operator.address, VIGIL_DISK_FREE_MIB="0") as run,
    ):
        superuser.execute(SWALLOW)
        run.start("engine", "worker", "mail")
        dogs = [
            Dog(f"watchdog-{n}", port, switch, way=WAYS[n % 3] if n < asked.seeds else "")
            for n, (port, switch) in enumerate(zip(free_ports(count), switches, strict=True))
        ]
        drill(run, dogs, superuser)
        told = sum("Trouble" in title and "canary" in title for _at, title in operator.titles)
        report(dogs, told)


if __name__ == "__main__":
    main()
