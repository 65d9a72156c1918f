"""Abuse case 15, mails: whatever is written about a ticket, nothing of its notes leaves.

And of the one before it, what a mail quotes is a reply.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Deadline, Delivery
from accounts.viewer import Viewer
from tests import factories
from tickets import attachments, lifecycle, ownership, severity
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
CANARY = "canary7f3a"
Turn = Callable[[], Any]


def test_no_letter_and_no_outgoing_mail_holds_the_canary(
    cast: SimpleNamespace,
    clock: Any,
    handle_due: Turn,
    send_due: Turn,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    staff, customer = Viewer.of(cast.engineer), Viewer.of(cast.developer)
    ticket = factories.ticket(cast.developer, severity=Severity.IMPORTANT)

    def note() -> None:
        upload = SimpleUploadedFile(f"{CANARY}.log", CANARY.encode())
        file = attachments.keep(
            by=staff, organization_id=cast.star.pk, upload=upload, now=clock.now
        )
        lifecycle.add_note(
            ticket=ticket,
            by=staff,
            body=f"@{cast.developer.name} {CANARY}",
            now=clock.now,
            attachment_ids=[file.pk],
        )

    for step in (
        lambda: lifecycle.reply(ticket=ticket, by=customer, body="Well?", now=clock.now),
        lambda: lifecycle.reply(ticket=ticket, by=staff, body="Look.", now=clock.now),
        lambda: ownership.assign(
            ticket=ticket, by=Viewer.of(cast.lead), owner=cast.second, now=clock.now
        ),
        lambda: severity.change(
            ticket=ticket, by=staff, to=Severity.NORMAL, reason="It is.", now=clock.now
        ),
        lambda: lifecycle.resolve(ticket=ticket, by=staff, now=clock.now),
        lambda: lifecycle.reopen(ticket=ticket, by=customer, now=clock.now),
        lambda: lifecycle.close(ticket=ticket, by=customer, now=clock.now),
    ):
        note()
        step()
        handle_due()
    written = str(list(Delivery.objects.values_list("payload", flat=True)))
    send_due()
    sent = "".join(one.message().as_string() + one.body for one in mail.outbox)
    sent += "".join(str(part) for one in mail.outbox for part in one.alternatives)
    assert not Deadline.objects.exclude(last_error="").exists()
    assert len(mail.outbox) >= 7
    assert "Look." in sent
    assert CANARY not in written
    assert CANARY not in sent
    assert CANARY not in str(list(Delivery.objects.values_list("last_error", "payload")))


def test_a_reply_with_files_names_them_and_carries_none(
    cast: SimpleNamespace,
    clock: Any,
    handle_due: Turn,
    send_due: Turn,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    staff = Viewer.of(cast.engineer)
    ticket = factories.ticket(cast.developer, body="Before everything.")
    handle_due()
    file = attachments.keep(
        by=staff,
        organization_id=cast.star.pk,
        upload=SimpleUploadedFile("patch.zip", b"PK secret content"),
        now=clock.now,
    )
    clock.now = clock.now.replace(minute=30)
    lifecycle.reply(
        ticket=ticket, by=staff, body="See the file.", now=clock.now, attachment_ids=[file.pk]
    )
    handle_due()
    send_due()
    (letter,) = [one for one in mail.outbox if "See the file." in one.body]
    assert f"http://127.0.0.1:8000/attachments/{file.pk}/" in letter.body
    assert "patch.zip" in letter.body
    assert "> Before everything." in letter.body
    assert letter.attachments == []
    assert [part.get_content_type() for part in letter.message().get_payload()] == [
        "text/plain",
        "text/html",
    ]
