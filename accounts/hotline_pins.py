"""The PIN an organization types on the hotline: made anew, recognised, never stored.

Eight digits of chance, kept as a digest keyed with the site's secret: without that secret a copy
of the database names no PIN. Whoever holds one can open a ticket in the organization's name and
learns nothing; guessing is slowed down where PINs are typed.
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.access import Role
from accounts.models import HotlinePin, Membership, Organization, User
from accounts.viewer import Viewer

DIGITS: Final = 8
PHONE: Final = "phone"
_TRIES: Final = 5  # at a PIN nobody else has
_CALLERS: Final = (Role.OWNER, Role.ADMIN, Role.DEVELOPER)  # who may open tickets


@transaction.atomic
def rotate(*, by: Viewer, organization: Organization, now: dt.datetime) -> str:
    """Give the organization a new PIN and return it, the only time; the old one is dead at once.

    Raises `ValidationError` where the plan has no hotline.
    """
    access.require(by, "hotline.manage", organization.pk)
    if by.user is None:
        raise ValueError("A PIN is made by a person.")
    if PHONE not in organization.entitlements.channels:
        raise ValidationError(_("Your plan has no hotline."))
    for _try in range(_TRIES):
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        if _put(organization, pin, by, now):
            break
    else:
        raise ValidationError(_("No PIN could be made. Please try again."))
    events.record(
        verb="hotline.pin_made",
        subject=f"organization/{organization.pk}",
        by=by,
        at=now,
        organization_id=organization.pk,
    )
    return pin


@transaction.atomic
def choose_contact(
    *, by: Viewer, organization: Organization, member: User | None, now: dt.datetime
) -> HotlinePin:
    """Say in whose name calls open tickets; None: an owner's."""
    access.require(by, "hotline.manage", organization.pk)
    pin = HotlinePin.objects.select_for_update().filter(organization=organization).first()
    if pin is None:
        raise ValidationError({"contact": _("Make a PIN first.")})
    if member is not None and member not in candidates(organization):
        raise ValidationError({"contact": _("Choose a member who may open tickets.")})
    pin.contact = member
    pin.save(update_fields=["contact"])
    events.record(
        verb="hotline.contact_chosen",
        subject=f"organization/{organization.pk}",
        by=by,
        at=now,
        organization_id=organization.pk,
        contact=member.pk if member else None,
    )
    return pin


def candidates(organization: Organization) -> list[User]:
    """The members who may open tickets, by name."""
    members = Membership.objects.filter(organization=organization, role__in=_CALLERS)
    return list(User.names.filter(pk__in=members.values("user_id")).order_by("name", "pk"))


def recognise(digits: str) -> HotlinePin | None:
    """The PIN with these digits; runs in the engine's role. Tells by no difference in time."""
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        digits = ""
    return HotlinePin.objects.select_related("organization").filter(digest=_digest(digits)).first()


def note_use(pin: HotlinePin, *, now: dt.datetime) -> None:
    """For those who manage it to see."""
    HotlinePin.objects.filter(pk=pin.pk).update(last_used_at=now)


def reporter_for(pin: HotlinePin) -> User | None:
    """In whose name a call opens its ticket: the chosen contact, else the first owner or admin.

    None when nobody is left who may open one.
    """
    members = (
        Membership.objects.filter(
            organization=pin.organization_id, role__in=_CALLERS, user__is_active=True
        )
        .select_related("user")
        .order_by("pk")
    )
    order = [str(role) for role in _CALLERS]
    found = sorted(members, key=lambda one: (one.user_id != pin.contact_id, order.index(one.role)))
    return found[0].user if found else None


def _put(organization: Organization, pin: str, by: Viewer, now: dt.datetime) -> bool:
    """Store it; False when, by one chance in millions, somebody else has the same."""
    fresh = {
        "digest": _digest(pin),
        "made_by": by.user,
        "made_by_name": by.name,
        "made_at": now,
        "last_used_at": None,
    }
    try:
        with transaction.atomic():
            HotlinePin.objects.update_or_create(organization=organization, defaults=fresh)
    except IntegrityError:
        return False
    return True


def _digest(digits: str) -> str:
    return salted_hmac("vigil.hotline.pin", digits, algorithm="sha256").hexdigest()
