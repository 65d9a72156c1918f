"""Ring people of staff about something other than a ladder's step: by all their contact methods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from accounts import agenda, reaching
from accounts.models import Delivery, User
from accounts.readers import as_read_by

Words = Callable[[], tuple[str, str]]


def call(
    people: Iterable[User],
    words: Words,
    *,
    key: str,
    subject: str,
    payload: dict[str, Any],
    now: dt.datetime,
    organization_id: int | None = None,
) -> None:
    """Put down the messages; a key that is already there changes nothing.

    `words` gives title and text, and is asked in each person's language and time zone.
    `payload` says where the link leads (`portal.senders.call`).
    """
    people = list(people)
    calls = reaching.calls_for(people, urgent=True, at=now)
    for person in people:
        with as_read_by(person):
            title, text = words()
        for method, due_at in calls[person.pk]:
            agenda.send(
                kind=Delivery.Kind.PAGE,
                key=f"{key}:{person.pk}:{method.pk}",
                channel=method.kind,
                address=method.address,
                fallback=method.working_fallback,
                subject=subject,
                payload={"language": person.language, "title": title, "text": text} | payload,
                due_at=due_at,
                organization_id=organization_id,
            )
