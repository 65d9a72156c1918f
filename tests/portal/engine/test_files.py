"""Files nobody sent, and files that belong to nobody, do not stay."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Deadline
from accounts.viewer import Viewer
from portal.engine import chores
from tests import factories
from tests.portal.conftest import Clock
from tickets import attachments, lifecycle
from tickets.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def draft(cast: SimpleNamespace, clock: Clock) -> Attachment:
    return attachments.keep(
        by=Viewer.of(cast.developer),
        organization_id=cast.star.pk,
        upload=SimpleUploadedFile("log.txt", b"4303"),
        now=clock.now,
    )


def test_a_draft_nobody_sent_is_removed_with_its_file_after_a_day(
    cast: SimpleNamespace, clock: Clock, folder: Path, handle_due: Callable[[], None]
) -> None:
    draft(cast, clock)
    clock.forward(hours=23)
    handle_due()
    assert len(files(folder)) == 1
    clock.forward(hours=1)
    handle_due()
    assert (files(folder), Attachment.objects.count()) == ([], 0)


def test_a_file_that_was_sent_stays(
    cast: SimpleNamespace, clock: Clock, folder: Path, handle_due: Callable[[], None]
) -> None:
    ticket, kept = factories.ticket(cast.developer), draft(cast, clock)
    lifecycle.reply(
        ticket=ticket,
        by=Viewer.of(cast.developer),
        body="The log.",
        attachment_ids=[kept.pk],
        now=clock.now,
    )
    clock.forward(days=2)
    handle_due()
    assert files(folder) == [kept.storage_key]


def test_the_sweep_removes_old_files_without_a_row_and_comes_again_tomorrow(
    cast: SimpleNamespace, clock: Clock, folder: Path, handle_due: Callable[[], None]
) -> None:
    kept = draft(cast, clock)
    hours_ago = {"00/orphan": 2.0, "ff/orphan": 30.0, "ff/being-uploaded": 0.5}
    for name, hours in hours_ago.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("left by a killed request")
        changed = (clock.now - dt.timedelta(hours=hours)).timestamp()
        os.utime(path, (changed, changed))
    chores.plan_sweep(clock.now)
    chores.plan_sweep(clock.now)  # a second engine
    handle_due()
    assert files(folder) == sorted([kept.storage_key, "ff/being-uploaded"])
    (following,) = Deadline.objects.filter(kind="files.sweep", settled_at=None)
    assert following.due_at == dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
