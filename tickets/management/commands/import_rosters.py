"""`manage.py import_rosters`: bring teams and rosters to what a file says, all or nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import SYSTEM
from tickets.models import Roster
from tickets.roster_files import ical, importing


class Command(BaseCommand):
    help = "Import rosters from JSON, or shifts of one roster from iCal (--roster)."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only tell what would change")
        parser.add_argument("--roster", type=int, help="its number: the file is iCal, for it")
        parser.add_argument("--as", dest="how", choices=[ical.TEMPORARY, ical.OVERRIDES])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
            lines = self._lines(data, **options)
        except (ValidationError, UnicodeDecodeError) as problem:
            said = problem.messages if isinstance(problem, ValidationError) else [str(problem)]
            raise CommandError(" ".join(said)) from None
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror}") from None
        for line in lines:
            self.stdout.write(line)
        done = "would change" if options["dry_run"] else "changed"
        self.stdout.write(f"{len(lines)} {done}.")

    def _lines(self, data: bytes, **options: Any) -> list[str]:
        with acting_as(DatabaseRole.ENGINE) as now:
            if options["roster"] is None:
                work = importing.preview if options["dry_run"] else importing.apply
                report = work(data.decode(), by=SYSTEM, now=now)
                return [f"{one.what}: {one.name}" for one in report]
            roster = Roster.objects.filter(pk=options["roster"]).first()
            if roster is None:
                raise CommandError(f"There is no roster {options['roster']}.")
            put = ical.preview if options["dry_run"] else ical.apply
            how = options["how"] or ical.TEMPORARY
            shifts = put(data, roster=roster, by=SYSTEM, how=how, now=now)
            return [f"{s.person.name}: {s.starts_at:%F %R} – {s.ends_at:%F %R} UTC" for s in shifts]
