"""Show that messages arrive at an address before anybody relies on it, and whenever one asks.

A real message goes there, with a link and a code of six digits; whoever receives it opens the
link and presses its button, or types the code on their own duty page. Both are derived from
the check's key with the site's secret at the moment they are sent or compared, so no table, log
or backup holds them. A check is good for an hour, once, and for five wrong codes.
"""

from __future__ import annotations

import datetime as dt
import hmac
import uuid
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import access, agenda, contact_addresses, events
from accounts.models import ContactCheck, ContactMethod, Delivery
from accounts.viewer import Viewer

VALID_FOR: Final = dt.timedelta(hours=1)
PAUSE: Final = dt.timedelta(minutes=1)  # between two messages to one address
MOST_AN_HOUR: Final = 12  # for all addresses of one person: nobody else's telephone is bombed
WRONG_CODES: Final = 5
SALT: Final = "vigil.contact"
DIGITS: Final = 6


class Answer(StrEnum):
    """What came of a typed code."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    NO_MORE = "no more"
    NOTHING_OPEN = "nothing open"


class Gone(Exception):
    """It was a good link once: used, run out, or for an address that was changed."""


class Forged(Exception):
    """No link of ours."""


@transaction.atomic
def ask(
    *, method: ContactMethod, by: Viewer, now: dt.datetime, is_fallback: bool = False
) -> ContactCheck:
    """Send a message to one of the method's addresses; what was sent there before ends.

    For an address that is verified already it is a test, and changes nothing. Raises
    ValidationError when too many were sent of late.
    """
    own = by.user is not None and by.user.pk == method.user_id
    access.require(by, "contact.edit" if own else "staff.edit")
    address = method.fallback_address if is_fallback else method.address
    if not address:
        raise ValidationError(_("There is no such address."))
    _refuse_too_many(method, address, now=now)
    open_ones = ContactCheck.objects.filter(method=method, is_fallback=is_fallback)
    open_ones.filter(expires_at__gt=now).update(expires_at=now)
    check = ContactCheck.objects.create(
        user_id=method.user_id,
        method=method,
        address=address,
        is_fallback=is_fallback,
        asked_at=now,
        expires_at=now + VALID_FOR,
    )
    agenda.send(
        kind=Delivery.Kind.CHECK,
        key=f"check:{check.pk}",
        channel=contact_addresses.channel_of(address, kind=method.kind)
        if is_fallback
        else method.kind,
        address=address,
        subject=f"contact/{method.pk}",
        payload={
            "check": str(check.pk),
            "name": method.user.name,
            "language": method.user.language,
        },
        due_at=now,
        organization_id=None,
    )
    return check


def is_wanted(check: ContactCheck, *, now: dt.datetime) -> bool:
    """Whether the check can still be confirmed. The method is read along with it."""
    return (
        check.confirmed_at is None and now < check.expires_at and check.address == _current(check)
    )


def address_of_link(check_id: uuid.UUID) -> str:
    """The full address, on the configured origin whatever a request may claim."""
    return settings.PUBLIC_URL + reverse("contact:show", args=[token(check_id)])


def token(check_id: uuid.UUID) -> str:
    return _signer().sign(check_id.hex)


def code(check_id: uuid.UUID) -> str:
    """Six digits only the site's secret leads to."""
    digest = salted_hmac(SALT + ".code", check_id.hex, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}}"


def key_of(link: str) -> uuid.UUID:
    """The key of the check a link is for; raises `Forged` when we did not sign it."""
    try:
        return uuid.UUID(hex=_signer().unsign(link))
    except (BadSignature, ValueError) as problem:
        raise Forged from problem


def open_check(pk: uuid.UUID, *, now: dt.datetime) -> ContactCheck | None:
    """The check with that key, as long as somebody can still confirm it."""
    check = ContactCheck.objects.select_related("method", "user").filter(pk=pk).first()
    return check if check is not None and is_wanted(check, now=now) else None


@transaction.atomic
def confirm(*, check: ContactCheck, by: Viewer, now: dt.datetime) -> None:
    """Somebody who received the message says so. Raises `Gone` if it was used meanwhile."""
    check = _locked(check.pk)
    if not is_wanted(check, now=now):
        raise Gone
    _confirmed(check, by=by, now=now)


@transaction.atomic
def confirm_by_code(
    *,
    method: ContactMethod,
    typed: str,
    by: Viewer,
    now: dt.datetime,
    is_fallback: bool = False,
) -> Answer:
    """Compare a typed code with the one that was sent; it does not raise, so that it counts."""
    if by.user is None or by.user.pk != method.user_id:
        raise PermissionDenied(_("Only whoever is rung there types the code."))
    latest = ContactCheck.objects.filter(method=method, is_fallback=is_fallback).last()
    check = _locked(latest.pk) if latest else None
    if check is None or not is_wanted(check, now=now):
        return Answer.NOTHING_OPEN
    if check.wrong_codes >= WRONG_CODES:
        return Answer.NO_MORE
    if not hmac.compare_digest("".join(typed.split()).encode(), code(check.pk).encode()):
        check.wrong_codes += 1
        check.save(update_fields=["wrong_codes"])
        return Answer.WRONG if check.wrong_codes < WRONG_CODES else Answer.NO_MORE
    _confirmed(check, by=by, now=now)
    return Answer.CONFIRMED


def _confirmed(check: ContactCheck, *, by: Viewer, now: dt.datetime) -> None:
    check.confirmed_at = now
    check.save(update_fields=["confirmed_at"])
    column = "fallback_verified_at" if check.is_fallback else "verified_at"
    ContactMethod.objects.filter(checks=check).update(**{column: now})
    events.record(
        verb="contact.verified",
        subject=f"staff/{check.user_id}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        method=check.method_id,
        is_fallback=check.is_fallback,
    )


def _refuse_too_many(method: ContactMethod, address: str, *, now: dt.datetime) -> None:
    lately = ContactCheck.objects.filter(user=method.user_id)
    if lately.filter(address=address, asked_at__gt=now - PAUSE).exists():
        raise ValidationError(_("A message went there less than a minute ago. Please wait."))
    if lately.filter(asked_at__gt=now - VALID_FOR).count() >= MOST_AN_HOUR:
        raise ValidationError(_("Too many messages were sent this hour. Please wait."))


def _current(check: ContactCheck) -> str | None:
    """The address the check was for, as the method has it now; None once that was removed."""
    if check.method is None:
        return None
    return check.method.fallback_address if check.is_fallback else check.method.address


def _locked(pk: uuid.UUID) -> ContactCheck:
    return (
        ContactCheck.objects.select_for_update(of=("self",))
        .select_related("method", "user")
        .get(pk=pk)
    )


def _signer() -> Signer:
    return Signer(salt=SALT, sep="~")
