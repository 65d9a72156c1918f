"""`manage.py replay_promises STAR-42`: a ticket's promises from their ledger, step by step."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import SYSTEM
from tickets import finding, ledger, level_budgets
from tickets.instants import zone_named
from tickets.models import PolicyVersion, Promise, Ticket
from tickets.presentation.budget_bar import budget_bar
from tickets.presentation.explained_steps import Reader, step_line
from tickets.presentation.explained_summary import summary
from tickets.presentation.promise_cells import promises_of
from tickets.refusal import Refusal
from tickets.replaying import Replay, replay

BATCH: Final = 100  # tickets looked at together; what --all needs of memory does not grow
NAMED: Final = re.compile(r"^([a-z]+)/([a-z]+)\s+v([0-9]{1,9})$")


class Command(BaseCommand):
    help = "Replay a ticket's promises from their ledger, explain them, compare with the state."
    epilog = "Exit code 1 says that something differs. Nothing is written."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.epilog = self.epilog
        parser.add_argument("ticket", nargs="?", metavar="TICKET", help="such as STAR-42")
        parser.add_argument("--all", action="store_true", help="check every unsolved ticket")
        parser.add_argument(
            "--policy", metavar="VERSION", help='another wording: "premium/urgent v3", or its id'
        )
        parser.add_argument("--time-zone", default="UTC", help="times are told in it")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["ticket"]) == options["all"]:
            raise CommandError("Name one ticket (STAR-42), or ask for --all.")
        if options["all"] and options["policy"]:
            raise CommandError("--all checks each ledger under its own policy.")
        try:
            zone = zone_named(options["time_zone"])
        except Refusal as problem:
            raise CommandError(str(problem)) from None
        with timezone.override(zone):
            agrees = (
                self._check_all()
                if options["all"]
                else self._explain(options["ticket"], options["policy"])
            )
        if not agrees:
            sys.exit(1)

    def _explain(self, reference: str, policy: str | None) -> bool:
        with reading() as now:
            ticket = finding.by_reference(SYSTEM, reference).first()
            if ticket is None:
                raise CommandError(f"There is no ticket {reference!r}.")
            version = version_named(policy) if policy else None
            replays = [replay(one, now, version) for one in ledger.with_rows(promises_of(ticket))]
            for one in replays:
                self._tell(one, now)
            self._tell_levels(ticket, now)
        return all(one.agrees for one in replays)

    def _tell(self, found: Replay, now: dt.datetime) -> None:
        promise = found.promise
        head = f"{promise.get_kind_display()} · cycle {promise.cycle} · {found.policy}"
        self.stdout.write(self.style.MIGRATE_HEADING(head))
        if found.explanation is not None:
            reader = Reader(now=now, staff=True).of(found.explanation)
            self.stdout.write(f"  {summary(found.explanation, reader)}")
            for step in found.explanation.steps:
                line = step_line(step, reader)
                note = f" ({line.note})" if line.note else ""
                self.stdout.write(f"    {line.when}: {line.text}{note}")
        self._verdict(found)

    def _verdict(self, found: Replay) -> None:
        own = found.policy == found.promise.policy
        if found.agrees:
            self.stdout.write(f"  = as stored (promise {found.promise.pk})")
        if found.problem:
            self.stdout.write(self.style.ERROR(f"  ! cannot be replayed: {found.problem}"))
        word = "DIFFERS from what is stored" if own else "otherwise than stored"
        for one in found.differences:
            text = f"  ! {word}: {one.what}: stored {_plain(one.stored)}, replayed "
            self.stdout.write(self.style.ERROR(text + _plain(one.replayed)))

    def _tell_levels(self, ticket: Ticket, now: dt.datetime) -> None:
        promises = list(ledger.with_rows(promises_of(ticket)))
        bar = budget_bar(promises, level_budgets.holdings_of(ticket.pk), now)
        if bar is not None:
            self.stdout.write(f"Time of the solution by level: {bar.words}")

    def _check_all(self) -> bool:
        checked = wrong = 0
        for tickets in batches():
            with reading() as now:
                owed = (
                    Promise.objects.filter(ticket__in=tickets)
                    .select_related("ticket__organization", "policy_version", "calendar_version")
                    .order_by("ticket", "pk")
                )
                for promise in ledger.with_rows(owed).iterator(chunk_size=BATCH):
                    found = replay(promise, now)
                    checked += 1
                    if not found.agrees:
                        wrong += 1
                        self.stdout.write(f"{promise.ticket.reference} {promise.kind}")
                        self._verdict(found)
        self.stdout.write(f"{checked} promises of unsolved tickets replayed, {wrong} differ.")
        return wrong == 0


def batches() -> Iterator[list[int]]:
    """The unsolved tickets' keys, in order, so many at a time; each in a transaction of its own."""
    last = 0
    while True:
        with reading():
            found = Ticket.objects.unsolved().filter(pk__gt=last).order_by("pk")
            keys = list(found.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        yield keys
        last = keys[-1]


def version_named(name: str) -> PolicyVersion:
    """The version called "premium/urgent v3", or of that id; `CommandError` if there is none."""
    versions = PolicyVersion.objects.select_related("policy", "calendar_version")
    named = NAMED.match(name.strip())
    if named is not None:
        versions = versions.filter(
            policy__plan=named[1], policy__severity=named[2], number=int(named[3])
        )
    elif name.strip().isascii() and name.strip().isdigit() and len(name.strip()) < 18:
        versions = versions.filter(pk=int(name))
    else:
        raise CommandError(f'{name!r} names no policy: write "premium/urgent v3", or an id.')
    found = versions.first()
    if found is None:
        raise CommandError(f"There is no policy {name!r}.")
    return found


@contextmanager
def reading() -> Iterator[dt.datetime]:
    """The engine's role for one transaction, in which PostgreSQL itself refuses to write."""
    nested = connection.in_atomic_block  # as in a test: what is outside goes on writing
    with acting_as(DatabaseRole.ENGINE) as now:
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("set transaction read only")
        yield now


def _plain(value: object) -> str:
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(sep=" ")
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value) or "none"
    return "none" if value is None else str(value)
