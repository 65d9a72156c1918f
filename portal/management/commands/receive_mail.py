"""`manage.py receive_mail FILE…`: take in mails from files, and say what became of each."""

from __future__ import annotations

import argparse
import json
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from accounts.tenancy import DatabaseRole, acting_as
from portal.mail_in import understanding
from portal.mail_in.imap import recipients_of
from tickets.intake import letter
from tickets.intake.proof import Checks
from tickets.intake.store import store
from tickets.intake.taking import described
from tickets.models import Inbound

WAIT_SECONDS: Final = 30.0
LOOK_EVERY_SECONDS: Final = 0.1


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
        for name, raw in _mails(options["files"]):
            recipients = options["to"] or recipients_of(raw)
            if options["dry_run"]:
                said = _read(raw, recipients)
            else:
                said = _received(raw, recipients)
            self.stdout.write(json.dumps({"file": name, **said}, ensure_ascii=False))


def _mails(names: list[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        if name == "-":
            yield name, sys.stdin.buffer.read()
            continue
        try:
            yield name, Path(name).read_bytes()
        except OSError as problem:
            raise CommandError(f"{name} cannot be read: {problem.strerror}.") from problem


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
