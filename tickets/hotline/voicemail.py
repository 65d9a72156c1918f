"""Nobody could be reached, or nobody knows who calls: a message is taken, and it rings people.

On a known caller's ticket it is an entry of theirs, and the ladder rings on. Anybody else's becomes
an enquiry, and whoever is on duty is told, though not more often than makes sense: whoever types
wrong PINs shall not be able to keep an engineer awake. A right PIN typed under the lock is told of
always, but not to the caller: whoever guesses shall not hear that they guessed right.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import agenda
from accounts.models import Delivery, User
from accounts.templatetags.vigil import duration
from accounts.viewer import Viewer
from tickets import engine_requests, enquiries, lifecycle
from tickets.hotline import calls, pin_tries
from tickets.hotline.answers import Because, Goodbye, HangUp, Nothing, Reply, Voicemail
from tickets.models import Call, CallRecording, Enquiry, Entry, Escalation, Inbound, Ticket
from tickets.models.ticket import Channel
from tickets.oncall import duty
from tickets.oncall.calling import call as ring

TOLD_WINDOW: Final = dt.timedelta(hours=1)
TOLD_LIMIT: Final = 6  # unknown callers' messages within the window that ring somebody
TOLD_KEY: Final = "hotline:"
UNHEARD_KEY: Final = "hotline-locked:"  # of whom the caller is told nothing
LONGEST_SECONDS: Final = 180
Kind = CallRecording.Kind


def invite(call: Call, because: Because) -> Reply:
    """Have a message taken; the caller may hang up instead."""
    if call.is_over:
        return Reply(HangUp())
    call.state = Call.State.VOICEMAIL
    call.save(update_fields=["state"])
    named = call.ticket.reference if call.ticket else ""
    return Reply(Voicemail(because, named), call.language or calls.DEFAULT_LANGUAGE)


@transaction.atomic
def left(
    *, call: Call, sid: str, seconds: int, kind: Kind, inbound: Inbound, now: dt.datetime
) -> Reply:
    """A recording is there: the provider says so twice, in either order, and it counts once."""
    if sid and seconds > 0 and not CallRecording.objects.filter(sid=sid).exists():
        _keep(call, sid, seconds, kind, inbound, now=now)
    if kind != Kind.VOICEMAIL:
        return Reply(Nothing())
    ticket = call.ticket.reference if call.ticket else ""
    answer = Goodbye(
        ticket,
        heard=call.recordings.filter(kind=Kind.VOICEMAIL).exists(),
        told=bool(ticket) or _told_of_anybody(call).exists(),
    )
    return Reply(answer, call.language or calls.DEFAULT_LANGUAGE)


def _keep(
    call: Call, sid: str, seconds: int, kind: Kind, inbound: Inbound, *, now: dt.datetime
) -> None:
    recording = CallRecording(
        organization_id=call.organization_id if call.ticket else None,
        call=call,
        sid=sid,
        kind=kind,
        seconds=seconds,
        at=now,
    )
    if call.ticket is None:
        _enquire(call, recording, inbound, now=now)
    elif kind == Kind.VOICEMAIL:
        recording.entry = _write(call, call.ticket, seconds, now=now)
        _ring_on(call.ticket, now=now)
    else:
        taken = call.legs.filter(entry__isnull=False).order_by("-taken_at").first()
        recording.entry = taken.entry if taken else call.entry
    recording.save()
    agenda.send(
        kind=Delivery.Kind.RECORDING,
        key=f"recording:{sid}",
        channel="phone",
        address="",
        subject=call.event_subject,
        payload={"recording": str(recording.pk)},
        due_at=now,
        organization_id=recording.organization_id,
    )
    calls.record(call, "call.recorded", now=now, kind=str(kind), seconds=seconds)


def _write(call: Call, ticket: Ticket, seconds: int, *, now: dt.datetime) -> Entry | None:
    """The message as an entry of the reporter's; where that cannot be, at the first entry."""
    with translation.override(ticket.language):
        body = _("A voice message on the hotline, %(length)s. The recording is attached.") % {
            "length": duration(seconds)
        }
    reporter = User.objects.get(pk=ticket.reporter_id)
    try:
        return lifecycle.reply(
            ticket=ticket, by=Viewer.of(reporter), body=body, channel=Channel.PHONE, now=now
        )
    except (PermissionDenied, ValidationError):
        return call.entry  # they left, or the ticket is closed: kept all the same


