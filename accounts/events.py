"""Write to the event log. Every verb records exactly one event."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts import rows
from accounts.models.event import Event
from accounts.viewer import Viewer


def record(
    *,
    verb: str,
    subject: str,
    by: Viewer,
    at: dt.datetime,
    organization_id: int | None,
    internal: bool = False,
    **data: Any,
) -> Event:
    """Append one event: `by` did `verb` to `subject` ("ticket/7"), and it was true at `at`.

    `data` must be JSON and hold no message text: the log is read by audits, webhooks and
    the live stream, and what was written in a note stays in the note.
    """
    event = Event(
        organization_id=organization_id,
        actor=by.user,
        actor_name=by.name,
        verb=verb,
        subject=subject,
        data=data,
        internal=internal,
        at=at,
    )
    rows.insert([event])
    return event
