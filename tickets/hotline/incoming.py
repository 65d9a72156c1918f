"""A call comes in: language, PIN, and at once an urgent ticket."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import agenda, hotline_pins
from accounts.models import HotlinePin, User
from accounts.viewer import Viewer
from knowledge.models import Product
from tickets import escalation, lifecycle
from tickets.hotline import calls, connecting, pin_tries, voicemail
from tickets.hotline.answers import AskLanguage, AskPin, Because, HangUp, Reply
from tickets.models import Call, Escalation, Ticket
from tickets.models.ticket import Channel, Environment, Severity

BY_KEY: Final = {"1": "zh-hans", "2": "en"}
_NAMESPACE: Final = uuid.UUID("6f1d3c52-3c0d-4d3e-9e3a-6c6f2d9b7a10")  # ours alone


@transaction.atomic
def begin(*, call: Call, now: dt.datetime) -> Reply:
    """Somebody rang one of our numbers."""
    if call.is_over:
        return Reply(HangUp())
    calls.record(call, "call.began", now=now)
    return ask_first(call)


@transaction.atomic
def choose_language(*, call: Call, digits: str, now: dt.datetime) -> Reply:
    """They pressed a key, or none: then it is the default."""
    call.language = BY_KEY.get(digits, calls.DEFAULT_LANGUAGE)
    call.save(update_fields=["language"])
    return ask_first(call)


def ask_first(call: Call) -> Reply:
    if not call.language:
        return Reply(AskLanguage())
    return Reply(AskPin(1), call.language)


@transaction.atomic
def enter_pin(*, call: Call, number: int, digits: str, now: dt.datetime) -> Reply:
    """The `number`th try at the PIN. A known one opens an urgent ticket, whatever comes after.

    What is not known, what is locked and what is no PIN at all are answered alike.
    """
    language = call.language or calls.DEFAULT_LANGUAGE
    if call.ticket is not None:
        return connecting.connect(call=call, now=now)
    brake = pin_tries.brake(caller=call.caller, now=now)
    pin = hotline_pins.recognise(digits)
    if pin is not None and not brake.locked:
        return _known(call, pin, now=now)
    if pin is not None:  # for us to know; nothing the caller hears may differ
        call.organization = pin.organization
    if digits:
        call.wrong_pins += 1
        call.save(update_fields=["wrong_pins", "organization"])
        calls.record(call, "call.refused", now=now, locked=brake.locked)
    if number < brake.tries:
        return Reply(AskPin(number + 1, brake.pause_seconds), language)
    return voicemail.invite(call, Because.NOT_KNOWN)


def _known(call: Call, pin: HotlinePin, *, now: dt.datetime) -> Reply:
    call.organization = pin.organization
    call.language = call.language or calls.DEFAULT_LANGUAGE
    call.save(update_fields=["organization", "language"])
    hotline_pins.note_use(pin, now=now)
    if hotline_pins.PHONE not in pin.organization.entitlements.channels:
        return voicemail.invite(call, Because.NO_HOTLINE)
    reporter = hotline_pins.reporter_for(pin)
    if reporter is None:
        return voicemail.invite(call, Because.TROUBLE)
    call.ticket = _open(call, pin, reporter, now=now)
    call.entry = call.ticket.entries.earliest("at", "pk")
    call.state = Call.State.ENDED if call.is_over else Call.State.RINGING
    call.save()
    # The engine would start it some milliseconds later, or, had it been away, long after it was
    # taken; whom to call is needed now.
    agenda.strike(subject=call.ticket.event_subject, kind="ladder.start", now=now)
    escalation.start(ticket=call.ticket, reason=Escalation.Reason.URGENT, now=now)
    return connecting.connect(call=call, now=now)


def _open(call: Call, pin: HotlinePin, reporter: User, *, now: dt.datetime) -> Ticket:
    viewer = Viewer.of(reporter)
    with translation.override(reporter.language):
        subject = _("Call to the hotline")
        body = _(
            "Somebody called the hotline and typed the PIN of %(organization)s. "
            "What comes of the call stands below."
        ) % {"organization": pin.organization.name}
    return lifecycle.open_ticket(
        by=viewer,
        organization=pin.organization,
        subject=subject,
        body=body,
        severity=Severity.URGENT,
        product=_product_of_last_time(pin.organization_id, reporter),
        environment=Environment.PRODUCTION,
        channel=Channel.PHONE,
        submission=uuid.uuid5(_NAMESPACE, call.sid or str(call.pk)),
        now=now,
    )


def _product_of_last_time(organization_id: int, reporter: User) -> Product | None:
    """What the reporter named last, else what a team-mate did."""
    last = (
        Ticket.objects.filter(organization=organization_id, product__isnull=False)
        .select_related("product")
        .order_by(Case(When(reporter=reporter, then=Value(0)), default=Value(1)), "-id")
        .first()
    )
    return last.product if last else None
