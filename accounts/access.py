"""Who may do what: the one table of roles and verbs.

Portal, API, admin, mail and tasks ask here and nowhere else. A role that is not in a verb's
row may not do it; a verb that is not in the table may be done by nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from accounts.models import User
    from accounts.viewer import Viewer


class Role(models.TextChoices):
    """Of a member in an organization."""

    OWNER = "owner", gettext_lazy("Owner")
    ADMIN = "admin", gettext_lazy("Admin")
    DEVELOPER = "developer", gettext_lazy("Developer")
    VIEWER = "viewer", gettext_lazy("Viewer")


class StaffRole(models.TextChoices):
    ENGINEER = "engineer", gettext_lazy("Engineer")
    MANAGER = "manager", gettext_lazy("Manager")


_READERS: Final = frozenset({Role.OWNER, Role.ADMIN, Role.DEVELOPER, Role.VIEWER})
_WRITERS: Final = frozenset({Role.OWNER, Role.ADMIN, Role.DEVELOPER})
_ADMINS: Final = frozenset({Role.OWNER, Role.ADMIN})
_STAFF: Final = frozenset({StaffRole.ENGINEER, StaffRole.MANAGER})
_MANAGERS: Final = frozenset({StaffRole.MANAGER})

VERBS: Final[dict[str, frozenset[str]]] = {
    # verb                     roles of the customer, roles of staff
    "organization.read": _READERS | _STAFF,
    "team.manage": _ADMINS | _MANAGERS,
    "owner.manage": frozenset({Role.OWNER}) | _MANAGERS,
    "token.manage": _ADMINS,
    "hotline.manage": _ADMINS,
    "widget.manage": _ADMINS,
    "ticket.read": _READERS | _STAFF,
    "ticket.open": _WRITERS | _STAFF,
    "ticket.reply": _WRITERS | _STAFF,
    "ticket.resolve": _WRITERS | _STAFF,
    "ticket.close": _WRITERS | _STAFF,
    "ticket.reopen": _WRITERS | _STAFF,
    "ticket.follow": _READERS | _STAFF,
    "ticket.note": _STAFF,
    "ticket.open_for": _STAFF,  # for a member who told us, by telephone say
    "chat.join": _STAFF,
    "chat.end": _WRITERS | _STAFF,
    "ticket.assign": _STAFF,
    "ticket.agree_date": _STAFF,
    "ticket.join": _STAFF,
    "ticket.edit_facts": _WRITERS | _STAFF,
    "severity.change": _WRITERS | _STAFF,
    "severity.consent": _WRITERS,
    "severity.decide": _MANAGERS,
    "page.acknowledge": _STAFF,
    "page.escalate": _STAFF,
    "handover.write": _STAFF,
    "handover.accept": _STAFF,
    "drill.confirm": _STAFF,
    "roster.read": _STAFF,
    "roster.edit": _MANAGERS,
    "roster.override": _STAFF,
    "roster.swap": _STAFF,
    "leave.take": _STAFF,
    "contact.edit": _STAFF,  # one's own; those of others need "staff.edit"
    "staff.edit": _MANAGERS,
    "plan.edit": _MANAGERS,
    "quarantine.retry": _MANAGERS,
    "mail.route": _STAFF,  # say what becomes of a mail nobody could place
    "enquiry.open": _STAFF,
    "enquiry.answer": _STAFF,
    "article.write": _STAFF,
    "article.publish": _STAFF,  # not what one wrote oneself, unless a manager
    "release.edit": _STAFF,
    "release.announce": _STAFF,
    "ticket.link_article": _STAFF,
    "version.state": _WRITERS,  # which versions the organization runs
    "checklist.keep": _WRITERS,
}

SCOPES: Final[dict[str, frozenset[str]]] = {
    # scope of an API token -> verbs it carries, at most those of its creator
    "tickets:read": frozenset({"ticket.read", "organization.read"}),
    "tickets:write": frozenset(
        {"ticket.read", "ticket.open", "ticket.reply", "ticket.resolve", "ticket.reopen"}
    ),
}


def allows(viewer: Viewer, verb: str, organization_id: int | None = None) -> bool:
    """Whether the viewer may do `verb` in that organization."""
    roles = VERBS[verb]
    if viewer.is_system:
        return True
    if viewer.staff_role is not None:
        return viewer.staff_role in roles
    if organization_id is None:
        return False
    # A member's role is read from a row: a name of a staff role there gives nothing.
    if viewer.role_in(organization_id) not in roles & _READERS:
        return False
    if viewer.scopes is None:
        return True
    return any(verb in SCOPES.get(scope, ()) for scope in viewer.scopes)


def require(viewer: Viewer, verb: str, organization_id: int | None = None) -> None:
    """Raise `PermissionDenied` with a sentence unless the viewer may do `verb`."""
    if not allows(viewer, verb, organization_id):
        raise PermissionDenied(_("Your role does not allow this."))


_ADMIN_VERBS: Final[dict[str, str]] = {
    # model in Django's admin -> the verb its add, change and delete pages need
    "accounts.organization": "plan.edit",
    "accounts.peakhours": "plan.edit",
    "accounts.membership": "team.manage",
    "accounts.staffprofile": "staff.edit",
    "accounts.contactmethod": "staff.edit",
    "accounts.quiethours": "staff.edit",
    "accounts.user": "staff.edit",
    "tickets.skill": "staff.edit",
    "tickets.team": "roster.edit",
    "tickets.roster": "roster.edit",
    "tickets.ladder": "roster.edit",
    "tickets.ladderstep": "roster.edit",
    "knowledge.product": "plan.edit",
    "knowledge.category": "article.write",
    "knowledge.errorcode": "article.write",
    "knowledge.release": "release.edit",
    "knowledge.change": "release.edit",
}


def admin_permission(user: User, permission: str) -> bool:
    """Answer Django admin's `app.action_model` question for a person of staff.

    Everyone of staff may look; to add, change or delete, the verb in the table is needed.
    What is not in the table can be looked at and nothing else.
    """
    if not (user.is_active and user.is_staff):
        return False
    app_label, _dot, codename = permission.partition(".")
    action, _underscore, model = codename.partition("_")
    if action == "view":
        return True
    verb = _ADMIN_VERBS.get(f"{app_label}.{model}")
    return verb is not None and _staff_role(user) in VERBS[verb]


def _staff_role(user: User) -> StaffRole | None:
    profile = getattr(user, "staff_profile", None)
    if profile is None:
        return None
    return StaffRole.MANAGER if profile.is_manager else StaffRole.ENGINEER
