"""Support plans: what a customer is entitled to.

A plan is a frozen dataclass and not a row of flags, so that what was sold can be read in one
place. Targets are seconds of the plan's calendar; `version` names the wording a promise was
given under and is pinned on the promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Targets:
    """Promised seconds for one severity; `None` means nothing is promised."""

    response: int
    resolution: int | None
    next_update: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`seats` and `retention_days` are upper limits; `None` means without limit."""

    key: str
    name: str | Promise
    version: int
    channels: frozenset[str]
    seats: int | None
    targets: dict[str, Targets]
    calendar: str = "around-the-clock"

    def offers(self, severity: str) -> bool:
        return severity in self.targets


PLANS: Final[dict[str, Plan]] = {
    plan.key: plan
    for plan in (
        Plan(
            key="trial",
            name=_("Trial"),
            version=1,
            channels=frozenset({"portal", "api"}),
            seats=5,
            targets={
                "urgent": Targets(response=60 * MINUTE, resolution=None, next_update=120 * MINUTE),
                "important": Targets(response=8 * HOUR, resolution=None),
                "normal": Targets(response=24 * HOUR, resolution=None),
            },
        ),
        Plan(
            key="standard",
            name=_("Standard"),
            version=1,
            channels=frozenset({"portal", "api", "email"}),
            seats=15,
            targets={
                "urgent": Targets(
                    response=30 * MINUTE, resolution=4 * HOUR, next_update=60 * MINUTE
                ),
                "important": Targets(response=4 * HOUR, resolution=24 * HOUR),
                "normal": Targets(response=24 * HOUR, resolution=5 * DAY),
            },
        ),
        Plan(
            key="premium",
            name=_("Premium"),
            version=1,
            channels=frozenset({"portal", "api", "email", "chat", "phone"}),
            seats=50,
            targets={
                "urgent": Targets(
                    response=15 * MINUTE, resolution=4 * HOUR, next_update=30 * MINUTE
                ),
                "important": Targets(response=1 * HOUR, resolution=24 * HOUR),
                "normal": Targets(response=8 * HOUR, resolution=5 * DAY),
            },
        ),
        Plan(
            key="enterprise",
            name=_("Enterprise"),
            version=1,
            channels=frozenset({"portal", "api", "email", "chat", "phone"}),
            seats=None,
            targets={
                "urgent": Targets(
                    response=15 * MINUTE, resolution=4 * HOUR, next_update=30 * MINUTE
                ),
                "important": Targets(response=1 * HOUR, resolution=24 * HOUR),
                "normal": Targets(response=8 * HOUR, resolution=5 * DAY),
            },
        ),
    )
}
