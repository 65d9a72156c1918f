"""All jobs of the worker, in one table, and their rows in django-q's schedule."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django_q.models import Schedule


@dataclass(frozen=True, slots=True)
class Job:
    """`function` runs every `minutes`, first `after_seconds` from the worker's start.

    A job may run late, twice at once or again after it failed half way, and must bear it. It
    does its work through `accounts.tenancy.acting_as`; by itself it may touch nothing of ours.
    `hook` is called with the saved result, in the process that saved it.
    """

    name: str
    function: str
    minutes: int
    after_seconds: int
    hook: str | None = None


BEAT: Final = "portal.worker.beat.beat"
BEAT_SAVED: Final = "portal.worker.beat.saved"
RETENTION: Final = "portal.worker.retention"
SEARCH: Final = "portal.worker.search"

JOBS: Final = (
    # Two, half a minute apart: a schedule knows no seconds.
    Job("heartbeat 1", BEAT, minutes=1, after_seconds=0, hook=BEAT_SAVED),
    Job("heartbeat 2", BEAT, minutes=1, after_seconds=30, hook=BEAT_SAVED),
    Job("retention of settled work", f"{RETENTION}.forget_settled", 60, 120),
    Job("retention of API answers", f"{RETENTION}.forget_answers", 60, 180),
    Job("retention of widget sessions", f"{RETENTION}.forget_widget_sessions", 60, 210),
    Job("retention of searches", f"{RETENTION}.forget_searches", 60, 225),
    Job("retention of sessions", f"{RETENTION}.forget_sessions", 60, 240),
    Job("knowledge base: new texts into the index", f"{SEARCH}.catch_up", 1, 10),
    Job("knowledge base: learning", f"{SEARCH}.learn", 24 * 60, 6 * 60 * 60),
)


def put_down(now: dt.datetime) -> None:
    """Make the schedule what the table says: called by each worker when it starts.

    Runs that are still ahead stay where they are; one that is overdue, or further ahead than its
    interval (the clock went back), starts anew.
    """
    with transaction.atomic():
        Schedule.objects.exclude(name__in=[job.name for job in JOBS]).delete()
        planned = {row.name: row for row in Schedule.objects.select_for_update()}
        for job in JOBS:
            row = planned.get(job.name) or Schedule(name=job.name)
            row.func, row.hook = job.function, job.hook
            row.schedule_type, row.minutes, row.repeats = Schedule.MINUTES, job.minutes, -1
            first = now + dt.timedelta(seconds=job.after_seconds)
            ahead = row.pk is not None and row.next_run is not None
            if not ahead or not now < row.next_run <= now + dt.timedelta(minutes=job.minutes):
                row.next_run = first
            if job.function == BEAT:
                row.next_run = first  # half a minute apart, whatever they were
            row.save()
