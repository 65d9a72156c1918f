"""`manage.py demo`: three customers, eight engineers, sixty tickets."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Organization
from accounts.tenancy import DatabaseRole, acting_as
from portal.demo import shifts
from portal.demo.budgets import give_budgets
from portal.demo.calls import make_calls
from portal.demo.chats import play_chats
from portal.demo.knowledge import load_knowledge
from portal.demo.knowledge_use import KnowledgeUse
from portal.demo.mails import make_mails
from portal.demo.people import (
    make_organizations,
    make_products,
    make_skills,
    make_staff,
    make_teams,
)
from portal.demo.rosters import make_changes
from portal.demo.story import Story
from portal.demo.working_hours import make_working_hours
from portal.engine import deadlines
from tickets.models import Ticket

PASSWORD = "vigil demo 2026"  # noqa: S105  printed for everyone who tries the demo
LOGINS = (
    ("owner@starcast.example", "customer, owner of StarCast"),
    ("developer@starcast.example", "customer, developer at StarCast"),
    ("developer@brightclass.example", "customer, developer at BrightClass (Chinese)"),
    ("engineer@vigil.example", "support engineer, on duty"),
    ("manager@vigil.example", "support manager, duty lead"),
)


class Command(BaseCommand):
    help = "Fill an empty database with believable demo data, and print the logins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print the logins")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["logins"]:
            self._load()
        width = max(len(email) for email, _who in LOGINS)
        self.stdout.write(f"Demo logins, password “{PASSWORD}”:")
        for email, who in LOGINS:
            self.stdout.write(f"  {email:<{width}}  {who}")

    def _load(self) -> None:
        with acting_as(DatabaseRole.ENGINE) as now:
            if Organization.objects.exists():
                raise CommandError("There are organizations already; demo data stays out.")
            staff = make_staff(PASSWORD)
            products = make_products()
            make_skills(staff, products)
            make_teams(staff, products, now)
            make_changes(staff, now)
            give_budgets(now)
            make_working_hours(now)
            count = 0
            organizations = make_organizations(PASSWORD, staff)
            for organization in organizations.values():
                count += Story(organization, staff, products, now).play()
            count += play_chats(organizations, staff, products, now)
            make_calls()
            shifts.play(staff, now)
        while deadlines.handle_next(promises=True):
            pass  # what fell due in the story: else the engine would begin three weeks late
        with acting_as(DatabaseRole.ENGINE):
            newest = Ticket.objects.unsolved().order_by("-opened_at").first()
        make_mails(newest)
        articles = load_knowledge(staff)
        with acting_as(DatabaseRole.ENGINE) as now:
            KnowledgeUse(organizations, staff, products, now).play()
        self.stdout.write(f"{count} tickets, {articles} articles.")
