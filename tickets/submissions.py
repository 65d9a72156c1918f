"""What is sent twice, by a double click, a retry or a reload, is written once.

A form carries a one-time key, its submission. The same key from the same person with the same
words is the same message; with other words, or a further file, it is another one: what somebody
wrote is never dropped.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db.models import Q

from accounts.viewer import Viewer
from tickets import texts
from tickets.models import Attachment, Entry, Ticket


def written_before(
    submission: uuid.UUID | None,
    *,
    ticket: Ticket,
    by: Viewer,
    kind: Entry.Kind,
    body: str,
    attachment_ids: Sequence[uuid.UUID],
) -> Entry | None:
    """The entry this very message was written as, also if its ticket was joined since.

    The caller has locked the ticket, so of two at once the second finds the first.
    """
    earlier = _under(submission, by)
    if earlier is None or earlier.kind != kind:
        return None
    is_here = ticket.pk in (earlier.ticket_id, earlier.origin_id)
    return earlier if is_here and says_the_same(earlier, body, attachment_ids) else None


def unused(submission: uuid.UUID | None, by: Viewer) -> uuid.UUID | None:
    """The key to store a new entry under: a fresh one where another entry has this one."""
    return submission if _under(submission, by) is None else uuid.uuid4()


def says_the_same(entry: Entry, body: str, attachment_ids: Sequence[uuid.UUID]) -> bool:
    """Whether this text with these files adds nothing to what the entry says and holds."""
    if entry.body != texts.clean_body(body):
        return False
    wanted = set(attachment_ids)
    held = entry.attachments.values("sha256")
    mine = Attachment.objects.filter(pk__in=wanted, uploader=entry.author_id)
    return mine.filter(Q(entry=entry) | Q(sha256__in=held)).count() == len(wanted)


def _under(submission: uuid.UUID | None, by: Viewer) -> Entry | None:
    if submission is None:
        return None
    return Entry.objects.filter(author=by.user, submission=submission).first()
