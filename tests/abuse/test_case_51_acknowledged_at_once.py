"""Abuse case 51: many engineers acknowledge in the same moment; exactly one has it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from accounts.access import Role
from accounts.models import Event
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from tests import factories
from tickets import escalation
from tickets.models import Escalation, Ticket
from tickets.models.ticket import Severity

ENGINEERS, ROUNDS = 8, 15


def test_of_many_acknowledgements_at_once_exactly_one_is_taken(
    committed_database: DatabaseUrls,
) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        star = factories.organization("StarCast", key="STAR")
        developer = factories.member(star, Role.DEVELOPER, "Bob Lin")
        engineers = [factories.engineer(f"Engineer {number}") for number in range(ENGINEERS)]
        factories.team(*engineers[:3])
        viewers = [Viewer.of(engineer) for engineer in engineers]
        tickets = []
        for number in range(ROUNDS):
            ticket = factories.ticket(
                developer, subject=f"Down {number}", severity=Severity.URGENT, now=now
            )
            escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=now)
            tickets.append(ticket)
    ready = threading.Barrier(ENGINEERS)

    def hurry(viewer: Viewer) -> list[bool]:
        try:
            return [_acknowledge(ticket, viewer) for ticket in tickets]
        finally:
            connection.close()

    def _acknowledge(ticket: Ticket, viewer: Viewer) -> bool:
        ready.wait(20)
        with acting_for(viewer) as now:
            return escalation.acknowledge(ticket=ticket, by=viewer, now=now).taken

    with ThreadPoolExecutor(ENGINEERS) as threads:
        answers = list(threads.map(hurry, viewers))
    winners = [sum(taken) for taken in zip(*answers, strict=True)]
    assert winners == [1] * ROUNDS
    with acting_as(DatabaseRole.ENGINE):
        said = Event.objects.filter(verb="page.acknowledged")
        assert said.count() == ROUNDS
        for ticket in tickets:
            ticket.refresh_from_db()
            rung = Escalation.objects.get(ticket=ticket)
            assert ticket.owner_id == rung.acknowledged_by_id
            assert said.get(subject=ticket.event_subject).actor_id == ticket.owner_id
