"""Write down which steps of a ladder had nobody on them, and have the leads told.

Internal events: a hole in our roster is not the customer's to read. The leads get one mail
for a ticket and ladder, however often it is rung.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from accounts import agenda, events
from accounts.models import Event
from accounts.viewer import SYSTEM
from tickets.models import Escalation, LadderStep
from tickets.oncall.freezing import Remark
from tickets.oncall.ladder import step_at, thawed
from tickets.oncall.line_up import Why

EMPTY: Final = "escalation.step_empty"
UNQUALIFIED: Final = "escalation.step_unqualified"
REPORT: Final = "ladder.report"


def write(escalation: Escalation, remarks: Iterable[Remark], *, now: dt.datetime) -> None:
    """One event a step, as it was frozen."""
    for remark in remarks:
        events.record(
            verb=UNQUALIFIED if remark.why == Why.NOBODY_QUALIFIED else EMPTY,
            subject=escalation.ticket.event_subject,
            by=SYSTEM,
            at=now,
            organization_id=escalation.organization_id,
            internal=True,
            escalation=escalation.pk,
            step=remark.step,
            kind=remark.kind,
            about=remark.about,
            why=str(remark.why),
        )
        _report(escalation, now=now)


def all_left(escalation: Escalation, step: int, *, now: dt.datetime) -> None:
    """Everybody on the step left the staff since it was frozen: told once, not once a round."""
    told = Event.objects.about(escalation.ticket.event_subject).filter(
        organization=escalation.organization_id,
        verb=EMPTY,
        data__escalation=escalation.pk,
        data__step=step,
    )
    if told.exists():
        return
    meant = step_at(thawed(escalation.ladder), step)
    names = ", ".join(rung.name for rung in meant.people) if meant else ""
    write(escalation, [Remark(step, LadderStep.Kind.PERSON, names, Why.LEFT)], now=now)


def _report(escalation: Escalation, *, now: dt.datetime) -> None:
    ticket = escalation.ticket
    agenda.schedule(
        kind=REPORT,
        key=f"ladder-report:{ticket.pk}:{ticket.cycle}:{escalation.source_id or 0}",
        due_at=now,
        subject=ticket.event_subject,
        organization_id=ticket.organization_id,
        ticket=ticket.pk,
        escalation=escalation.pk,
    )
