"""`manage.py create_token`: an API token from the command line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import api_tokens
from accounts.access import SCOPES, Role
from accounts.models import Membership, Organization
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer


class Command(BaseCommand):
    help = "Make an API token in the name of an organization's owner, and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--scope", required=True, action="append", choices=sorted(SCOPES))
        parser.add_argument("--name", default="command line")
        parser.add_argument("--days", type=int, default=90, help="how long it is valid")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= api_tokens.LONGEST_LIFE.days:
            raise CommandError(f"--days: 1 to {api_tokens.LONGEST_LIFE.days}.")
        with acting_as(DatabaseRole.LOGIN):
            organization, owner = _owner_of(options["organization"])
        with acting_for(owner) as now:
            try:
                token, secret = api_tokens.create(
                    by=owner,
                    organization=organization,
                    name=options["name"],
                    scopes=options["scope"],
                    now=now,
                    expires_at=now + dt.timedelta(days=options["days"]),
                )
            except ValidationError as problem:
                raise CommandError(" ".join(problem.messages)) from None
        self.stderr.write(
            f"For {organization}, {', '.join(token.scopes)}, until {token.expires_at:%Y-%m-%d}. "
            "It is shown this once:"
        )
        self.stdout.write(secret)


def _owner_of(slug: str) -> tuple[Organization, Viewer]:
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        known = ", ".join(Organization.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise CommandError(f"There is no organization {slug!r}. There are: {known or 'none yet'}.")
    membership = (
        Membership.objects.filter(
            organization=organization, role=Role.OWNER, user__is_active=True, user__is_staff=False
        )
        .select_related("user")
        .order_by("id")
        .first()
    )
    if membership is None:
        raise CommandError(f"{organization} has no owner to act for.")
    return organization, Viewer.of(membership.user, [membership])
