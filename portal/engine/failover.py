"""When an address fails: its fallback at once, and the person's next method before its time.

What carried a message is written down; that it was carried says nothing about anybody having
seen it.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db.models import Q, QuerySet

from accounts import contact_addresses, reaching
from accounts.models import ContactMethod, Delivery
from portal.senders.in_turn import first_to_take
from tickets.models import Escalation, Page


@dataclass(frozen=True, slots=True)
class Carried:
    """Which address took a message, by which channel; `problem` is what the first one said."""

    by: Delivery.Carrier
    channel: str
    problem: str = ""


def hand_over(send: Callable[[Delivery], None], delivery: Delivery) -> Carried:
    """Send it; when that fails and there is a fallback, send it there with the same key.

    Raises what the address raised or, with a fallback, `PermanentFailure` if both refuse for
    good and `TemporaryFailure` otherwise, with both their words.
    """
    ways = [partial(send, delivery)]
    if delivery.fallback:
        other = copy.copy(delivery)
        other.address = delivery.fallback
        other.channel = contact_addresses.channel_of(delivery.fallback, kind=delivery.channel)
        ways.append(partial(send, other))
    place, problem = first_to_take(ways, key=delivery.key)
    if place == 0:
        return Carried(Delivery.Carrier.ADDRESS, delivery.channel)
    return Carried(Delivery.Carrier.FALLBACK, other.channel, problem)


def lock_ladder(delivery: Delivery) -> None:
    """Lock a page's ladder, as whoever acknowledges does before touching its messages."""
    if "page" in delivery.payload:
        ladders = Escalation.objects.filter(pages=delivery.payload["page"])
        list(ladders.select_for_update(of=("self",), no_key=True))


def ring_next_method(delivery: Delivery, *, now: dt.datetime) -> bool:
    """A method failed for good: the person's next one rings now and not after its delay.

    Only quiet hours still hold it, if the page is not urgent. False when there is none.
    """
    when = now
    if not _is_urgent(delivery):
        page = Page.objects.select_related("person").get(pk=delivery.payload["page"])
        when = reaching.soonest(page.person, urgent=False, now=now)
    siblings = delivery.key.rpartition(":")[0] + ":"
    following = (
        _open(delivery.subject)
        .filter(key__startswith=siblings, attempts=0, due_at__gt=when)
        .order_by("due_at")
        .values("pk")[:1]
    )
    return bool(
        _open(delivery.subject).filter(pk__in=following).update(due_at=when, claimable_at=when)
    )


def is_superseded(delivery: Delivery, *, now: dt.datetime) -> bool:
    """Whether a later page says the same to the same address, now or already.

    A ladder goes round while somebody's quiet hours hold its pages back; at their end one is
    enough. Urgent pages are never held, so nothing of theirs is left out.
    """
    if _is_urgent(delivery):
        return False
    page = Page.objects.get(pk=delivery.payload["page"])
    later = Page.objects.filter(escalation=page.escalation_id, person=page.person_id).filter(
        Q(rung_at__gt=page.rung_at) | Q(rung_at=page.rung_at, step__gt=page.step)
    )
    method = delivery.key.rpartition(":")[2]
    keys = [f"page:{pk}:{method}" for pk in later.values_list("pk", flat=True)]
    told = Delivery.objects.filter(key__in=keys, due_at__lte=now, cancelled_at=None, failed_at=None)
    return told.exists()


def note_health(delivery: Delivery, *, is_well: bool, now: dt.datetime) -> None:
    """Keep on the contact method whether its first address works, for its owner to see."""
    method = delivery.key.rpartition(":")[2]
    if not method.isdigit():
        return
    methods = ContactMethod.objects.filter(pk=method, address=delivery.address)
    if is_well:
        methods.exclude(trouble_at=None).update(trouble_at=None)
    else:
        methods.update(trouble_at=now)


def _is_urgent(delivery: Delivery) -> bool:
    """Whether quiet hours have no say in it. What is no page of a ladder is always urgent."""
    return "page" not in delivery.payload or bool(delivery.payload.get("urgent", True))


def _open(subject: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(subject=subject, sent_at=None, failed_at=None, cancelled_at=None)
