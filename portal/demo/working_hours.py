"""The demo's calendar of working hours, and the policy that counts by it."""

from __future__ import annotations

import datetime as dt

from accounts.viewer import SYSTEM
from tickets import calendar_editing, policies
from tickets.calendar_editing import Written
from tickets.models.promise import PauseReason

HOUR = 3600
WAITS = [str(reason) for reason in PauseReason]


def make_working_hours(now: dt.datetime) -> None:
    """Standard / normal is promised in China's working hours, to tickets opened from now on."""
    written = Written(
        zone="Asia/Shanghai",
        hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-18:00"),
        country="CN",
    )
    version = calendar_editing.publish(
        calendar=None, name="China working days", written=written, by=SYSTEM, now=now
    )
    policies.publish(
        plan="standard",
        severity="normal",
        by=SYSTEM,
        now=now,
        calendar_version=version,
        response_seconds=4 * HOUR,
        resolution_seconds=27 * HOUR,
        pauses={"update": WAITS, "resolution": WAITS},
        warn_at={"response": [0.5, 0.8], "resolution": [0.8]},
        budgets={"L1": 9 * HOUR, "L2": 12 * HOUR, "L3": 6 * HOUR},
        note="Answered in working hours",
    )
