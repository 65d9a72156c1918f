"""Invite somebody into an organization, by a link in a mail to one address, used once."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import access, events, letters
from accounts.access import Role
from accounts.mail_limits import Purpose
from accounts.models import Invitation, Membership, Organization, User
from accounts.people import clean_address, plain_name
from accounts.viewer import Viewer

VALID_FOR: Final = dt.timedelta(days=7)
PAUSE: Final = dt.timedelta(minutes=5)  # between two mails to one address: nobody is mail-bombed


def seats_taken(organization: Organization, *, now: dt.datetime) -> int:
    """Members and valid invitations: each holds a seat of the plan."""
    members = Membership.objects.filter(organization=organization).count()
    return members + Invitation.objects.filter(organization=organization).valid(now).count()


@transaction.atomic
def invite(
    *,
    organization: Organization,
    by: Viewer,
    email: str,
    role: str,
    language: str = "en",
    now: dt.datetime,
) -> Invitation:
    """Send an invitation; the link in the mail is the only place its token exists in.

    Raises PermissionDenied for a role that may not (only owners invite owners), and
    ValidationError by field for a bad address, a member, an open invitation, no free seat.
    """
    _require(by, role, organization.pk)
    email = clean_address(email, field="email")
    if role not in Role.values:
        raise ValidationError({"role": _("There is no such role.")})
    _lock(organization)
    if Membership.objects.filter(organization=organization, user__email=email).exists():
        raise ValidationError({"email": _("This person is a member already.")})
    before = Invitation.objects.filter(organization=organization, email=email)
    if before.valid(now).exists():
        raise ValidationError({"email": _("This person is invited already. Send it again below.")})
    if before.filter(expires_at__gt=now + VALID_FOR - PAUSE).exists():
        raise ValidationError({"email": _patience()})
    before.open().update(revoked_at=now)  # it had run out
    _require_seat(organization, now=now)
    invitation, token = _make(organization, by, email, role, language, now)
    _mail(invitation, token, now=now)
    _record("member.invited", invitation, by=by, now=now)
    return invitation


@transaction.atomic
def resend(*, invitation: Invitation, by: Viewer, now: dt.datetime) -> Invitation:
    """Send a new link, valid for 7 days from now; the old one ends."""
    invitation = _locked(invitation)
    _require(by, invitation.role, invitation.organization_id)
    _require_open(invitation)
    if invitation.expires_at > now + VALID_FOR - PAUSE:
        raise ValidationError(_patience())
    if invitation.expires_at <= now:
        _lock(invitation.organization)
        _require_seat(invitation.organization, now=now)
    token = secrets.token_urlsafe(32)
    invitation.token_hash = digest(token)
    invitation.expires_at = now + VALID_FOR
    invitation.save(update_fields=["token_hash", "expires_at"])
    _mail(invitation, token, now=now)
    _record("invitation.resent", invitation, by=by, now=now)
    return invitation


@transaction.atomic
def revoke(*, invitation: Invitation, by: Viewer, now: dt.datetime) -> Invitation:
    """Take an invitation back; its link ends, and so does its mail if it has not left."""
    invitation = _locked(invitation)
    _require(by, invitation.role, invitation.organization_id)
    _require_open(invitation)
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    _record("invitation.revoked", invitation, by=by, now=now)
    return invitation


def find(*, token: str, now: dt.datetime) -> Invitation | None:
    """The invitation that can still be accepted with this link. Needs the engine's role."""
    return (
        Invitation.objects.valid(now)
        .filter(token_hash=digest(token))
        .select_related("organization")
        .first()
    )


