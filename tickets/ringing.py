"""Ring one step of a frozen ladder: its pages, their messages, and when the next is due.

Each step is a deadline the engine handles in one transaction with its pages, so a killed
engine repeats nothing and forgets nothing. Whoever calls holds the ticket's lock.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts import agenda, events, reaching
from accounts.models import Delivery, User
from accounts.viewer import SYSTEM
from tickets import step_remarks
from tickets.models import Escalation, Page
from tickets.models.ticket import Severity
from tickets.oncall.freezing import PATIENCE_SECONDS
from tickets.oncall.ladder import Ladder, Rung, Step, next_in_line, next_index, step_at, thawed

STEP = "ladder.step"


def ring(escalation: Escalation, index: int, *, now: dt.datetime) -> None:
    """Ring everybody on the step, and say when the following one is due."""
    ladder = thawed(escalation.ladder)
    step = step_at(ladder, index)
    if step is None:
        raise ValueError(f"The ladder has no step {index}.")
    following = next_in_line(ladder, index)
    escalation.step = index
    escalation.next_at = now + dt.timedelta(seconds=step.after_seconds or PATIENCE_SECONDS)
    escalation.next_names = [rung.name for rung in following.people] if following else []
    escalation.save()
    people = _still_here(step)
    urgent = escalation.ticket.severity == Severity.URGENT
    calls = reaching.calls_for(people.values(), urgent=urgent, at=now)
    rungs = [rung for rung in step.people if int(str(rung.person)) in people]
    for rung in rungs:
        pk = int(str(rung.person))
        _page(escalation, index, rung, people[pk], calls[pk], now)
    following_index = index_after(ladder, index)
    agenda.schedule(
        kind=STEP,
        key=f"{escalation.event_subject}:{following_index}",
        due_at=escalation.next_at,
        subject=escalation.event_subject,
        organization_id=escalation.organization_id,
        escalation=escalation.pk,
        index=following_index,
    )
    events.record(
        verb="page.rung",
        subject=escalation.ticket.event_subject,
        by=SYSTEM,
        at=now,
        organization_id=escalation.organization_id,
        escalation=escalation.pk,
        names=[rung.name for rung in rungs],
        step=index,
    )


def end(escalation: Escalation, *, now: dt.datetime) -> None:
    """Nobody more is rung, and pages which have not left stay here. Saves the row."""
    escalation.ended_at = now
    escalation.next_names, escalation.next_at = [], None
    escalation.save()
    escalation.pages.filter(state=Page.State.RINGING).update(state=Page.State.STOPPED, ended_at=now)
    agenda.strike(subject=escalation.event_subject, kind=STEP, now=now)
    agenda.withdraw(subject=escalation.event_subject, now=now)


def index_after(ladder: Ladder, index: int) -> int:
    """The number of the next step with people; past the last, that of none."""
    following = next_index(ladder, index)
    return len(ladder.steps) * ladder.rounds if following is None else following


def next_reachable(escalation: Escalation, index: int, *, now: dt.datetime) -> int | None:
    """The first step from `index` on with somebody who still works here; tells of the others."""
    ladder = thawed(escalation.ladder)
    reachable: int | None = next_index(ladder, index - 1)
    while reachable is not None:
        step = step_at(ladder, reachable)
        if step is not None and _still_here(step):
            return reachable
        step_remarks.all_left(escalation, reachable % len(ladder.steps), now=now)
        reachable = next_index(ladder, reachable)
    return None


def has_failed(page: Page) -> bool:
    """Whether none of its messages arrived, and none is still on its way."""
    messages = Delivery.objects.filter(key__startswith=f"page:{page.pk}:")
    return messages.exists() and not messages.filter(failed_at=None).exists()


def _still_here(step: Step) -> dict[int, User]:
    """The people of a frozen step, less those who left since."""
    ids = [int(str(rung.person)) for rung in step.people]
    here = User.objects.filter(pk__in=ids, is_active=True, is_staff=True)
    return {person.pk: person for person in here}


def _page(
    escalation: Escalation,
    index: int,
    rung: Rung,
    person: User,
    calls: list[reaching.Call],
    now: dt.datetime,
) -> None:
    """Ring one person as their contact methods say; the trail tells of those that ring at once."""
    at_once = [method.kind for method, due_at in calls if due_at <= now]
    page = Page.objects.create(
        organization_id=escalation.organization_id,
        ticket=escalation.ticket,
        escalation=escalation,
        person=person,
        person_name=rung.name,
        person_level=rung.level,
        step=index,
        channels=list(dict.fromkeys(at_once)),
        rung_at=now,
    )
    urgent = escalation.ticket.severity == Severity.URGENT
    payload = _text(escalation, person) | {
        "page": str(page.pk),
        "urgent": urgent,
        "thread": escalation.ticket.event_subject,
    }
    for method, due_at in calls:
        agenda.send(
            kind=Delivery.Kind.PAGE,
            key=f"page:{page.pk}:{method.pk}",
            channel=method.kind,
            address=method.address,
            fallback=method.working_fallback,
            subject=escalation.event_subject,
            payload=payload,
            due_at=due_at,
            organization_id=escalation.organization_id,
        )


def _text(escalation: Escalation, person: User) -> dict[str, Any]:
    ticket = escalation.ticket
    with translation.override(person.language):
        reason = Escalation.Reason(escalation.reason).label
        return {
            "language": person.language,
            "title": f"{ticket.reference} · {ticket.get_severity_display()} · {reason}",
            "text": _("%(organization)s: %(subject)s")
            % {
                "organization": ticket.organization.name,
                "subject": ticket.subject,
            },
        }
