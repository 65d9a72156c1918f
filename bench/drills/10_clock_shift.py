"""Drill 10: clocks of application and database jump by an hour, and pass through summer time.

    .venv/bin/python -m bench.drills.10_clock_shift [--seeds 20]

Engine, watchdog and PostgreSQL are the real ones and run under libfaketime, the engine and the
database each with a clock of its own. A seed opens urgent tickets whose ladder rings a second
person after eight seconds, and at a random moment in between sets the application's clock, the
database's, or both, an hour ahead or back; more tickets come in then; later it is set right again.
The last seeds pass through the hour in which Berlin changes to summer or winter time instead.

By the database's clock no page may leave before it is due nor more than 60 s after, all must leave,
and each once; what waits when that clock goes back waits until it is that time again.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import psycopg

from accounts.models import Deadline, Delivery
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from bench.fake_clock import FakeClock, library
from bench.harness import PAGE_ID, Telephone, Verdict, django_on, reachable_by, telephone
from portal.database import DatabaseUrls, provision_embedded
from portal.embedded import Server
from portal.engine.handlers import PROMISE_KINDS
from tests import factories
from tests.cast import make_cast
from tests.database import migrate
from tests.processes import Processes, processes, wait_until
from tickets import lifecycle
from tickets.models import LadderStep, Page, Ticket
from tickets.models.ticket import Severity

HOUR = 3600.0
PATIENCE_SECONDS = 8
STAYS_SECONDS = 12.0
WITHIN_SECONDS = 60.0
CATCHES_UP_SECONDS = 60.0  # before the change; it takes the engine some of them
BEFORE, AFTER = 3, 2  # tickets opened before and after a jump
SHIFTS = ((HOUR, 0.0), (-HOUR, 0.0), (0.0, HOUR), (0.0, -HOUR), (HOUR, HOUR), (-HOUR, -HOUR))
ZONE = "Europe/Berlin"
CHANGES = [
    dt.datetime(2027, 3, 28, 1, tzinfo=dt.UTC),
    dt.datetime(2027, 10, 31, 1, tzinfo=dt.UTC),
    dt.datetime(2028, 3, 26, 1, tzinfo=dt.UTC),
    dt.datetime(2028, 10, 29, 1, tzinfo=dt.UTC),
]


@dataclass
class Scene:
    """The site under drill; `tickets` are all that were opened."""

    run: Processes
    application: FakeClock
    database: FakeClock
    phone: Telephone
    people: SimpleNamespace
    tickets: list[Ticket] = field(default_factory=list)

    def open(self, count: int) -> list[Ticket]:
        with acting_as(DatabaseRole.ENGINE) as now:
            opened = [
                factories.ticket(self.people.developer, severity=Severity.URGENT, now=now)
                for _ in range(count)
            ]
        self.tickets += opened
        return opened

    def rung(self, tickets: list[Ticket], step: int) -> bool:
        """Whether that step's page of each of them has reached the telephone."""
        heard = {
            found[1] for _at, text in list(self.phone.calls) if (found := PAGE_ID.search(text))
        }
        with acting_as(DatabaseRole.ENGINE):
            keys = Page.objects.filter(ticket__in=tickets, step=step).values_list("pk", flat=True)
            return len(keys) >= len(tickets) and {key.hex for key in keys} <= heard

    def resolve(self, tickets: list[Ticket]) -> None:
        """Answer and solve them, so that nothing of them rings again."""
        engineer = Viewer.of(self.people.engineer)
        with acting_as(DatabaseRole.ENGINE) as now:
            for ticket in Ticket.objects.filter(pk__in=[one.pk for one in tickets]):
                lifecycle.reply(ticket=ticket, by=engineer, body="Solved.", now=now)
                lifecycle.resolve(ticket=Ticket.objects.get(pk=ticket.pk), by=engineer, now=now)


def one_jump(scene: Scene, seed: int) -> str:
    """Shift the clocks amid ringing, and set them right again."""
    chance = random.Random(seed)
    application, database = SHIFTS[seed % len(SHIFTS)]
    first = scene.open(BEFORE)
    if chance.random() < 0.5:  # in the others the jump falls amid the first calls
        wait_until(lambda: scene.rung(first, 0), "the first calls", 90)
    time.sleep(chance.uniform(0.0, 2.0))
    base = scene.application.offset
    scene.application.set(base + application)
    scene.database.set(base + database)
    second = scene.open(AFTER)
    wait_until(lambda: scene.rung(second, 0), "the calls after the jump", 90)
    time.sleep(STAYS_SECONDS)
    scene.application.set(base)
    scene.database.set(base)
    finish(scene, [*first, *second])
    return f"application {application / HOUR:+.0f} h, database {database / HOUR:+.0f} h"


def one_change(scene: Scene, change: dt.datetime) -> str:
    """Pass through a change between summer and winter time while the ladder climbs."""
    offset = change.timestamp() - CATCHES_UP_SECONDS - time.time()
    scene.application.set(offset)
    scene.database.set(offset)
    wait_until(caught_up, "months of deadlines are handled", CATCHES_UP_SECONDS)
    time.sleep(max(0.0, change.timestamp() - 5.0 - offset - time.time()))
    tickets = scene.open(BEFORE)
    wait_until(lambda: scene.rung(tickets, 0), "the first calls", 90)
    finish(scene, tickets)
    return f"through the change of {change:%Y-%m-%d}"


