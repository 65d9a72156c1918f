"""Change how a person of staff is rung: their contact methods and their quiet hours.

Everybody changes their own; managers anybody's. A new or changed address is not rung until
whoever is there has confirmed it (`accounts.contact_checks`), except the one the person logs
in with.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, contact_addresses, contact_checks, events
from accounts.models import ContactMethod, QuietHours, User
from accounts.viewer import Viewer

MOST: Final = 8


class LeavesLoginOnly(ValidationError):
    """Nothing but the login's e-mail address would be rung; whoever means it says so."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This is the only verified way to ring this person. Without it, pages go to the "
                "e-mail address they log in with, and nowhere else."
            )
        )


@transaction.atomic
def add(
    *,
    user: User,
    by: Viewer,
    kind: str,
    address: str,
    now: dt.datetime,
    delay_seconds: int = 0,
    fallback_address: str = "",
    position: int | None = None,
    enabled: bool = True,
) -> ContactMethod:
    """Add a method, by default as the person's last, and send a message that asks to confirm it.

    Raises ValidationError by field for what cannot be rung.
    """
    _require(by, user)
    methods = _locked_methods(user)
    if len(methods) >= MOST:
        raise ValidationError(_("There are %(count)d already. Remove one first.") % {"count": MOST})
    method = ContactMethod(
        user=user,
        kind=kind,
        address=address,
        position=max((one.position for one in methods), default=-1) + 1
        if position is None
        else position,
        enabled=enabled,
        delay_seconds=delay_seconds,
        fallback_address=fallback_address,
    )
    method.full_clean()
    _trust_login(method, user, now=now)
    method.save()
    _ask(method, by=by, now=now)
    _record("contact.added", method, by=by, now=now, kind=method.kind)
    return method


@transaction.atomic
def change(
    *,
    method: ContactMethod,
    by: Viewer,
    now: dt.datetime,
    even_if_last: bool = False,
    **values: Any,
) -> ContactMethod:
    """Change a method's kind, address, delay, fallback, place, or whether it is in use.

    A new address, or the old one rung in another way, is unverified and asked to confirm.
    Raises ValidationError by field, and `LeavesLoginOnly` unless `even_if_last`.
    """
    _require(by, method.user)
    methods = _locked_methods(method.user)
    before = _own(methods, method)
    method = ContactMethod.objects.get(pk=before.pk)
    for name, value in values.items():
        setattr(method, name, value)
    method.full_clean()
    if (method.kind, method.address) != (before.kind, before.address):
        method.verified_at, method.trouble_at = None, None
        _trust_login(method, method.user, now=now)
    if _fallback(method) != _fallback(before):
        method.fallback_verified_at = None
    changed = [name for name in values if getattr(method, name) != getattr(before, name)]
    if not changed:
        return method
    if not method.is_usable and not even_if_last:
        _refuse_last(before, methods)
    method.save()
    _ask(method, by=by, now=now, before=before)
    _record("contact.changed", method, by=by, now=now, fields=changed)
    return method


@transaction.atomic
def move(*, method: ContactMethod, up: bool, by: Viewer, now: dt.datetime) -> None:
    """Put a method before the one above it (or after the one below); at the end, do nothing."""
    _require(by, method.user)
    methods = _locked_methods(method.user)
    place = methods.index(_own(methods, method))
    other = place - 1 if up else place + 1
    if not 0 <= other < len(methods):
        return
    methods[place], methods[other] = methods[other], methods[place]
    for position, one in enumerate(methods):
        one.position = position
    ContactMethod.objects.bulk_update(methods, ["position"])
    _record("contact.moved", method, by=by, now=now, up=up)


@transaction.atomic
def remove(
    *, method: ContactMethod, by: Viewer, now: dt.datetime, even_if_last: bool = False
) -> None:
    """Ring this method no more. Raises `LeavesLoginOnly` unless `even_if_last`.

    Calls that are on their way are left alone: somebody may be waiting for the answer.
    """
    _require(by, method.user)
    methods = _locked_methods(method.user)
    method = _own(methods, method)
    if not even_if_last:
        _refuse_last(method, methods)
    _record("contact.removed", method, by=by, now=now, kind=method.kind)
    method.delete()


@transaction.atomic
def set_quiet_hours(
    *,
    user: User,
    by: Viewer,
    starts_at: dt.time | None,
    ends_at: dt.time | None,
    now: dt.datetime,
) -> None:
    """Have what is not urgent wait each day between two wall-clock times of the person's zone.

    Both None: nothing waits. Raises ValidationError for one without the other, or two alike.
    """
    _require(by, user)
    if (starts_at is None) != (ends_at is None):
        raise ValidationError(_("Quiet hours need both a beginning and an end."))
    if starts_at is None or ends_at is None:
        QuietHours.objects.filter(user=user).delete()
    elif starts_at == ends_at:
        raise ValidationError(_("Quiet hours must end at another time than they begin."))
    else:
        QuietHours.objects.update_or_create(
            user=user, defaults={"starts_at": starts_at, "ends_at": ends_at}
        )
    events.record(
        verb="contact.quiet",
        subject=f"staff/{user.pk}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        has_quiet_hours=starts_at is not None,
    )


def _require(by: Viewer, user: User) -> None:
    own = by.user is not None and by.user.pk == user.pk
    access.require(by, "contact.edit" if own else "staff.edit")


def _locked_methods(user: User) -> list[ContactMethod]:
    """The person's methods in order; two changes at once cannot each take the other's last."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    return list(ContactMethod.objects.filter(user=user).order_by("position", "pk"))


def _own(methods: list[ContactMethod], method: ContactMethod) -> ContactMethod:
    """The method as it stands by now."""
    for one in methods:
        if one.pk == method.pk:
            return one
    raise ValidationError(_("This contact method was removed in the meantime."))


def _refuse_last(method: ContactMethod, methods: list[ContactMethod]) -> None:
    if method.is_usable and not any(one.is_usable for one in methods if one.pk != method.pk):
        raise LeavesLoginOnly


def _trust_login(method: ContactMethod, user: User, *, now: dt.datetime) -> None:
    """Nobody logs in with an address that was not confirmed."""
    if method.kind == ContactMethod.Kind.EMAIL and method.address == user.email:
        method.verified_at = now


def _fallback(method: ContactMethod) -> tuple[str, str]:
    """The fallback address, and how it is rung."""
    address = method.fallback_address
    return address, contact_addresses.channel_of(address, kind=method.kind) if address else ""


def _ask(
    method: ContactMethod, *, by: Viewer, now: dt.datetime, before: ContactMethod | None = None
) -> None:
    """Send what asks to confirm the addresses that are new, or rung in another way."""
    is_new = before is None or (method.kind, method.address) != (before.kind, before.address)
    if is_new and method.verified_at is None:
        contact_checks.ask(method=method, by=by, now=now)
    is_new = before is None or _fallback(method) != _fallback(before)
    if is_new and method.fallback_address and method.fallback_verified_at is None:
        contact_checks.ask(method=method, is_fallback=True, by=by, now=now)


def _record(verb: str, method: ContactMethod, *, by: Viewer, now: dt.datetime, **data: Any) -> None:
    """Without the address: everybody of staff reads the log, and it is somebody's telephone."""
    events.record(
        verb=verb,
        subject=f"staff/{method.user_id}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        method=method.pk,
        **data,
    )
