"""Files of ours that go out with an answer to an enquiry.

Whoever asked has no login, so the files travel in the mail itself: the limits of replies hold for
each of them, and for all together what mail servers let pass. As with replies, a file is a draft
of its uploader first, so that a form sent back with an error loses nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import access, agenda
from accounts.viewer import Viewer
from tickets import attachments
from tickets.models import Enquiry, EnquiryFile, EnquiryMessage

MAX_BYTES: Final = 18_000_000  # of one answer; a third more once it is encoded
EXPIRE: Final = "enquiry.file_expire"


def keep(
    *, enquiry: Enquiry, by: Viewer, upload: UploadedFile[bytes], now: dt.datetime
) -> EnquiryFile:
    """Store a draft of `by`; `ValidationError` as for attachments. Unsent, it goes after a day."""
    access.require(by, "enquiry.answer")
    if by.user is None:
        raise ValueError("Only a person attaches files.")
    stored = attachments.store(upload)
    draft = EnquiryFile.objects.create(
        enquiry=enquiry,
        uploader=by.user,
        name=stored.name,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        storage_key=stored.key,
        at=now,
    )
    agenda.schedule(
        kind=EXPIRE,
        key=f"{EXPIRE}:{draft.pk}",
        due_at=now + attachments.DRAFT_LIVES,
        subject=enquiry.event_subject,
        organization_id=None,
        file=str(draft.pk),
    )
    return draft


def claim(ids: Sequence[uuid.UUID], *, by: Viewer, message: EnquiryMessage) -> list[EnquiryFile]:
    """Tie drafts to an answer: only the writer's own, of this enquiry, not sent yet."""
    if not ids:
        return []
    wanted = set(ids)
    if len(wanted) > attachments.MAX_FILES:
        limit = {"limit": attachments.MAX_FILES}
        raise ValidationError({"files": _("At most %(limit)d files at a time.") % limit})
    drafts = EnquiryFile.objects.filter(enquiry=message.enquiry_id, uploader=by.user, message=None)
    found = list(drafts.select_for_update(of=("self",)).filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise ValidationError({"files": _("An attached file is gone. Attach it again.")})
    if sum(one.size for one in found) > MAX_BYTES:
        sentence = _("The files are larger than %(limit)d MB together, which no mail can carry.")
        told = sentence % {"limit": MAX_BYTES // 1_000_000}
        raise ValidationError({"files": ValidationError(told, code="too_large")})
    drafts.filter(pk__in=wanted).update(message=message)
    return sorted(found, key=lambda one: ids.index(one.pk))


def adds_none(ids: Sequence[uuid.UUID], *, by: Viewer, to: EnquiryMessage) -> bool:
    """Whether these drafts of `by` hold nothing that did not go out with that answer."""
    mine = EnquiryFile.objects.filter(pk__in=set(ids), enquiry=to.enquiry_id, uploader=by.user)
    held = to.files.values("sha256")
    return mine.filter(Q(message=to) | Q(sha256__in=held)).count() == len(set(ids))


def in_mail(files: Sequence[EnquiryFile]) -> list[dict[str, Any]]:
    """As the payload of a delivery names them."""
    return [
        {"name": one.name, "type": one.content_type, "storage_key": one.storage_key}
        for one in files
    ]


def expire(*, file_id: str, now: dt.datetime) -> None:
    """Remove a draft that was never sent, and after it its file."""
    draft = EnquiryFile.objects.select_for_update(of=("self",)).filter(pk=file_id).first()
    if draft is None or draft.message_id is not None:
        return
    draft.delete()
    attachments.remove_later(draft.storage_key, organization_id=None, now=now)
