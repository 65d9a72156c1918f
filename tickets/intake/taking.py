"""The rows of mails while they are settled: locked, described, and written back."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from tickets.intake.letter import Letter
from tickets.intake.texts_of_mail import one_line
from tickets.models import Inbound

PREVIEW: Final = 600  # characters
FILES_NAMED: Final = 20

# The lock on its Message-ID makes two copies of a mail wait for each other. Three statements,
# so that the last sees what the locks kept; all locks of a kind are taken in one order.
_TAKE: Final = """
select pg_advisory_xact_lock(name) from (
    select distinct hashtextextended(name, 0) as name from unnest(%(names)s::text[]) as name
    order by 1
) as names;
select row.id from tickets_inbound as row
join unnest(%(keys)s::uuid[], %(tokens)s::uuid[]) as asked (id, token) using (id)
where row.lease_token = asked.token and row.handled_at is null
order by row.id for update of row;
select twin.message_id, twin.id, twin.content, twin.is_held, twin.organization_id, twin.ticket_id
from unnest(%(message_ids)s::text[]) as asked cross join lateral (
    select message_id, id, data ->> 'content' as content, outcome = 'quarantined' as is_held,
        organization_id, ticket_id
    from tickets_inbound
    where message_id = asked and handled_at is not null and id <> all (%(keys)s::uuid[])
      and outcome not in ('duplicate', 'discarded')
    order by received_at limit 20
) as twin
"""
_FINISH: Final = """
update tickets_inbound as row
set message_id = settled.message_id, sender = settled.sender, last_error = settled.last_error,
    outcome = settled.outcome, reason = settled.reason, data = settled.data, handled_at = %s,
    organization_id = settled.organization_id, ticket_id = settled.ticket_id,
    entry_id = settled.entry_id
from jsonb_to_recordset(%s::jsonb) as settled (
    id uuid, message_id text, sender text, last_error text, outcome text, reason text,
    data jsonb, organization_id bigint, ticket_id bigint, entry_id bigint
)
where row.id = settled.id
"""
_FINISHED: Final = (
    *("message_id", "sender", "last_error", "outcome", "reason", "data"),
    *("organization_id", "ticket_id", "entry_id"),
)


class Lost(Exception):
    """The claim is no longer ours: somebody else has the mail, or had it."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A mail of the same Message-ID that was understood before; or `is_held` in quarantine."""

    pk: uuid.UUID
    content: str | None
    is_held: bool
    organization_id: int | None
    ticket_id: int | None


def take(row: Inbound, letter: Letter | None) -> list[Twin]:
    """Lock the row, if the claim still holds; and what came under its Message-ID before.

    `Lost` if it does not.
    """
    found = take_all([(row, letter)])
    if row.pk not in found:
        raise Lost
    return found[row.pk]


def take_all(mails: Sequence[tuple[Inbound, Letter | None]]) -> dict[uuid.UUID, list[Twin]]:
    """The same for mails of different Message-IDs; those whose claim is lost are missing."""
    ids = {row.pk: letter.mail.message_id[:250] if letter else "" for row, letter in mails}
    values: dict[str, Any] = {
        "names": [ids[row.pk] or str(row.pk) for row, _letter in mails],
        "keys": [row.pk for row, _letter in mails],
        "tokens": [row.lease_token for row, _letter in mails],
        "message_ids": [one for one in ids.values() if one],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        cursor.nextset()
        held = {pk for (pk,) in cursor.fetchall()}
        cursor.nextset()
        twins: dict[str, list[Twin]] = {}
        for message_id, *found in cursor.fetchall():
            twins.setdefault(message_id, []).append(Twin(*found))
    for row, letter in mails:
        if row.pk in held:
            _begin(row, letter, ids[row.pk])
    return {pk: twins.get(message_id, []) for pk, message_id in ids.items() if pk in held}


def finish(rows: Sequence[Inbound], *, now: dt.datetime) -> None:
    """Write down what became of mails that were taken. One statement."""
    settled = []
    for row in rows:
        row.handled_at = now
        settled.append({"id": str(row.pk)} | {name: getattr(row, name) for name in _FINISHED})
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, [now, json.dumps(settled)])


def _begin(row: Inbound, letter: Letter | None, message_id: str) -> None:
    """As if nothing had ever been tried with it."""
    row.organization = row.ticket = row.entry = None
    row.data = {key: row.data[key] for key in ("replayed",) if key in row.data}
    if letter is not None:
        row.message_id = message_id
        row.sender = letter.sender[:254]
        row.data |= described(letter)


def described(letter: Letter) -> dict[str, Any]:
    """What the pages of staff show of it, without reading it again."""
    mail = letter.mail
    shown = {
        "name": mail.from_.name,
        "subject": one_line(mail.subject),
        "preview": (letter.new or mail.text)[:PREVIEW].strip(),
        "to": [one.address[:254] for one in (*mail.to, *mail.cc)[:10]],
    }
    return {
        **{key: _keepable(value) for key, value in shown.items()},
        "proof": [str(letter.proof.verdict), letter.proof.how],
        "problems": [str(one) for one in mail.problems],
        "files": len(mail.attachments),
        "file_names": [_keepable(one.name)[:150] for one in mail.attachments[:FILES_NAMED]],
        "content": letter.content,
    }


def _keepable(value: Any) -> Any:
    """Without what JSON in PostgreSQL cannot hold: NUL, and halves of characters."""
    if isinstance(value, list):
        return [_keepable(one) for one in value]
    return str(value).encode(errors="replace").decode().replace("\x00", "")
