"""Ring people of staff about something other than a ladder's step: by all their contact methods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from accounts import agenda
from accounts.models import ContactMethod, Delivery, User

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
    `payload` says where the link leads (`portal.senders.page`).
    """
    people = list(people)
    methods: dict[int, list[ContactMethod]] = {}
    for method in ContactMethod.objects.filter(user__in=people).order_by("position", "id"):
        methods.setdefault(method.user_id, []).append(method)
    for person in people:
        login = ContactMethod(pk=0, kind=ContactMethod.Kind.EMAIL, address=person.email)
        with translation.override(person.language), timezone.override(ZoneInfo(person.time_zone)):
            title, text = words()
        for method in methods.get(person.pk) or [login]:
            agenda.send(
                kind=Delivery.Kind.PAGE,
                key=f"{key}:{person.pk}:{method.pk}",
                channel=method.kind,
                address=method.address,
                subject=subject,
                payload={"language": person.language, "title": title, "text": text} | payload,
                due_at=now,
                organization_id=organization_id,
            )
