"""At which addresses people may write to us, and what each of them means."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from accounts.plans import PLANS
from tickets.intake import bounce_address, reply_address
from tickets.intake.reply_address import Invited

ALWAYS: Final = frozenset({"postmaster"})  # RFC 5321 wants it
URGENT: Final = frozenset(plan.urgent_mailbox for plan in PLANS.values() if plan.urgent_mailbox)


@dataclass(frozen=True, slots=True)
class Addressed:
    """What the addresses of ours say that a mail was sent to.

    `invited` are the tickets and people of its signed reply addresses, `is_forged` whether one
    looked like such an address and was not, `returned` the deliveries whose return address it
    came to, `urgent` the plans' urgent mailboxes.
    """

    invited: tuple[Invited, ...] = ()
    returned: tuple[uuid.UUID, ...] = ()
    urgent: frozenset[str] = frozenset()
    is_forged: bool = False


def is_ours(address: str) -> bool:
    """Whether the address is at our mail domain, served or not."""
    return address.strip().lower().rpartition("@")[2] == settings.MAIL_DOMAIN


def is_served(address: str) -> bool:
    """Whether mail to this address is taken in; a reply address only if we gave it out."""
    local, _at, domain = address.strip().lower().rpartition("@")
    if domain != settings.MAIL_DOMAIN:
        return False
    if local in settings.MAIL_BOXES or local in ALWAYS or local in URGENT:
        return True
    return (reply_address.read(address) or bounce_address.read(address)) is not None


def addressed(recipients: Iterable[str]) -> Addressed:
    """Read the addresses of ours among these; those of others mean nothing."""
    invited: dict[Invited, None] = {}
    returned: dict[uuid.UUID, None] = {}
    urgent, is_forged = set(), False
    for address in recipients:
        local, _at, domain = address.strip().lower().rpartition("@")
        if domain != settings.MAIL_DOMAIN:
            continue
        if local in URGENT:
            urgent.add(local)
        elif found := reply_address.read(address):
            invited[found] = None
        elif delivery := bounce_address.read(address):
            returned[delivery] = None
        elif local.startswith("reply+"):
            is_forged = True
    return Addressed(tuple(invited), tuple(returned), frozenset(urgent), is_forged)


def is_urgent(recipients: Iterable[str]) -> bool:
    """Whether one of them is a plan's urgent mailbox: such a mail is looked at first."""
    return any(
        local in URGENT and domain == settings.MAIL_DOMAIN
        for local, _at, domain in (one.strip().lower().rpartition("@") for one in recipients)
    )
