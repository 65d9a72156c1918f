"""The conversation and what else happened, in one line of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Event
from accounts.models.staff_profile import Level
from tickets.intake.reasons import REMARKS
from tickets.models import Attachment, Entry
from tickets.models.call import from_row
from tickets.models.ticket import Channel
from tickets.presentation.call_lines import CallItem, call_item
from tickets.presentation.event_lines import SystemLine, event_line


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person wrote: a reply, or an internal note.

    `origin` names the ticket it was written in, when that has become part of this one. `folded`
    is the rest of the mail it came by; `mail` (for staff) that mail's key, with a `remark`.
    """

    id: int
    at: dt.datetime
    author: str
    role: str
    by_staff: bool
    is_note: bool
    body: str
    files: tuple[Attachment, ...]
    origin: str = ""
    folded: str = ""
    mail: str = ""
    remark: str = ""
    by_phone: bool = False
    is_message: bool = True
    is_call: bool = False

    @property
    def key(self) -> str:
        return f"message-{self.id}"


Item = Message | CallItem | SystemLine


def timeline(
    entries: Iterable[Entry],
    events: Iterable[Event],
    calls: Iterable[dict[str, Any]] = (),
    *,
    staff: bool = False,
) -> list[Item]:
    """All in order of time; of one instant, what was written stands first, then calls.

    `calls` are rows of `Call.objects.rows_of_ticket()`.

    `entries` are those of `conversation_of`. `staff` adds what concerns only us.
    """
    items: list[Item] = [_message(entry) for entry in entries]
    items += [call_item(*from_row(row), staff=staff) for row in calls]
    for event in events:
        line = event_line(event, staff=staff)
        if line is not None:
            items.append(line)
    return sorted(items, key=_place)


def _place(item: Item) -> tuple[dt.datetime, int, str]:
    kind = 0 if item.is_message else 1 if item.is_call else 2
    return item.at, kind, f"{item.id:020d}" if isinstance(item.id, int) else str(item.id)


def _message(entry: Entry) -> Message:
    return Message(
        id=entry.pk,
        at=entry.at,
        author=entry.author_name,
        role=engineer(entry.author_level) if entry.by_staff else "",
        by_staff=entry.by_staff,
        is_note=entry.is_note,
        body=entry.body,
        files=tuple(entry.attachments.all()),
        folded=entry.folded,
        mail=str(getattr(entry, "mail_key", None) or ""),
        remark=str(REMARKS.get(getattr(entry, "mail_remark", None) or "", "")),
        origin=entry.origin.reference if entry.origin else "",
        by_phone=entry.channel == Channel.PHONE,
    )


def engineer(level: str) -> str:
    """ "Engineer L3", "Lead engineer"; the level as it was then."""
    if level == Level.LEAD:
        return _("Lead engineer")
    return _("Engineer %(level)s") % {"level": level} if level else _("Engineer")
