"""`manage.py create_staff`: the first person of staff, before anybody can hire in the browser."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import staffing
from accounts.models.staff_profile import Level
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import SYSTEM


class Command(BaseCommand):
    help = "Create a person of staff; a link to choose the password goes to their address."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--level", required=True, choices=Level.values)
        parser.add_argument("--manager", action="store_true", help="may edit staff and rosters")
        parser.add_argument("--language", default="en", choices=dict(settings.LANGUAGES))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting_as(DatabaseRole.ENGINE) as now:
                user = staffing.hire(
                    by=SYSTEM,
                    email=options["email"],
                    name=options["name"],
                    level=options["level"],
                    is_manager=options["manager"],
                    language=options["language"],
                    now=now,
                )
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        self.stdout.write(f"{user.name} is on the staff; a link went to {user.email}.")
