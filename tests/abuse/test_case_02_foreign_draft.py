"""Abuse case 2: claim another customer's unclaimed draft in a ticket of one's own."""

from __future__ import annotations

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
from tickets.models import Attachment

pytestmark = pytest.mark.django_db


def test_a_foreign_draft_cannot_be_claimed_and_stays_a_draft(
    cast: SimpleNamespace, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    victim, thief = Viewer.of(cast.developer), Viewer.of(cast.stranger)
    with acting_for(victim):
        draft = attachments.keep(
            by=victim,
            organization_id=cast.star.pk,
            upload=SimpleUploadedFile("secret.log", b"token=1"),
            now=NOON,
        )
    ticket = factories.ticket(cast.stranger)
    with pytest.raises(ValidationError, match="file is gone"), acting_for(thief):
        lifecycle.reply(
            ticket=ticket, by=thief, body="Mine now.", now=NOON, attachment_ids=[draft.pk]
        )
    draft.refresh_from_db()
    assert (draft.entry, draft.ticket, draft.uploader) == (None, None, cast.developer)
    with acting_for(thief):
        assert not Attachment.objects.filter(pk=draft.pk).exists()
    assert ticket.entries.count() == 1
