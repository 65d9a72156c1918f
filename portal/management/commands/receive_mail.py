"""`manage.py receive_mail FILE…`: take in mails from files, and say what became of each.

Ends with 0 when each was kept (or read, with --dry-run), 1 when some files could not be read, and
75 when the database is away: what calls it, such as a mail server, then tries again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import uuid
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from accounts.tenancy import DatabaseRole, acting_as
from portal.mail_in import understanding
from portal.mail_in.fetching import recipients_of
from tickets.intake import letter
from tickets.intake.proof import Checks
from tickets.intake.store import store
from tickets.intake.taking import described
from tickets.models import Inbound

WAIT_SECONDS: Final = 30.0
LOOK_EVERY_SECONDS: Final = 0.1
TRY_AGAIN: Final = 75  # EX_TEMPFAIL of sysexits(3)


class Unreadable(Exception):
    """A file that is no mail we could take in; says why."""


class Command(BaseCommand):
    help = "Take in mails from files (- is standard input) and print as JSON what became of each."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a mail; - reads stdin")
        parser.add_argument(
            "--to", action="append", default=[], help="for whom it came; else what its head says"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only read it; needs no database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        unread = 0
        for name in options["files"]:
            try:
                said = self._taken(name, options["to"], is_dry=options["dry_run"])
            except Unreadable as problem:
                unread += 1
                said = {"error": str(problem)}
            except (OperationalError, InterfaceError) as problem:
                raise CommandError(
                    f"The database is away; {name} is to be sent again.", returncode=TRY_AGAIN
                ) from problem
            # Escapes in JSON stand for what is no character, such as in the names of files.
            line = json.dumps({"file": name, **said}, ensure_ascii=False)
            self.stdout.write(line.encode(errors="backslashreplace").decode())
        if unread:
            raise CommandError(f"{unread} of {len(options['files'])} could not be read.")

    def _taken(self, name: str, to: list[str], *, is_dry: bool) -> dict[str, Any]:
        raw = _content(name)
        recipients = to or recipients_of(raw)
        return _read(raw, recipients) if is_dry else _received(raw, recipients)


def _content(name: str) -> bytes:
    """No more of it than may be taken in by any way."""
    most = settings.MAIL_LIMIT + 1
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(most)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(most)
    except OSError as problem:
        raise Unreadable(problem.strerror or type(problem).__name__) from problem
    if len(raw) == most:
        raise Unreadable(f"larger than {settings.MAIL_LIMIT} bytes (VIGIL_MAIL_LIMIT)")
    return raw


def _read(raw: bytes, recipients: list[str]) -> dict[str, Any]:
    found = letter.read(raw, recipients=recipients, checks=Checks("authserv"))
    shown = described(found)
    del shown["proof"], shown["content"]
    mail = found.mail
    return {
        "message_id": mail.message_id,
        "from": found.sender,
        "recipients": recipients,
        "date": mail.date.isoformat() if mail.date else None,
        "kind": str(found.automatic or ""),
        "new": found.new,
        "folded": len(found.folded),
        "attachments": [one.name for one in mail.attachments],
        **shown,
    }


def _received(raw: bytes, recipients: list[str]) -> dict[str, Any]:
    kept = store(raw, recipients=recipients, source="receive_mail")
    row = _understood(kept.pk)
    return {
        "mail": str(kept.pk),
        "is_new": kept.is_new,
        "outcome": row.outcome or "waiting",
        "reason": row.reason,
        "ticket": row.ticket.reference if row.ticket else None,
        "enquiry": row.data.get("enquiry"),
        "remark": row.data.get("remark", ""),
    }


def _understood(pk: uuid.UUID) -> Inbound:
    """Understand it here, unless somebody else is at it; then wait for them, but not for ever."""
    end = time.monotonic() + WAIT_SECONDS
    while True:
        understanding.handle(understanding.claim_one(pk))
        with acting_as(DatabaseRole.ENGINE):
            rows = Inbound.objects.select_related("ticket__organization").defer("raw")
            row = rows.get(pk=pk)
        if row.handled_at is not None or time.monotonic() > end:
            return row
        time.sleep(LOOK_EVERY_SECONDS)
