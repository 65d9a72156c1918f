"""Support plans: what a customer is entitled to.

A plan is a frozen dataclass and not a row of flags, so that what was sold can be read in one
place. What it promises about time stands in the policies (`tickets.policies`), which managers
edit and which come in versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Plan:
    """`seats` is an upper limit; `None` means without limit.

    `urgent_mailbox` is the part before the @ of the address at which a mail of a member opens
    an urgent ticket; `None` where the plan has no such address.
    """

    key: str
    name: str | Promise
    channels: frozenset[str]
    seats: int | None
    urgent_mailbox: str | None = None


PLANS: Final[dict[str, Plan]] = {
    plan.key: plan
    for plan in (
        Plan("trial", _("Trial"), channels=frozenset({"portal", "api"}), seats=5),
        Plan("standard", _("Standard"), channels=frozenset({"portal", "api", "email"}), seats=15),
        Plan(
            "premium",
            _("Premium"),
            channels=frozenset({"portal", "api", "email", "chat", "phone"}),
            seats=50,
            urgent_mailbox="urgent-premium",
        ),
        Plan(
            "enterprise",
            _("Enterprise"),
            channels=frozenset({"portal", "api", "email", "chat", "phone"}),
            seats=None,
            urgent_mailbox="urgent-enterprise",
        ),
    )
}
