"""What may wait a little: announcements, tickets that close themselves, tidying of files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.core.files.storage import default_storage

from accounts import agenda
from accounts.models import Deadline, Event
from accounts.viewer import SYSTEM
from portal import notifications
from tickets import attachments, coverage_watch, enquiry_files, lifecycle, swaps
from tickets.models import Attachment, CallRecording, EnquiryFile
from tickets.models.ticket import State

SWEEP: Final = "files.sweep"
SHARES: Final = 16  # `tickets.attachments` spreads files over the folders 00 to ff
SAFE_AGE: Final = dt.timedelta(hours=1)  # longer than any request between its file and its row


def close_ticket(row: Deadline, now: dt.datetime) -> None:
    """Close a ticket nobody objected to; one that was reopened stays open."""
    ticket = lifecycle.locked_by_key(row.data["ticket"])
    if ticket.state == State.RESOLVED:
        lifecycle.close(ticket=ticket, by=SYSTEM, now=now)


def announce_event(row: Deadline, now: dt.datetime) -> None:
    """Put down the mails that tell people of an event."""
    notifications.announce(Event.objects.get(pk=row.data["event"]), now=now)


def expire_draft(row: Deadline, now: dt.datetime) -> None:
    """Remove an attached file that was never sent with a message."""
    draft = Attachment.objects.select_for_update().filter(pk=row.data["attachment"]).first()
    if draft is None or draft.entry_id is not None:
        return
    draft.delete()
    attachments.remove_later(draft.storage_key, organization_id=row.organization_id, now=now)


def expire_enquiry_file(row: Deadline, now: dt.datetime) -> None:
    """The same for one that was to go out with an answer to an enquiry."""
    enquiry_files.expire(file_id=row.data["file"], now=now)


def expire_swap(row: Deadline, now: dt.datetime) -> None:
    """Tell both that nobody answered before the shift began."""
    swaps.expire(swap_id=row.data["swap"], now=now)


def remove_file(row: Deadline, now: dt.datetime) -> None:
    """Remove a file whose row is gone; one that is gone already is no error."""
    default_storage.delete(row.data["file"])


def plan_sweep(now: dt.datetime) -> None:
    """Have today's sweep begin, unless it has; each engine says so when it starts."""
    _plan_share(now.date(), 0, now)


def sweep_files(row: Deadline, now: dt.datetime) -> None:
    """Remove files of sixteen folders that belong to no row; then plan the next sixteen.

    A share at a time keeps each transaction short. After the last one the first is planned
    for the next night.
    """
    share, day = int(row.data["share"]), dt.date.fromisoformat(row.data["day"])
    for folder in range(16):
        for key in _orphans(f"{share:x}{folder:x}", before=now - SAFE_AGE):
            default_storage.delete(key)
    if share + 1 < SHARES:
        _plan_share(day, share + 1, now)
    else:
        tomorrow = day + dt.timedelta(days=1)
        _plan_share(tomorrow, 0, max(now, dt.datetime.combine(tomorrow, dt.time(3), dt.UTC)))


def warn_of_coverage(row: Deadline, now: dt.datetime) -> None:
    """Tell the leads of the next fourteen days' gaps and loads; plan tomorrow's warning."""
    coverage_watch.warn_daily(now=now)


def recheck_coverage(row: Deadline, now: dt.datetime) -> None:
    """Duty, or who may stand in it, changed: tell of a gap it opened within 48 hours."""
    coverage_watch.warn_at_once(now=now)


def _plan_share(day: dt.date, share: int, at: dt.datetime) -> None:
    agenda.schedule(
        kind=SWEEP,
        key=f"sweep:{day.isoformat()}:{share:x}",
        due_at=at,
        subject="files",
        organization_id=None,
        day=day.isoformat(),
        share=share,
    )


def _orphans(folder: str, *, before: dt.datetime) -> Iterable[str]:
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    keys = {f"{folder}/{name}" for name in names}
    known: set[str] = set()
    for model in (Attachment, CallRecording, EnquiryFile):
        known |= set(
            model.objects.filter(storage_key__in=keys).values_list("storage_key", flat=True)
        )
    return [key for key in keys - known if default_storage.get_modified_time(key) < before]
