"""A fetched recording finds its place: on the ticket, or with the call nobody was recognised on."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from tickets import attachments
from tickets.hotline import calls
from tickets.models import CallRecording

Kind = CallRecording.Kind


def is_wanted(recording_id: str) -> bool:
    """Whether it still has to be fetched."""
    return CallRecording.objects.filter(pk=recording_id, fetched_at=None).exists()


@transaction.atomic
def keep(*, recording_id: uuid.UUID, content: bytes, ending: str, now: dt.datetime) -> None:
    """Store the sound; one fetched twice, because a sender died in between, is stored once."""
    call = calls.locked(CallRecording.objects.values_list("call", flat=True).get(pk=recording_id))
    recording = (
        CallRecording.objects.select_for_update(of=("self",))
        .select_related("entry__author")
        .get(pk=recording_id)
    )
    if recording.fetched_at is not None:
        return
    if recording.entry is not None and call.ticket is not None:
        with translation.override(call.ticket.language):
            stem = _("Voice message") if recording.kind == Kind.VOICEMAIL else _("Conversation")
        name = f"{stem} {call.started_at:%Y-%m-%d %H.%M} UTC.{ending}"
        attachments.add(entry=recording.entry, name=name, content=content, now=now)
    else:
        key = f"{secrets.token_hex(1)}/{secrets.token_hex(24)}"
        recording.storage_key = default_storage.save(key, ContentFile(content))
    recording.size, recording.fetched_at = len(content), now
    recording.save(update_fields=["storage_key", "size", "fetched_at"])
    calls.record(call, "call.recording_kept", now=now, size=len(content))