def caught_up() -> bool:
    with acting_as(DatabaseRole.ENGINE) as now:
        rows = Deadline.objects.filter(settled_at=None, failed_at=None, claimable_at__lte=now)
        return not rows.filter(kind__in=PROMISE_KINDS).exists()


def finish(scene: Scene, tickets: list[Ticket]) -> None:
    for step in (0, 1):
        wait_until(lambda step=step: scene.rung(tickets, step), f"step {step} of all", 90)
    time.sleep(1.0)  # what would ring twice has time for it
    scene.resolve(tickets)


def reconcile(scene: Scene, alarms: list[str]) -> None:
    verdict = Verdict()
    arrived: dict[str, float] = {}
    calls: Counter[str] = Counter()
    for at, text in scene.phone.calls:
        if found := PAGE_ID.search(text):
            arrived.setdefault(found[1], at)
            calls[found[1]] += 1
    with acting_as(DatabaseRole.ENGINE):
        pages = list(Page.objects.filter(ticket__in=scene.tickets))
        due = {
            row.payload["page"].replace("-", ""): row.due_at.timestamp()
            for row in Delivery.objects.filter(kind="page")
        }
        for page in pages:  # of later steps, what counts is when the step itself was due
            step = Deadline.objects.filter(key=f"escalation/{page.escalation_id}:{page.step}")
            for row in step:
                due[page.pk.hex] = row.due_at.timestamp()
    stored = {page.pk.hex for page in pages}
    expected = {(ticket.pk, step) for ticket in scene.tickets for step in (0, 1)}
    missing = expected - {(page.ticket_id, page.step) for page in pages}
    clock = scene.database
    early = [key for key, at in arrived.items() if due[key] > clock.highest(at) + 0.05]
    waited = {key: clock.waited(due[key], at) for key, at in arrived.items()}
    late = [key for key, seconds in waited.items() if seconds > WITHIN_SECONDS]
    repeated = sum(calls.values()) - len(calls)
    twice = len(pages) - len({(p.ticket_id, p.escalation_id, p.step, p.person_id) for p in pages})
    print(f"tickets {len(scene.tickets)}, pages {len(stored)}, calls {sum(calls.values())}")
    print(f"from due to arrival, by the clock: max {max(waited.values()):.1f} s")
    print(f"alarms of the watchdog: {dict(Counter(alarms))}")
    verdict.expect(not early, f"early {len(early)}")
    missed = len(stored - arrived.keys()) + len(missing)
    verdict.expect(missed == 0, f"missed {missed}")
    verdict.expect(not late, f"later than 60 s {len(late)}")
    verdict.expect(repeated + twice == 0, f"repeated {repeated + twice}")
    extra = len(stored) - len(expected)
    verdict.expect(extra == 0, f"pages nobody asked for {extra}")
    false = [alarm for alarm in alarms if "clock" not in alarm]
    verdict.expect(not false, f"alarms of anything but the clock {len(false)}")
    verdict.end()


@contextmanager
def faked_server(folder: Path, clock: FakeClock) -> Iterator[DatabaseUrls]:
    """An embedded server under that clock, with a migrated database in Berlin's time."""
    server = Server(folder)
    with server.held():
        urls = provision_embedded(server)
        migrate(urls)
        with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
            connection.execute(f"alter database vigil set timezone = '{ZONE}'")
        server.stop()
        server.environment = clock.environment | {"TZ": ZONE}
        server.start()
        yield urls


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    asked = ask.parse_args()
    library()
    with tempfile.TemporaryDirectory(prefix="vigil-drill-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL, which runs as another account, reads its clock here
        application, database = FakeClock(folder / "application"), FakeClock(folder / "database")
        with (
            faked_server(folder / "server", database) as urls,
            django_on(urls),
            telephone() as phone,
            telephone() as operator,
            processes(urls, VIGIL_ALARM_URLS=operator.address, VIGIL_DISK_FREE_MIB="0") as run,
        ):
            with acting_as(DatabaseRole.ENGINE):
                people = make_cast()
                LadderStep.objects.filter(position=0).update(patience_seconds=PATIENCE_SECONDS)
                LadderStep.objects.filter(position__gt=0).update(patience_seconds=36_000)
                for person in (people.engineer, people.second, people.lead):
                    reachable_by(person, phone)
            run.environment |= application.environment | {"TZ": ZONE}
            run.start("engine", "watchdog")
            scene = Scene(run, application, database, phone, people)
            jumps = max(1, asked.seeds - len(CHANGES))
            for seed in range(jumps):
                print(f"seed {seed}: {one_jump(scene, seed)}", flush=True)
            for seed, change in enumerate(CHANGES[: asked.seeds - jumps], start=jumps):
                print(f"seed {seed}: {one_change(scene, change)}", flush=True)
            told = [title for _at, title in operator.titles if "Trouble" in title]
            reconcile(scene, [title for title in told if "(worker)" not in title])


if __name__ == "__main__":
    main()
