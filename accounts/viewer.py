"""Who is looking or acting: the one argument every read and every verb starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from accounts.access import StaffRole

if TYPE_CHECKING:
    from accounts.models import Membership, User


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person, or the system itself, with the roles they hold right now.

    `roles` maps organization id to the member's role there. `scopes` is set when an API
    token acts: the viewer then has at most the verbs of those scopes. The system (engine,
    imports) has no user and may do everything.
    """

    user: User | None
    roles: Mapping[int, str] = field(default_factory=dict)
    staff_role: StaffRole | None = None
    level: str = ""
    scopes: frozenset[str] | None = None
    is_system: bool = False

    @property
    def is_staff(self) -> bool:
        return self.is_system or self.staff_role is not None

    @property
    def is_person_of_staff(self) -> bool:
        """A living engineer: the only one whose reply stops the response clock."""
        return self.user is not None and self.staff_role is not None

    @property
    def name(self) -> str:
        """What to write down beside a fact; empty for the system."""
        return self.user.name if self.user else ""

    @property
    def organization_ids(self) -> tuple[int, ...]:
        return tuple(self.roles)

    def role_in(self, organization_id: int) -> str | None:
        return self.roles.get(organization_id)

    @classmethod
    def of(cls, user: User, memberships: list[Membership] | None = None) -> Viewer:
        """Build from the database (one query for a member, one for staff).

        Staff act as staff only; a person of staff has no memberships.
        """
        if not user.is_active:
            return cls(user=user)
        if user.is_staff:
            profile = getattr(user, "staff_profile", None)
            if profile is None:
                return cls(user=user)
            role = StaffRole.MANAGER if profile.is_manager else StaffRole.ENGINEER
            return cls(user=user, staff_role=role, level=profile.level)
        if memberships is None:
            memberships = list(user.membership_set.all())
        return cls(user=user, roles={m.organization_id: m.role for m in memberships})


SYSTEM = Viewer(user=None, is_system=True)
