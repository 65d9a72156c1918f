"""Case 1: a file of another customer, asked for by its id."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.viewer import Viewer
from tests import factories
from tests.abuse.files import fetch, media, only_file, send, upload
from tests.factories import NOON
from tickets import attachments, lifecycle
from tickets.models import Attachment

__all__ = ["media"]
pytestmark = pytest.mark.django_db
NOTHING = uuid.UUID(int=7)


def refused(browser: Any, file: Attachment) -> None:
    for method in ("get", "head"):
        foreign = getattr(browser, method)(f"/attachments/{file.pk}/")
        missing = getattr(browser, method)(f"/attachments/{NOTHING}/")
        assert (foreign.status_code, missing.status_code) == (404, 404)
        assert foreign.content == missing.content
        assert file.name not in str(foreign.headers)


def test_a_sent_file(cast: SimpleNamespace, browser_of: Any) -> None:
    ticket = factories.ticket(cast.developer)
    send(browser_of(cast.developer), ticket.reference, "app.log", b"4303")
    assert fetch(browser_of(cast.viewer), f"/attachments/{only_file().pk}/")[1] == b"4303"
    refused(browser_of(cast.stranger), only_file())


def test_a_draft(cast: SimpleNamespace, browser_of: Any) -> None:
    by = Viewer.of(cast.developer)
    draft = attachments.keep(by=by, organization_id=cast.star.pk, upload=upload(), now=NOON)
    for person in (cast.stranger, cast.owner):
        refused(browser_of(person), draft)


def test_a_file_of_a_note(cast: SimpleNamespace, browser_of: Any) -> None:
    by, ticket = Viewer.of(cast.engineer), factories.ticket(cast.developer)
    draft = attachments.keep(by=by, organization_id=cast.star.pk, upload=upload(), now=NOON)
    lifecycle.add_note(ticket=ticket, by=by, body="Trace.", attachment_ids=[draft.pk], now=NOON)
    for person in (cast.stranger, cast.owner):
        refused(browser_of(person), draft)


def test_the_workspaces_address_is_no_way_around(cast: SimpleNamespace, browser_of: Any) -> None:
    ticket = factories.ticket(cast.developer)
    send(browser_of(cast.developer), ticket.reference, "app.log", b"4303")
    for person in (cast.stranger, cast.developer):
        answer = browser_of(person).get(f"/admin/attachment/{only_file().pk}/")
        assert answer.status_code == 403