@transaction.atomic
def accept(*, token: str, user: User, now: dt.datetime) -> Membership:
    """Make `user` a member. Needs the engine's role: nobody is a member of it yet.

    Only for whoever has *verified* the invited address, once. Raises ValidationError for a
    link that is unknown, used, revoked or run out (all alike), PermissionDenied for anybody
    else's invitation.
    """
    found = find(token=token, now=now)
    if found is None:
        raise ValidationError(not_valid())
    _lock(found.organization)
    invitation = Invitation.objects.select_for_update().valid(now).filter(pk=found.pk).first()
    if invitation is None:
        raise ValidationError(not_valid())
    if not may_accept(invitation, user):
        raise PermissionDenied(_("This invitation is for another e-mail address."))
    membership, _new = Membership.objects.get_or_create(
        organization_id=invitation.organization_id, user=user, defaults={"role": invitation.role}
    )
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    events.record(
        verb="member.joined",
        subject=membership.event_subject,
        by=Viewer.of(user),
        at=now,
        organization_id=invitation.organization_id,
        role=membership.role,
        invitation=invitation.pk,
    )
    return membership


def may_accept(invitation: Invitation, user: User) -> bool:
    """Whether the person has proven that the invited address is theirs. Staff never join."""
    from allauth.account.models import EmailAddress

    return (
        user.is_active
        and not user.is_staff
        and EmailAddress.objects.filter(
            user_id=user.pk, email=invitation.email, verified=True
        ).exists()
    )


def digest(token: str) -> str:
    """What is stored of a token. Plain SHA-256: a token is 256 random bits, not a password."""
    return hashlib.sha256(token.encode()).hexdigest()


def not_valid() -> str:
    return _("This invitation is not valid any more. Ask for a new one.")


def _patience() -> str:
    return _("An invitation went there less than 5 minutes ago. Please wait.")


def _require(by: Viewer, role: str, organization_id: int) -> None:
    access.require(by, "team.manage", organization_id)
    if role == Role.OWNER:
        access.require(by, "owner.manage", organization_id)


def _require_open(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.revoked_at:
        raise ValidationError(_("This invitation was accepted or revoked in the meantime."))


def _require_seat(organization: Organization, *, now: dt.datetime) -> None:
    seats = organization.entitlements.seats
    if seats is not None and seats_taken(organization, now=now) >= seats:
        raise ValidationError(
            ngettext(
                "The plan has %(seats)d seat, and it is taken, invitations included.",
                "The plan has %(seats)d seats, and all are taken, invitations included.",
                seats,
            )
            % {"seats": seats}
        )


def _lock(organization: Organization) -> None:
    """One change of the team at a time, so that two cannot take the same last seat."""
    Organization.objects.select_for_update().only("pk").get(pk=organization.pk)


def _locked(invitation: Invitation) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=invitation.pk)
    )


def _make(
    organization: Organization,
    by: Viewer,
    email: str,
    role: str,
    language: str,
    now: dt.datetime,
) -> tuple[Invitation, str]:
    if by.user is None:
        raise ValueError("Only a person invites.")
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organization=organization,
        email=email,
        role=role,
        language=language if language in dict(settings.LANGUAGES) else "en",
        token_hash=digest(token),
        invited_by=by.user,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    return invitation, token


def _mail(invitation: Invitation, token: str, *, now: dt.datetime) -> None:
    with translation.override(invitation.language):
        values = {
            "organization": plain_name(invitation.organization.name),
            "person": plain_name(invitation.invited_by.name),
            "role": invitation.get_role_display(),
            "link": f"{settings.PUBLIC_URL}/invitation/{token}/",
        }
        title = _("%(person)s invites you to %(organization)s on Vigil") % values
        text = (
            _(
                "%(person)s invites you to join %(organization)s on Vigil, the support desk, "
                "as %(role)s.\n\n"
                "Accept with this address within 7 days:\n%(link)s\n\n"
                "If you did not expect this, do nothing: nobody joins by itself."
            )
            % values
        )
    letters.post(
        address=invitation.email,
        language=invitation.language,
        title=title,
        text=text,
        subject=invitation.event_subject,
        now=now,
        organization_id=invitation.organization_id,
        purpose=Purpose.INVITATION,
    )


def _record(verb: str, invitation: Invitation, *, by: Viewer, now: dt.datetime) -> None:
    events.record(
        verb=verb,
        subject=invitation.event_subject,
        by=by,
        at=now,
        organization_id=invitation.organization_id,
        email=invitation.email,
        role=invitation.role,
    )
