"""How well promises were kept, measured from the promises themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Aggregate, Count, DurationField, F, Q

from tickets.models import Promise
from tickets.models.ticket import Severity

Kind = Promise.Kind


class Median(Aggregate):
    """The middle value, as PostgreSQL interpolates it."""

    function = "percentile_cont"
    template = "%(function)s(0.5) within group (order by %(expressions)s)"


@dataclass(frozen=True, slots=True)
class Kept:
    """Of `judged` promises `in_time` were kept; `median` is the time taken by those met."""

    in_time: int
    judged: int
    median: dt.timedelta | None = None


@dataclass(frozen=True, slots=True)
class KeptPromises:
    urgent_answers: Kept
    answers: Kept
    solutions: Kept


def kept_since(organization_id: int, since: dt.datetime) -> KeptPromises:
    """Promises given since then of which it is known whether they were kept. One query.

    A promise is judged once it is met or broken; those still running, and those that became
    needless, are not counted either way.
    """
    judged = Q(state=Promise.State.MET) | Q(breached_at__isnull=False)
    urgent = Q(kind=Kind.RESPONSE, policy_version__policy__severity=Severity.URGENT)
    answer, solution = Q(kind=Kind.RESPONSE), Q(kind=Kind.RESOLUTION)
    in_time = Q(breached_at=None)
    taken = F("met_at") - F("started_at")
    found = (
        Promise.objects.filter(judged, organization_id=organization_id, started_at__gte=since)
        .order_by()
        .aggregate(
            urgent=Count("pk", filter=urgent),
            urgent_kept=Count("pk", filter=urgent & in_time),
            urgent_median=Median(
                taken, filter=urgent & Q(met_at__isnull=False), output_field=DurationField()
            ),
            answers=Count("pk", filter=answer),
            answers_kept=Count("pk", filter=answer & in_time),
            answers_median=Median(
                taken, filter=answer & Q(met_at__isnull=False), output_field=DurationField()
            ),
            solutions=Count("pk", filter=solution),
            solutions_kept=Count("pk", filter=solution & in_time),
        )
    )
    return KeptPromises(
        urgent_answers=Kept(found["urgent_kept"], found["urgent"], found["urgent_median"]),
        answers=Kept(found["answers_kept"], found["answers"], found["answers_median"]),
        solutions=Kept(found["solutions_kept"], found["solutions"]),
    )
