"""Engineer and caller speak: after half a minute that is an answer by a person, and counts."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.viewer import Viewer
from tickets import lifecycle
from tickets.hotline import calls
from tickets.hotline.connecting import SPOKEN_AFTER
from tickets.models.ticket import Channel


@transaction.atomic
def spoken(*, leg_id: uuid.UUID, now: dt.datetime) -> None:
    """They have spoken for long enough: written down as the engineer's reply, once.

    A living engineer has begun to work, which is what was promised. A key pressed and hung up
    is an acknowledgement and no more.
    """
    found = calls.of_leg(leg_id)
    if found is None:
        return
    call, leg = found
    if call.ticket is None or leg.taken_at is None or leg.entry_id is not None:
        return
    if leg.ended_at is not None and leg.ended_at - leg.taken_at < SPOKEN_AFTER:
        return
    with translation.override(call.ticket.language):
        body = _("I am on the phone with you; what comes of it stands here afterwards.")
    person = User.objects.select_related("staff_profile").get(pk=leg.person_id)
    try:
        leg.entry = lifecycle.reply(
            ticket=call.ticket, by=Viewer.of(person), body=body, channel=Channel.PHONE, now=now
        )
    except (PermissionDenied, ValidationError):
        return  # they left our staff, or the ticket was closed meanwhile
    leg.save(update_fields=["entry"])
