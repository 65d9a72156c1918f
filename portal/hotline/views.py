"""The webhooks of the telephone provider: signed, stored, and answered with what is heard next.

404 where no hotline is set up, 403 without the provider's signature, and nothing told either way.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal.hotline import once, twiml, words
from portal.hotline.once import Raw
from portal.hotline.words import Words
from tickets.hotline import calls, connecting, incoming, voicemail
from tickets.hotline.answers import Answer, Because, Goodbye, HangUp, Nothing, Reply, Voicemail
from tickets.models import Call, CallLeg, CallRecording, Inbound

Work = Callable[[Words, Inbound, dt.datetime, dict[str, Any]], Reply]
Kind = CallRecording.Kind
KEY_LIMIT: Final = 110
FORM: Final = "application/x-www-form-urlencoded"  # all the provider ever sends


def webhook(
    *, otherwise: Answer, said_once: Callable[[Words], str] = lambda said: ""
) -> Callable[[Work], Any]:
    """A view of one step; `otherwise` is the answer where something of ours breaks.

    `said_once` tells apart what one address is called for many times.
    """

    def decorated(work: Work) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @require_POST
        @wraps(work)
        def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if not words.is_configured():
                raise Http404
            if len(request.body) > words.LIMIT_BYTES:
                return HttpResponse(status=413)
            if not words.is_signed(request):
                return HttpResponse(status=403)
            if request.content_type != FORM:
                return HttpResponse(status=400)
            said = words.read(request)
            raw = _raw(request, said, said_once(said))
            if not said.is_readable:
                once.keep(raw, reason="no_call")
                return HttpResponse(status=400)

            def run(row: Inbound, now: dt.datetime) -> Reply:
                return work(said, row, now, arguments)

            def render(reply: Reply) -> str:
                return twiml.written(reply, called=_ours(said))

            answer = once.take(raw, run, render, otherwise=Reply(otherwise))
            return HttpResponse(answer, content_type="text/xml; charset=utf-8")

        # Each webhook makes its own transactions: raw is kept whatever becomes of the rest.
        view.without_database = True  # type: ignore[attr-defined]
        return view

    return decorated


@webhook(otherwise=Voicemail(Because.TROUBLE))
def begin(said: Words, row: Inbound, now: dt.datetime, arguments: dict[str, Any]) -> Reply:
    return incoming.begin(call=_call(said, now), now=now)


@webhook(otherwise=Voicemail(Because.TROUBLE))
def language(said: Words, row: Inbound, now: dt.datetime, arguments: dict[str, Any]) -> Reply:
    return incoming.choose_language(call=_call(said, now), digits=said.digits, now=now)


@webhook(otherwise=Voicemail(Because.TROUBLE))
def pin(said: Words, row: Inbound, now: dt.datetime, arguments: dict[str, Any]) -> Reply:
    number = min(int(arguments["number"]), 99)
    return incoming.enter_pin(call=_call(said, now), number=number, digits=said.digits, now=now)


@webhook(otherwise=Nothing(), said_once=lambda said: f"{said.sequence}:{said.status}")
def call_told(said: Words, row: Inbound, now: dt.datetime, arguments: dict[str, Any]) -> Reply:
    call = _call(said, now)
    sequence = said.sequence if said.sequence >= 0 else call.sequence + 1
    return connecting.call_told(call=call, status=said.status, sequence=sequence, now=now)


@webhook(otherwise=Goodbye())
def message(said: Words, row: Inbound, now: dt.datetime, arguments: dict[str, Any]) -> Reply:
    """The caller has spoken, and hears goodbye."""
    return _left(said, row, now, Kind.VOICEMAIL)


@webhook(otherwise=Nothing(), said_once=lambda said: f"{said.recording}:{said.recording_status}")
def message_recorded(
    said: Words, row: Inbound, now: dt.datetime, arguments: dict[str, Any]
) -> Reply:
    """The recording is ready; the caller is long gone."""
    _left(said, row, now, Kind.VOICEMAIL)
    return Reply(Nothing())


@webhook(otherwise=HangUp())
def whisper(said: Words, row: Inbound, now: dt.datetime, arguments: dict[str, Any]) -> Reply:
    return _of_leg(arguments, lambda call, leg: connecting.whisper(call=call, leg=leg))


@webhook(otherwise=HangUp())
def take(said: Words, row: Inbound, now: dt.datetime, arguments: dict[str, Any]) -> Reply:
    return _of_leg(
        arguments,
        lambda call, leg: connecting.take(call=call, leg=leg, digits=said.digits, now=now),
    )


@webhook(otherwise=Nothing(), said_once=lambda said: f"{said.sequence}:{said.status}")
def leg_told(said: Words, row: Inbound, now: dt.datetime, arguments: dict[str, Any]) -> Reply:
    def tell(call: Call, leg: CallLeg) -> Reply:
        sequence = said.sequence if said.sequence >= 0 else leg.sequence + 1
        return connecting.leg_told(
            call=call, leg=leg, status=said.status, sequence=sequence, now=now
        )

    return _of_leg(arguments, tell, otherwise=Nothing())


@webhook(otherwise=Voicemail(Because.TROUBLE))
def dialled(said: Words, row: Inbound, now: dt.datetime, arguments: dict[str, Any]) -> Reply:
    return _of_leg(
        arguments,
        lambda call, leg: connecting.dialled(call=call, leg=leg, status=said.dial_status, now=now),
    )


@webhook(otherwise=Nothing(), said_once=lambda said: f"{said.recording}:{said.recording_status}")
def talk_recorded(said: Words, row: Inbound, now: dt.datetime, arguments: dict[str, Any]) -> Reply:
    if said.recording_status not in ("", "completed"):
        return Reply(Nothing())
    return _of_leg(
        arguments,
        lambda call, leg: voicemail.left(
            call=call,
            sid=said.recording,
            seconds=said.recording_seconds,
            kind=Kind.CONVERSATION,
            inbound=row,
            now=now,
        ),
        otherwise=Nothing(),
    )


def _left(said: Words, row: Inbound, now: dt.datetime, kind: CallRecording.Kind) -> Reply:
    seconds = said.recording_seconds if said.recording_status in ("", "completed") else 0
    return voicemail.left(
        call=_call(said, now), sid=said.recording, seconds=seconds, kind=kind, inbound=row, now=now
    )


def _call(said: Words, now: dt.datetime) -> Call:
    """The call that is spoken of, locked; the number called says in which language."""
    known = settings.HOTLINE_NUMBERS.get(said.called, "")
    return calls.of_sid(said.call, caller=said.caller, called=said.called, language=known, now=now)


def _of_leg(
    arguments: dict[str, Any],
    work: Callable[[Call, CallLeg], Reply],
    otherwise: Any = HangUp(),  # noqa: B008  a constant
) -> Reply:
    found = calls.of_leg(arguments["leg"])
    return Reply(otherwise) if found is None else work(*found)


def _ours(said: Words) -> str:
    return said.called if said.called in settings.HOTLINE_NUMBERS else ""


def _raw(request: HttpRequest, said: Words, once_more: str) -> Raw:
    """What is kept, under a key made of the step's address, the call and what it says."""
    place = request.path.removeprefix("/hotline/").strip("/")
    if said.is_readable:
        key = f"{said.call}:{place}:{once_more}".rstrip(":")
    else:
        key = hashlib.sha256(request.body).hexdigest()
    if len(key) > KEY_LIMIT:
        key = hashlib.sha256(key.encode()).hexdigest()
    return Raw(key=f"phone:{key}", call=said.call, body=request.body, source=f"hotline {place}")