def _ring_on(ticket: Ticket, *, now: dt.datetime) -> None:
    """Unless somebody took it: a ladder that rings is left to itself."""
    last = Escalation.objects.filter(ticket=ticket).order_by("-id").first()
    if last is None or last.state in (Escalation.State.STOPPED, Escalation.State.EXHAUSTED):
        engine_requests.ring(ticket, reason=str(Escalation.Reason.URGENT), now=now)


def _enquire(call: Call, recording: CallRecording, inbound: Inbound, *, now: dt.datetime) -> None:
    words = {
        "caller": call.caller or _("a withheld number"),
        "called": call.called,
        "length": duration(recording.seconds),
    }
    body = _(
        "Somebody who was not recognised left a voice message, %(length)s. They called "
        "%(called)s; the number shown, %(caller)s, may be made up. "
        "The recording is under Calls."
    )
    enquiry = enquiries.open_enquiry(
        channel=Enquiry.Channel.PHONE,
        name="",
        address=call.caller,
        subject=_("Voice message from %(caller)s") % words,
        body=body % words,
        inbound=inbound,
        now=now,
    )
    if call.organization is not None:
        if pin_tries.typed_under_lock(call):
            note = _(
                "The PIN of %(organization)s was typed, but the number shown is locked after "
                "wrong PINs. Anybody may have made it up: call back a number you know."
            )
        else:
            note = _("The PIN of %(organization)s was typed; their plan has no hotline.")
        enquiries.add(
            enquiry=enquiry, body=note % {"organization": call.organization.name}, now=now
        )
    _tell(call, now=now)


def _tell(call: Call, *, now: dt.datetime) -> None:
    """Ring whoever is on duty, unless unknown callers have had enough people rung lately.

    A right PIN typed under the lock takes its turn like a wrong one, and rings without a turn.
    """
    customer = pin_tries.typed_under_lock(call)
    has_turn = _has_turn(call, now=now)
    if not has_turn and customer is None:
        return

    def words() -> tuple[str, str]:
        if customer is not None:
            text = _(
                "The PIN of %(organization)s was typed from a number that is locked after wrong "
                "PINs. Listen, and call the customer back at a number you know."
            )
        else:
            text = _("%(caller)s was not recognised. Listen, and call back if it is a customer.")
        named = {"caller": call.caller or "?", "organization": customer.name if customer else ""}
        return _("Voice message on the hotline"), text % named

    teams = duty.front_line().filter(is_default=True)
    people = [line.person for line in duty.now_on_duty(now, teams)] or duty.leads(teams.first())
    ring(
        people,
        words,
        key=f"{TOLD_KEY if has_turn else UNHEARD_KEY}{call.pk}",
        subject=call.event_subject,
        payload={"path": reverse("admin:calls"), "about": "message"},
        now=now,
    )


def _has_turn(call: Call, *, now: dt.datetime) -> bool:
    """Whether a caller nobody knows may have somebody rung."""
    since = now - TOLD_WINDOW
    told = Delivery.objects.filter(key__startswith=TOLD_KEY, due_at__gt=since)
    if told.values("subject").distinct().count() >= TOLD_LIMIT:
        return False
    lately = CallRecording.objects.filter(call__ticket=None, at__gt=since)
    return not (call.caller and lately.filter(call__caller=call.caller).exists())


def _told_of_anybody(call: Call) -> QuerySet[Delivery]:
    """The messages that went out about a call as about anybody's."""
    return Delivery.objects.filter(
        key__startswith=f"{TOLD_KEY}{call.pk}", subject=call.event_subject
    )
