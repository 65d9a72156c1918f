"""Who may listen, and to what: read from the session, the person and their memberships."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare
from psycopg import AsyncConnection

from accounts.models import User
from portal.live.messages import Event

SESSIONS = """
select session_key, session_data from django_session
where session_key = any(%s) and expire_date > clock_timestamp()
"""
PEOPLE = """
select person.id, person.password, person.is_staff,
       exists (select from accounts_staffprofile profile where profile.user_id = person.id),
       array(select organization_id from accounts_membership where user_id = person.id)
from accounts_user person where person.is_active and person.id = any(%s)
"""
# A frame of the chat widget, as `accounts.widget_identity.authenticate` sees it.
VISITORS = """
select session.key_hash, session.user_id, session.organization_id
from accounts_widgetsession session
join accounts_widgetkey current on current.organization_id = session.organization_id
 and current.generation = session.generation and current.is_on
join accounts_membership membership on membership.organization_id = session.organization_id
 and membership.user_id = session.user_id
join accounts_user person on person.id = session.user_id
 and person.is_active and not person.is_staff
where session.key_hash = any(%s) and session.expires_at > clock_timestamp()
"""
WIDGET = "widget:"
_decode = import_module(settings.SESSION_ENGINE).SessionStore().decode


@dataclass(frozen=True, slots=True)
class Listener:
    """A person as of one moment: staff hear of everything, members of their organizations."""

    user_id: int
    is_staff: bool
    organizations: frozenset[int]

    @property
    def may_listen(self) -> bool:
        return self.is_staff or bool(self.organizations)

    def may_hear(self, event: Event) -> bool:
        if self.is_staff:
            return True
        return event.organization in self.organizations and not event.internal

    def may_read(self, organization: int) -> bool:
        return self.is_staff or organization in self.organizations

    def lost_something(self, now: Listener) -> bool:
        """Whether `now`, the same session at a later moment, may hear less than before."""
        if self.is_staff:
            return not now.is_staff
        return not now.is_staff and not self.organizations <= now.organizations


async def listeners(
    connection: AsyncConnection[Any], session_keys: Collection[str]
) -> dict[str, Listener]:
    """Return who is behind these session keys: three queries for any number of them.

    A session that ended, of a person who may no longer log in, or made before their password
    changed is missing from the answer. `widget:` stands before the digest of a widget's key.
    Runs as `vigil_app`, the login itself.
    """
    ours = [key for key in session_keys if not key.startswith(WIDGET)]
    found = await _visitors(connection, [key for key in session_keys if key.startswith(WIDGET)])
    if not ours:
        return found
    cursor = await connection.execute(SESSIONS, [ours])
    sessions = {key: _decode(data) for key, data in await cursor.fetchall()}
    ids = {pk for session in sessions.values() if (pk := _user_id(session)) is not None}
    cursor = await connection.execute(PEOPLE, [list(ids)])
    people = {row[0]: row[1:] for row in await cursor.fetchall()}
    for key, session in sessions.items():
        user_id = _user_id(session)
        if user_id is None or user_id not in people:
            continue
        password, is_staff, has_profile, organizations = people[user_id]
        if not _fits(session, User(pk=user_id, password=password)):
            continue
        # As in `Viewer.of`: staff act as staff only, and only with a profile.
        found[key] = Listener(
            user_id=user_id,
            is_staff=is_staff and has_profile,
            organizations=frozenset() if is_staff else frozenset(organizations),
        )
    return found


async def _visitors(connection: AsyncConnection[Any], keys: list[str]) -> dict[str, Listener]:
    """Who is behind the widget's keys; each hears of one organization."""
    if not keys:
        return {}
    digests = [key.removeprefix(WIDGET) for key in keys]
    cursor = await connection.execute(VISITORS, [digests])
    return {
        WIDGET + digest: Listener(
            user_id=user_id, is_staff=False, organizations=frozenset({organization})
        )
        for digest, user_id, organization in await cursor.fetchall()
    }


def _user_id(session: dict[str, Any]) -> int | None:
    """The person's id, from a session made by a login method that is still in use."""
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    number = str(session.get(SESSION_KEY, ""))
    return int(number) if number.isdecimal() else None


def _fits(session: dict[str, Any], user: User) -> bool:
    """Whether the session was made with the password the person has now."""
    made_with = session.get(HASH_SESSION_KEY, "")
    wanted = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(made_with, one) for one in wanted)
