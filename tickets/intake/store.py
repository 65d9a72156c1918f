"""Raw before parsed: keep what came in, in one transaction, and only then say so to its sender.

Nothing here looks into a mail. The same mail for the same recipients is the same row, however
often and over however many connections at once it comes: whoever is second waits for the first
and finds its row.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from accounts import rows
from accounts.tenancy import DatabaseRole, acting_as
from tickets.intake import mailboxes
from tickets.models import Inbound

MOST_RECIPIENTS: Final = 100  # of one mail that are written down


@dataclass(frozen=True, slots=True)
class Stored:
    """The row there is now; not `is_new` when the same had come before."""

    pk: uuid.UUID
    is_new: bool


def store(
    raw: bytes,
    *,
    recipients: Iterable[str],
    source: str,
    envelope: Mapping[str, Any] | None = None,
) -> Stored:
    """Keep a mail for good; it is committed when this returns.

    `source` is how it came ("smtp", "imap name@host/folder", …); `envelope` what else is known
    of that. Raises the database's errors: nothing is kept then, and it must be sent again.
    """
    addresses = sorted({one.strip().lower() for one in recipients} - {""})[:MOST_RECIPIENTS]
    key = key_of(raw, addresses)
    row = Inbound(
        channel=Inbound.Channel.EMAIL,
        source=source[:200],
        key=key,
        raw=raw,
        envelope={**(envelope or {}), "recipients": addresses},
        is_urgent=mailboxes.is_urgent(addresses),
    )
    with acting_as(DatabaseRole.ENGINE) as now:
        row.received_at = row.claimable_at = now
        if rows.insert([row], ignore_conflicts=True):
            return Stored(row.pk, is_new=True)
        return Stored(Inbound.objects.values_list("pk", flat=True).get(key=key), is_new=False)


def key_of(raw: bytes, addresses: Iterable[str]) -> str:
    """What is the same for the same mail to the same recipients, and for no other."""
    digest = hashlib.sha256(raw)
    for address in sorted(addresses):
        digest.update(b"\0" + address.encode(errors="surrogateescape"))
    return f"mail:{digest.hexdigest()}"
