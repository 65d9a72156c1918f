"""Abuse case 5: a parameter that names another customer's ticket, for every verb there is."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from accounts.models import Event, Organization
from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import calling_help, escalation, lifecycle, ownership, severity
from tickets.models import Entry, Follower, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
VERBS: dict[str, Callable[[Ticket, Viewer], object]] = {
    "reply": lambda t, v: lifecycle.reply(ticket=t, by=v, body="b", now=NOON),
    "note": lambda t, v: lifecycle.add_note(ticket=t, by=v, body="b", now=NOON),
    "resolve": lambda t, v: lifecycle.resolve(ticket=t, by=v, now=NOON),
    "close": lambda t, v: lifecycle.close(ticket=t, by=v, now=NOON),
    "reopen": lambda t, v: lifecycle.reopen(ticket=t, by=v, now=NOON),
    "facts": lambda t, v: lifecycle.edit_facts(
        ticket=t, by=v, now=NOON, product=None, platform="", sdk_version="", environment=""
    ),
    "severity": lambda t, v: severity.change(
        ticket=t, by=v, to=Severity.URGENT, reason="r", now=NOON
    ),
    "consent": lambda t, v: severity.answer_proposal(ticket=t, by=v, agree=True, now=NOON),
    "assign": lambda t, v: ownership.assign(ticket=t, by=v, owner=None, now=NOON),
    "follow": lambda t, v: ownership.follow(ticket=t, by=v, now=NOON),
    "unfollow": lambda t, v: ownership.unfollow(ticket=t, by=v, now=NOON),
    "escalate": lambda t, v: calling_help.ring_by_hand(ticket=t, by=v, now=NOON),
    "acknowledge": lambda t, v: escalation.acknowledge(ticket=t, by=v, now=NOON),
}
REFUSALS = (Ticket.DoesNotExist, PermissionDenied, DatabaseError)


def everything(ticket: Ticket) -> tuple[object, ...]:
    return (
        list(Ticket.objects.filter(pk=ticket.pk).values()),
        Entry.objects.count(),
        Event.objects.count(),
        Follower.objects.count(),
        list(Organization.objects.order_by("pk").values_list("ticket_count", flat=True)),
    )


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("claims_membership", [False, True])
def test_no_verb_touches_a_foreign_ticket(
    cast: SimpleNamespace, verb: str, claims_membership: bool
) -> None:
    """Also when the table of roles was talked into believing: then the database says no."""
    ticket = factories.ticket(cast.developer)
    before = everything(ticket)
    honest = Viewer.of(cast.stranger)
    lying = Viewer(user=cast.stranger, roles={**honest.roles, cast.star.pk: "owner"})
    with acting_for(honest):
        if verb == "unfollow" and claims_membership:
            VERBS[verb](ticket, lying)  # there is nothing to unfollow, and nothing happens
        else:
            with pytest.raises(REFUSALS), transaction.atomic():
                VERBS[verb](ticket, lying if claims_membership else honest)
    assert everything(ticket) == before


def test_no_ticket_is_opened_in_a_foreign_organization(cast: SimpleNamespace) -> None:
    honest = Viewer.of(cast.stranger)
    for viewer in (honest, Viewer(user=cast.stranger, roles={cast.star.pk: "owner"})):
        with (
            acting_for(honest),
            pytest.raises((PermissionDenied, DatabaseError, Organization.DoesNotExist)),
            transaction.atomic(),
        ):
            lifecycle.open_ticket(
                by=viewer,
                organization=cast.star,
                subject="s",
                body="b",
                severity=Severity.URGENT,
                now=NOON,
            )
    cast.star.refresh_from_db()
    assert cast.star.ticket_count == 0
