"""The worker's sign of life: a job that goes the whole way through all its processes.

The scheduler makes the task, the pusher takes it, a worker does it, the monitor saves its result
and only then calls `saved`: so a fresh row says that each of them lives.
"""

from __future__ import annotations

from typing import Any

from accounts.tenancy import DatabaseRole, acting_as
from portal import process_beats

NAME = "worker"


def beat() -> str:
    """The job: become the engine's role, as every job does, and tell the database's time."""
    with acting_as(DatabaseRole.ENGINE) as now:
        return now.isoformat()


def saved(task: Any) -> None:
    """Called by the monitor for a task whose result has just been saved."""
    if task.success:
        process_beats.write(NAME)
