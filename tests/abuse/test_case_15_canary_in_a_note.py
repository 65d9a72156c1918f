"""Abuse case 15: what stands in a note is nowhere in what a customer's role can read."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import Event
from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import attachments, lifecycle
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
CANARY = "canary7f3a"
TABLES = """
select c.relname::text from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  and has_table_privilege('vigil_customer', c.oid, 'select') order by 1
"""


def test_the_canary_is_in_no_row_a_customer_can_read(
    cast: SimpleNamespace, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    before = ticket.updated_at
    staff = Viewer.of(cast.engineer)
    with acting_for(staff):
        files = [
            attachments.keep(
                by=staff,
                organization_id=cast.star.pk,
                upload=SimpleUploadedFile(f"{CANARY}-{number}.log", CANARY.encode()),
                now=NOON,
            ).pk
            for number in range(2)
        ]
        lifecycle.add_note(
            ticket=ticket, by=staff, body=f"{CANARY} core", now=NOON, attachment_ids=files[:1]
        )
    found = {}
    with acting_for(Viewer.of(cast.owner)), connection.cursor() as cursor:
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"select count(*) from {table} row where row::text ilike %s",  # noqa: S608
                [f"%{CANARY}%"],
            )
            found[table] = cursor.fetchone()[0]
    assert "tickets_entry" in found
    assert "accounts_event" in found
    assert {table: hits for table, hits in found.items() if hits} == {}
    ticket.refresh_from_db()
    assert ticket.updated_at == before, "not even that there is a note"


def test_the_log_keeps_that_there_is_a_note_but_not_its_text(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    lifecycle.add_note(ticket=ticket, by=Viewer.of(cast.engineer), body=CANARY, now=NOON)
    said = Event.objects.get(verb="ticket.noted")
    assert said.internal
    assert CANARY not in str(said.data)
    assert not Event.objects.visible_to(Viewer.of(cast.owner)).filter(pk=said.pk).exists()
