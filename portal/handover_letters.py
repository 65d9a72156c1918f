"""The mails around a handover, in each reader's language and time zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import agenda
from accounts.models import Delivery, User
from accounts.readers import as_read_by
from portal import duty_links, letter_payload, letters
from portal.addresses import ticket_address
from tickets.handover import News, stands
from tickets.models import Handover
from tickets.models.handover import State
from tickets.oncall import duty


def write(handover: Handover, news: News, *, now: dt.datetime) -> None:
    """Put down the mails that news is worth; none when it is overtaken by now."""
    if news != News.ACCEPTED and not stands(handover.ticket, handover):
        return
    if news == News.NO_NOTE and handover.note:
        return
    if news == News.ACCEPTED and handover.state != State.ACCEPTED:
        return
    for reader in _readers(handover, news):
        _send(handover, news, reader, now=now)


def _readers(handover: Handover, news: News) -> Iterable[User]:
    people = [handover.from_person_id]
    if news == News.OFFERED:
        people = [handover.to_person_id or 0]
    elif news == News.NO_NOTE:
        leads = duty.leads(duty.team_for(handover.ticket))
        people += [one.pk for one in leads if one.pk != handover.to_person_id]
    return User.objects.filter(pk__in=people, is_active=True, is_staff=True).order_by("pk")


def _send(handover: Handover, news: News, reader: User, *, now: dt.datetime) -> None:
    ticket = handover.ticket
    payload = letter_payload.threaded(ticket, reader)
    with as_read_by(reader):
        context = {
            "handover": handover,
            "ticket": ticket,
            "news": str(news),
            "is_mine": reader.pk == handover.from_person_id,
            "link": _link(handover, news, reader),
        } | letters.what_they_may(ticket, reader, payload)
        text = render_to_string("emails/handover.txt", context)
        html = render_to_string("emails/handover.html", context)
    agenda.send(
        kind=Delivery.Kind.EMAIL,
        key=f"handover:{handover.pk}:{news}:{reader.pk}:{now.isoformat()}",
        channel="email",
        address=reader.email,
        subject=handover.event_subject,
        payload=payload | {"text": text, "html": html},
        due_at=now,
        organization_id=handover.organization_id,
    )


def _link(handover: Handover, news: News, reader: User) -> str:
    """For who is to accept, the screen that needs no login; for the others, the workspace."""
    if news == News.OFFERED:
        return duty_links.HANDOVER.address(handover.pk, reader.pk)
    if news == News.NOTE_WANTED:
        return settings.PUBLIC_URL + reverse("admin:handover")
    return ticket_address(handover.ticket, for_staff=True)
