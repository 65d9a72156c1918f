"""`manage.py export_rosters`: teams and rosters as JSON, or everyone's shifts as iCal."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand

from accounts.tenancy import DatabaseRole, acting_as
from tickets.roster_files import exporting


class Command(BaseCommand):
    help = "Write teams and rosters (JSON) or the final schedule of 90 days (iCal) to the output."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--format", choices=["json", "ical"], default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        with acting_as(DatabaseRole.ENGINE) as now:
            if options["format"] == "json":
                text = exporting.as_json()
            else:
                text = exporting.as_ical(now).decode()
        self.stdout.write(text, ending="")
