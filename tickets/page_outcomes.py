"""What becomes of a page on its way: it left the house, or nothing of it can be delivered."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import events
from accounts.viewer import SYSTEM
from tickets import escalation, lifecycle, ringing
from tickets.models import Escalation, Page
from tickets.oncall.ladder import thawed


@transaction.atomic
def delivered(*, page: Page, channel: str, now: dt.datetime) -> None:
    """A page left the house by one of its channels. Delivered is not acknowledged.

    The trail tells of a channel once something left by it; a page of which nothing rang at
    once was rung when its first message left.
    """
    page = Page.objects.select_for_update().get(pk=page.pk)
    if page.delivered_at is not None and channel in page.channels:
        return
    if not page.channels:
        page.rung_at = now
    if channel not in page.channels:
        page.channels = [*page.channels, channel]
    page.delivered_at = page.delivered_at or now
    page.save(update_fields=["rung_at", "channels", "delivered_at"])
    events.record(
        verb="page.delivered",
        subject=f"ticket/{page.ticket_id}",
        by=SYSTEM,
        at=now,
        organization_id=page.organization_id,
        page=str(page.pk),
        channel=channel,
    )


@transaction.atomic
def unreachable(*, page: Page, now: dt.datetime) -> None:
    """No message of a page can be delivered by any way: its step need not be waited out.

    Nobody else is rung on the step: the next one is, at once. Beyond the first round nothing
    is hurried: where nobody at all can be reached, ringing must not spin.
    """
    ticket = lifecycle.locked(page.ticket)
    rings = Escalation.objects.select_for_update().get(pk=page.escalation_id)
    page = Page.objects.select_for_update().get(pk=page.pk)
    waits = page.state == Page.State.RINGING
    if not (waits or page.state == Page.State.NO_ANSWER) or not ringing.has_failed(page):
        return
    page.state, page.ended_at = Page.State.UNREACHABLE, page.ended_at or now
    page.save(update_fields=["state", "ended_at"])
    events.record(
        verb="page.failed",
        subject=ticket.event_subject,
        by=SYSTEM,
        at=now,
        organization_id=page.organization_id,
        escalation=rings.pk,
        names=[page.person_name],
        step=page.step,
    )
    others = rings.pages.filter(step=rings.step, state=Page.State.RINGING)
    if not waits or rings.state != Escalation.State.RINGING or others.exists():
        return
    ladder = thawed(rings.ladder)
    following = ringing.index_after(ladder, rings.step)
    if following < len(ladder.steps):
        escalation.next_step(escalation=rings, index=following, now=now)
