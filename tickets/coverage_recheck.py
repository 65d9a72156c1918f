"""Ask for a look at the coverage of the next 48 hours, in the transaction of a change."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from accounts import agenda

RECHECK: Final = "coverage.recheck"
SUBJECT: Final = "coverage"


def recheck(now: dt.datetime) -> None:
    """Have the engine look whether a change of duty opened a gap soon, once it is committed.

    Each change has a row of its own: one folded into an earlier row might be looked at before
    it is committed.
    """
    agenda.schedule(
        kind=RECHECK,
        key=f"coverage:recheck:{uuid.uuid4()}",
        due_at=now,
        subject=SUBJECT,
        organization_id=None,
    )
