"""How people of staff are reached for a page, as their contact methods and quiet hours say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from accounts.contact_methods import Quiet, calls
from accounts.models import ContactMethod, QuietHours, User
from accounts.time_zones import zone_or_utc

Call = tuple[ContactMethod, dt.datetime]

LOGIN: Final = 0  # the key of the method that stands for the address somebody logs in with


def calls_for(people: Iterable[User], *, urgent: bool, at: dt.datetime) -> dict[int, list[Call]]:
    """Everybody's calls, by the key of the person, for a page that starts at `at`. Two queries.

    Each is a method and when it is due (UTC). Without a usable method it is the login's e-mail
    address, as an unsaved method with the key 0.
    """
    people = list(people)
    methods: dict[int, list[ContactMethod]] = {person.pk: [] for person in people}
    for method in ContactMethod.objects.filter(user__in=people):
        methods[method.user_id].append(method)
    quiet = quiet_of(people)
    return {
        person.pk: calls(
            methods[person.pk],
            urgent=urgent,
            at=at,
            zone=zone_or_utc(person.time_zone),
            quiet=quiet.get(person.pk),
            login=login_of(person),
        )
        for person in people
    }


def soonest(person: User, *, urgent: bool, now: dt.datetime) -> dt.datetime:
    """`now`, or the end (UTC) of the person's quiet hours for what is not urgent."""
    quiet = None if urgent else quiet_of([person]).get(person.pk)
    return (quiet.until(now, zone_or_utc(person.time_zone)) if quiet else None) or now


def quiet_of(people: Iterable[User]) -> dict[int, Quiet]:
    """Quiet hours by the key of the person, of those who have any."""
    rows = QuietHours.objects.filter(user__in=people)
    return {row.user_id: Quiet(row.starts_at, row.ends_at) for row in rows}


def login_of(person: User) -> ContactMethod:
    return ContactMethod(
        pk=LOGIN, user_id=person.pk, kind=ContactMethod.Kind.EMAIL, address=person.email
    )
