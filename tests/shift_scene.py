"""A roster with three people who take turns at 14:00, and an urgent ticket of the first."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.db.models import Q

from accounts.access import Role
from accounts.models import Deadline
from accounts.viewer import Viewer
from portal.engine import deadlines
from tests import factories
from tests.factories import NOON
from tickets import escalation, lifecycle
from tickets.models import Escalation, LadderStep, Team, Ticket
from tickets.models.ticket import Severity
from tickets.oncall import shift_changes

CHANGE = NOON + dt.timedelta(hours=2)  # Ana goes, Ben comes


def make_scene(now: dt.datetime = NOON, **roster: Any) -> SimpleNamespace:
    """To be called in the role of the engine. At `now` Ana is on duty, in two hours Ben is."""
    star = factories.organization("StarCast", key="STAR")
    developer = factories.member(star, Role.DEVELOPER, "Bob Lin")
    ana, ben, cara = (
        factories.engineer(name, email=f"{name.split()[0].lower()}@vigil.example")
        for name in ("Ana Souza", "Ben Okoro", "Cara Voss")
    )
    lead = factories.engineer("Chen Yu", level="lead", is_manager=True, email="chen@vigil.example")
    team = Team.objects.create(name="IM core", is_default=True)
    team.products.add(factories.product())
    change = now + dt.timedelta(hours=2)
    made = factories.roster(
        team,
        ana,
        ben,
        cara,
        unit="days",
        starts_on=change.date() - dt.timedelta(days=1),
        hand_over_at=change.time().replace(microsecond=0),
        **roster,
    )
    ladder = factories.ladder(team)
    for position, kind in enumerate((LadderStep.Kind.ROSTER, LadderStep.Kind.LEADS)):
        LadderStep.objects.create(
            ladder=ladder,
            position=position,
            kind=kind,
            roster=made if kind == LadderStep.Kind.ROSTER else None,
        )
    shift_changes.replan([made.pk], now)
    return SimpleNamespace(
        star=star,
        developer=developer,
        ana=ana,
        ben=ben,
        cara=cara,
        lead=lead,
        team=team,
        roster=made,
        product=factories.product(),
    )


def owned(scene: SimpleNamespace, now: dt.datetime = NOON, subject: str = "Down") -> Ticket:
    """An urgent ticket that Ana has taken, and whose clocks ring nobody in this test."""
    ticket = factories.ticket(
        scene.developer,
        subject=subject,
        severity=Severity.URGENT,
        now=now,
        product=scene.product,
    )
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=now)
    escalation.acknowledge(ticket=ticket, by=Viewer.of(scene.ana), now=now)
    lifecycle.reply(ticket=ticket, by=Viewer.of(scene.ana), body="On it.", now=now)
    ringing = Q(kind__startswith="promise.") | Q(kind__startswith="ladder.")
    Deadline.objects.filter(ringing, settled_at=None).update(settled_at=now)
    ticket.refresh_from_db()
    return ticket


def handle_due() -> None:
    while deadlines.handle_next(promises=True) or deadlines.handle_next(promises=False):
        pass
