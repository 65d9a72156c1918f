"""Abuse case 13: learn of a foreign row from a unique or foreign-key error."""

from __future__ import annotations

import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import attachments, lifecycle
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_a_foreign_draft_and_none_at_all_read_the_same(
    cast: SimpleNamespace, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    foreign = attachments.keep(
        by=Viewer.of(cast.developer),
        organization_id=cast.star.pk,
        upload=SimpleUploadedFile("a.log", b"a"),
        now=NOON,
    )
    ticket, thief = factories.ticket(cast.stranger), Viewer.of(cast.stranger)
    said = []
    for pk in (foreign.pk, uuid.uuid4()):
        with pytest.raises(ValidationError) as caught, acting_for(thief):
            lifecycle.reply(ticket=ticket, by=thief, body="b", now=NOON, attachment_ids=[pk])
        said.append(caught.value.message_dict)
    assert said[0] == said[1]


def test_a_foreign_ticket_and_none_at_all_are_equally_missing(cast: SimpleNamespace) -> None:
    foreign = factories.ticket(cast.developer)
    thief = Viewer.of(cast.stranger)
    said = []
    for pk in (foreign.pk, foreign.pk + 1000):
        with pytest.raises(Ticket.DoesNotExist) as caught, acting_for(thief):
            lifecycle.locked(Ticket(pk=pk))
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_the_same_number_in_two_organizations_does_not_collide(cast: SimpleNamespace) -> None:
    theirs = factories.ticket(cast.developer)
    with acting_for(Viewer.of(cast.stranger)):
        mine = factories.ticket(cast.stranger)
    assert theirs.number == mine.number == 1
