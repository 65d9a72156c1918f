"""Nobody could be reached, or nobody knows who calls: a message is taken, and it rings people.

On a known caller's ticket it is an entry of theirs, and the ladder rings on. Anybody else's becomes
an enquiry, and whoever is on duty is told, though not more often than makes sense: whoever types
wrong PINs shall not be able to keep an engineer awake.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import agenda
from accounts.models import Delivery, User
from accounts.templatetags.vigil import duration
from accounts.viewer import Viewer
from tickets import engine_requests, enquiries, lifecycle
from tickets.hotline import calls
from tickets.hotline.answers import Because, Goodbye, HangUp, Nothing, Reply, Voicemail
from tickets.models import Call, CallRecording, Enquiry, Entry, Escalation, Inbound, Ticket
from tickets.models.ticket import Channel
from tickets.oncall import duty
from tickets.oncall.calling import call as ring

TOLD_WINDOW: Final = dt.timedelta(hours=1)
TOLD_LIMIT: Final = 6  # unknown callers' messages within the window that ring somebody
TOLD_KEY: Final = "hotline:"
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
    return Reply(Goodbye(ticket, heard=True), call.language or calls.DEFAULT_LANGUAGE)


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
    if call.organization is not None:  # the PIN was right, and the plan has no hotline
        note = _("The PIN of %(organization)s was typed; their plan has no hotline.")
        enquiries.add(
            enquiry=enquiry, body=note % {"organization": call.organization.name}, now=now
        )
    _tell(call, enquiry, now=now)


def _tell(call: Call, enquiry: Enquiry, *, now: dt.datetime) -> None:
    """Ring whoever is on duty, unless unknown callers have had enough people rung lately."""
    since = now - TOLD_WINDOW
    told = Delivery.objects.filter(key__startswith=TOLD_KEY, due_at__gt=since)
    if told.values("subject").distinct().count() >= TOLD_LIMIT:
        return
    lately = CallRecording.objects.filter(call__ticket=None, at__gt=since)
    if call.caller and lately.filter(call__caller=call.caller).exists():
        return

    def words() -> tuple[str, str]:
        text = _("%(caller)s was not recognised. Listen, and call back if it is a customer.")
        return _("Voice message on the hotline"), text % {"caller": call.caller or "?"}

    teams = duty.front_line().filter(is_default=True)
    people = [line.person for line in duty.now_on_duty(now, teams)] or duty.leads(teams.first())
    ring(
        people,
        words,
        key=f"{TOLD_KEY}{call.pk}",
        subject=call.event_subject,
        payload={"path": reverse("admin:calls"), "about": "message"},
        now=now,
    )
