"""A call's row: found or made, locked after its ticket, and ended once."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress
from typing import Any, Final

from django.db import transaction

from accounts import events
from accounts.viewer import SYSTEM
from tickets import lifecycle
from tickets.models import Call, CallLeg

DEFAULT_LANGUAGE: Final = "en"
State = Call.State
Outcome = CallLeg.Outcome


def of_sid(sid: str, *, caller: str, called: str, language: str, now: dt.datetime) -> Call:
    """The call of that number of the provider's, locked; whichever word comes first makes it."""
    fresh = Call(sid=sid, caller=caller, called=called, language=language, started_at=now)
    Call.objects.bulk_create([fresh], ignore_conflicts=True)
    return locked(Call.objects.values_list("pk", flat=True).get(sid=sid))


def of_leg(leg_id: uuid.UUID) -> tuple[Call, CallLeg] | None:
    """The call a leg belongs to, locked, and the leg."""
    found = CallLeg.objects.filter(pk=leg_id).values_list("call_id", flat=True).first()
    if found is None:
        return None
    call = locked(found)
    return call, CallLeg.objects.select_related("person", "page").get(pk=leg_id)


def locked(pk: uuid.UUID) -> Call:
    """The call as it is now, locked until the transaction ends, and before it its ticket.

    So they are taken everywhere (`lifecycle.record`); a call that gets a ticket while its own lock
    is waited for is given back, and it begins anew.
    """
    tickets = Call.objects.filter(pk=pk).values_list("ticket", flat=True)
    while True:
        with suppress(_HasTicket), transaction.atomic():
            is_known = tickets.get() is not None
            if is_known:
                lifecycle.locked_where(tickets.get)
            rows = Call.objects.select_for_update(of=("self",)).select_related("ticket")
            call = rows.get(pk=pk)
            if call.ticket_id is not None and not is_known:
                raise _HasTicket
            return call


class _HasTicket(Exception):
    """The PIN was recognised meanwhile."""


def record(call: Call, verb: str, *, now: dt.datetime, internal: bool = False, **data: Any) -> None:
    """The one event of a change: about the ticket, where there is one, so that its page hears."""
    events.record(
        verb=verb,
        subject=call.ticket.event_subject if call.ticket else call.event_subject,
        by=SYSTEM,
        at=now,
        organization_id=call.organization_id,
        internal=internal or call.ticket is None,
        call=str(call.pk),
        **data,
    )


def end(call: Call, *, now: dt.datetime) -> None:
    """Nobody is on the line any more. The ladder, if it rings, rings on. Saves the row."""
    if call.is_over:
        return
    call.state, call.ended_at = State.ENDED, now
    call.save()
    still = CallLeg.objects.filter(call=call, ended_at=None)
    still.filter(outcome=Outcome.RINGING).update(outcome=Outcome.GIVEN_UP, ended_at=now)
    still.filter(outcome=Outcome.TAKEN).update(ended_at=now)
    taken = CallLeg.objects.filter(call=call, outcome=Outcome.TAKEN)
    record(
        call,
        "call.ended",
        now=now,
        seconds=int((now - call.started_at).total_seconds()),
        names=list(taken.values_list("person_name", flat=True)),
    )
