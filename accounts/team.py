"""Who belongs to an organization, and as what: begin, change a role, remove, leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.access import Role
from accounts.models import ApiToken, Invitation, Membership, Organization, User
from accounts.viewer import Viewer


@transaction.atomic
def add_first(
    *, organization: Organization, user: User, role: str, by: Viewer, now: dt.datetime
) -> Membership:
    """Give a customer without members the first one; everybody after is invited.

    For those who edit plans. Raises PermissionDenied for others and when there is a member.
    """
    access.require(by, "plan.edit")
    _lock([organization.pk])
    if Membership.objects.filter(organization=organization).exists():
        raise PermissionDenied(_("Your role does not allow this."))
    membership = Membership.objects.create(organization=organization, user=user, role=role)
    _record("member.added", membership, by=by, now=now, role=role)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, by: Viewer, role: str, now: dt.datetime) -> Membership:
    """Give a member another role. Only owners make or unmake owners; one owner always stays.

    Whoever may no longer manage the team takes back the invitations they sent. Raises
    PermissionDenied or ValidationError.
    """
    membership = _locked(membership)
    _require(by, membership, role)
    if role not in Role.values:
        raise ValidationError({"role": _("There is no such role.")})
    before = membership.role
    if role == before:
        return membership
    _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    if role not in access.VERBS["team.manage"]:
        _take_back_invitations(membership, now=now)
    _record("member.role_changed", membership, by=by, now=now, before=before, after=role)
    return membership


@transaction.atomic
def remove(*, membership: Membership, by: Viewer, now: dt.datetime) -> None:
    """End a member's access at once, with their API tokens and the invitations they sent."""
    membership = _locked(membership)
    _require(by, membership)
    _end(membership, "member.removed", by=by, now=now)


@transaction.atomic
def leave(*, membership: Membership, by: Viewer, now: dt.datetime) -> None:
    """Give up one's own membership; the last owner cannot."""
    membership = _locked(membership)
    if by.user is None or membership.user_id != by.user.pk or by.scopes is not None:
        raise PermissionDenied(_("Only you yourself can leave."))
    _end(membership, "member.left", by=by, now=now)


@transaction.atomic
def end_all(*, user: User, by: Viewer, now: dt.datetime) -> None:
    """End all memberships of a person who is let go; the caller checked that `by` may.

    The last owner does not stay here: their event has `last_owner` in its data.
    """
    memberships = Membership.objects.filter(user=user)
    _lock(memberships.values_list("organization_id", flat=True))
    for membership in memberships.select_related("user").order_by("organization_id"):
        data = {"last_owner": True} if _is_last_owner(membership) else {}
        _end(membership, "member.removed", by=by, now=now, keep_an_owner=False, **data)


def _end(
    membership: Membership,
    verb: str,
    *,
    by: Viewer,
    now: dt.datetime,
    keep_an_owner: bool = True,
    **data: Any,
) -> None:
    if keep_an_owner:
        _keep_an_owner(membership)
    _take_back_invitations(membership, now=now)
    ApiToken.objects.filter(
        organization_id=membership.organization_id,
        created_by_id=membership.user_id,
        revoked_at=None,
    ).update(revoked_at=now)
    _record(verb, membership, by=by, now=now, role=membership.role, **data)
    membership.delete()


def _locked(membership: Membership) -> Membership:
    """The membership as it is now; the organization is locked, so that one owner stays."""
    _lock([membership.organization_id])
    return Membership.objects.get(pk=membership.pk)


def _lock(organization_ids: Iterable[int]) -> None:
    """One change of a team at a time; always in the same order, so that none waits in a ring."""
    rows = Organization.objects.select_for_update().only("pk").order_by("pk")
    list(rows.filter(pk__in=list(organization_ids)))


def _require(by: Viewer, membership: Membership, role: str = "") -> None:
    access.require(by, "team.manage", membership.organization_id)
    if Role.OWNER in (membership.role, role):
        access.require(by, "owner.manage", membership.organization_id)


def _is_last_owner(membership: Membership) -> bool:
    owners = Membership.objects.filter(organization_id=membership.organization_id, role=Role.OWNER)
    return membership.role == Role.OWNER and not owners.exclude(pk=membership.pk).exists()


def _keep_an_owner(membership: Membership) -> None:
    if _is_last_owner(membership):
        raise ValidationError(_("The last owner stays. Make somebody else an owner first."))


def _take_back_invitations(membership: Membership, *, now: dt.datetime) -> None:
    """A former admin must not come back by an invitation sent to another address of theirs."""
    Invitation.objects.open().filter(
        organization_id=membership.organization_id, invited_by_id=membership.user_id
    ).update(revoked_at=now)


def _record(
    verb: str, membership: Membership, *, by: Viewer, now: dt.datetime, **data: Any
) -> None:
    events.record(
        verb=verb,
        subject=membership.event_subject,
        by=by,
        at=now,
        organization_id=membership.organization_id,
        person=membership.user.name,
        **data,
    )
