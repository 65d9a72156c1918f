"""The team: who belongs to the organization, who is invited, how many seats are taken."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from accounts import team as verbs
from accounts.access import Role
from accounts.models import Invitation, Membership
from accounts.plans import Plan
from portal.account_forms import InvitationForm, roles_for
from portal.views.members import MemberRequest, for_members

RANK = {role: rank for rank, role in enumerate(Role.values)}


@require_safe
@for_members
def team(request: MemberRequest) -> HttpResponse:
    return team_page(request)


def team_page(request: MemberRequest, form: InvitationForm | None = None) -> HttpResponse:
    """The whole page; with the invitation form as it was refused, if it was."""
    organization, viewer = request.organization, request.viewer
    prefetch_related_objects([organization], "peaks_of_its_own")
    members = _members(request)
    invitations = list(
        Invitation.objects.visible_to(viewer)
        .open()
        .filter(organization=organization)
        .prefetch_related("invited_by")
        .order_by("-created_at")
    )
    waiting = sum(invitation.expires_at > request.now for invitation in invitations)
    plan: Plan = organization.entitlements
    taken = len(members) + waiting
    roles = roles_for(viewer, organization.pk)
    context = {
        "members": members,
        "invitations": invitations,
        "plan": plan,
        "seats_taken": taken,
        "is_full": plan.seats is not None and taken >= plan.seats,
        "manages": access.allows(viewer, "team.manage", organization.pk),
        "manages_owners": access.allows(viewer, "owner.manage", organization.pk),
        "roles": roles,
        "owners": sum(member.role == Role.OWNER for member in members),
        "peaks": organization.peaks,
        "peaks_are_usual": not organization.peaks_of_its_own.all(),
        "form": form or InvitationForm(roles=roles, initial={"language": request.LANGUAGE_CODE}),
    }
    return render(request, "portal/team.html", context, status=422 if form else 200)


@require_POST
@for_members
def change_role(request: MemberRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    role = request.POST.get("role", "")
    return _answer(
        request,
        lambda: verbs.change_role(
            membership=membership, by=request.viewer, role=role, now=request.now
        ),
        done=_("The role was changed."),
    )


@require_POST
@for_members
def remove_member(request: MemberRequest, pk: int) -> HttpResponse:
    membership = _membership(request, pk)
    return _answer(
        request,
        lambda: verbs.remove(membership=membership, by=request.viewer, now=request.now),
        done=_("%(name)s is no longer a member.") % {"name": membership.user.name},
    )


@require_POST
@for_members
def leave(request: MemberRequest) -> HttpResponse:
    membership = get_object_or_404(
        Membership.objects.visible_to(request.viewer),
        organization=request.organization,
        user=request.viewer.user,
    )
    return _answer(
        request,
        lambda: verbs.leave(membership=membership, by=request.viewer, now=request.now),
        done=_("You have left %(organization)s.") % {"organization": request.organization.name},
        to="portal:home",
    )


def _answer(
    request: MemberRequest, verb: Callable[[], object], *, done: str, to: str = "portal:team"
) -> HttpResponse:
    try:
        verb()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("portal:team")
    messages.success(request, done)
    return redirect(to)


def _membership(request: MemberRequest, pk: int) -> Membership:
    return get_object_or_404(
        Membership.objects.visible_to(request.viewer), organization=request.organization, pk=pk
    )


def _members(request: MemberRequest) -> list[Membership]:
    """Owners first, then by role and name."""
    members = (
        Membership.objects.visible_to(request.viewer)
        .filter(organization=request.organization)
        .prefetch_related("user")
    )
    return sorted(members, key=lambda member: (RANK[member.role], member.user.name.casefold()))
