"""One call to the hotline that became a ticket's first word, and one that was noted by hand."""

from __future__ import annotations

import datetime as dt

from tickets.models import Call, CallLeg, Escalation, Ticket
from tickets.models.ticket import Channel, State

CALLER = "+8613900000177"
TALK = dt.timedelta(minutes=5, seconds=40)
ANSWER_AFTER = dt.timedelta(seconds=20)


def make_calls() -> None:
    """On tickets of the story that were rung and taken; the legs are those of the ladder."""
    taken = (
        Escalation.objects.filter(
            acknowledged_at__isnull=False,
            ticket__state__in=[State.OPEN, State.WAITING, State.RESOLVED],
        )
        .select_related("ticket__organization", "acknowledged_by__staff_profile")
        .order_by("-started_at")
    )
    rung = next(iter(taken), None)
    if rung is not None:
        _call(rung)
    other = Ticket.objects.filter(state=State.OPEN, owner__isnull=False).order_by("pk").first()
    if other is not None and (rung is None or other.pk != rung.ticket_id):
        _noted(other)


def _call(rung: Escalation) -> None:
    """The pages of the ladder's trail were calls: who did not answer, and who took it."""
    ticket, by = rung.ticket, rung.acknowledged_by
    if by is None or rung.acknowledged_at is None:
        return
    first = ticket.entries.earliest("at", "pk")
    Ticket.objects.filter(pk=ticket.pk).update(channel=Channel.PHONE)
    call = Call.objects.create(
        organization=ticket.organization,
        ticket=ticket,
        entry=first,
        sid="CA" + "0" * 32,
        caller=CALLER,
        state=Call.State.ENDED,
        started_at=ticket.opened_at,
        ended_at=rung.acknowledged_at + TALK,
    )
    for page in rung.pages.exclude(person=by).order_by("rung_at"):
        CallLeg.objects.create(
            organization=ticket.organization,
            call=call,
            page=page,
            person_id=page.person_id,
            person_name=page.person_name,
            person_level=page.person_level,
            outcome=CallLeg.Outcome.SILENT,
            dialled_at=page.rung_at,
            ended_at=page.rung_at + ANSWER_AFTER,
        )
    CallLeg.objects.create(
        organization=ticket.organization,
        call=call,
        person=by,
        person_name=by.name,
        person_level=by.staff_profile.level,
        outcome=CallLeg.Outcome.TAKEN,
        dialled_at=rung.acknowledged_at - ANSWER_AFTER / 4,
        taken_at=rung.acknowledged_at,
        ended_at=rung.acknowledged_at + TALK,
    )


def _noted(ticket: Ticket) -> None:
    """Its owner called the reporter some time after the last word."""
    said = ticket.entries.filter(by_staff=True, kind="reply").order_by("-at").first()
    if said is None:
        return
    Call.objects.create(
        organization=ticket.organization,
        ticket=ticket,
        entry=said,
        way=Call.Way.OUT,
        state=Call.State.ENDED,
        started_at=said.at - dt.timedelta(minutes=14),
        ended_at=said.at - dt.timedelta(minutes=2),
        noted_by=said.author,
        noted_by_name=said.author_name,
        spoken_with=ticket.reporter_name,
    )
