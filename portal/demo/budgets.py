"""Parts of the time for a solution, per level, so that the demo shows who spent it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from accounts.viewer import SYSTEM
from tickets import policies

BEFORE_THE_STORY: Final = dt.timedelta(days=200)
# Level by level, in hundredths of the time for a solution.
PARTS: Final = {"L1": 15, "L2": 45, "L3": 40}


def give_budgets(now: dt.datetime) -> None:
    """Publish the policies of both large plans once more, with budgets."""
    at = now - BEFORE_THE_STORY
    for (plan, severity), version in policies.all_in_force(now).items():
        whole = version.resolution_seconds
        if plan not in ("premium", "enterprise") or whole is None:
            continue
        policies.publish(
            plan=plan,
            severity=severity,
            by=SYSTEM,
            now=at,
            calendar_version=version.calendar_version,
            response_seconds=version.response_seconds,
            update_seconds=version.update_seconds,
            resolution_seconds=whole,
            pauses=version.pauses,
            warn_at=version.warn_at,
            budgets={level: whole * part // 100 for level, part in PARTS.items()},
            note="Budgets for each level",
        )
