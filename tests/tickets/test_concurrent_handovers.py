"""Handovers and drills at the same moment, in threads and with real commits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Event, User
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from tests import factories
from tests.shift_scene import make_scene, owned
from tests.tickets.test_concurrent_verbs import at_once
from tickets import handover, lifecycle, reachability, shift_end
from tickets.models import Handover, Holding, Promise, ReachabilityDrill, Ticket

SOON = dt.timedelta(minutes=10)


@pytest.fixture
def scene(committed_database: DatabaseUrls) -> SimpleNamespace:
    with acting_as(DatabaseRole.ENGINE) as now:
        made = make_scene(now)
        made.ticket = owned(made, now)
        return made


def offered(scene: SimpleNamespace) -> Handover:
    with acting_as(DatabaseRole.ENGINE) as now:
        return handover.propose(
            ticket=scene.ticket, by=Viewer.of(scene.ana), to=scene.ben, note="Shard 7.", now=now
        )


def accepting(made: Handover, person: User) -> Callable[[], str]:
    viewer = Viewer.of(person)

    def act() -> str:
        try:
            with acting_for(viewer) as now:
                return handover.accept(handover=made, by=viewer, now=now).to_name
        except ValidationError as refusal:
            return refusal.messages[0]

    return act


def due_times() -> list[dt.datetime]:
    return list(Promise.objects.order_by("pk").values_list("due_at", flat=True))


@pytest.mark.parametrize("round_", range(3))
def test_of_several_who_accept_at_once_one_has_the_ticket(
    scene: SimpleNamespace, round_: int
) -> None:
    made = offered(scene)
    with acting_as(DatabaseRole.ENGINE):
        before = due_times()
    people = (scene.ben, scene.cara, scene.lead, scene.ben)  # Ben presses twice
    said = at_once(*(accepting(made, person) for person in people))
    with acting_as(DatabaseRole.ENGINE):
        ticket = Ticket.objects.select_related("owner").get()
        made = Handover.objects.get()
        assert ticket.owner is not None
        first = ticket.owner.name
        assert (made.state, made.to_name) == ("accepted", first)
        assert {answer for answer in said if answer != first} <= {f"{first} was first."}
        assert Event.objects.filter(verb="ticket.handed_over").count() == 1
        assert Holding.objects.filter(ticket=ticket, person=ticket.owner).count() == 1
        assert due_times() == before


@pytest.mark.parametrize("round_", range(3))
def test_an_acceptance_at_the_moment_the_engine_would_ring(
    scene: SimpleNamespace, round_: int
) -> None:
    """Whichever comes first: Ben has it, and no handover is left standing or rung about."""
    made = offered(scene)

    def engine() -> None:
        with acting_as(DatabaseRole.ENGINE) as now:
            shift_end.not_accepted(handover_id=made.pk, now=now)

    def solve() -> None:
        viewer = Viewer.of(scene.ana)
        try:
            with acting_for(viewer) as now:
                lifecycle.resolve(ticket=scene.ticket, by=viewer, now=now)
        except ValidationError:
            pass

    at_once(accepting(made, scene.ben), engine, *([solve] if round_ else []))
    with acting_as(DatabaseRole.ENGINE):
        assert not Handover.objects.standing().exists()


@pytest.mark.parametrize("round_", range(4))
def test_an_answer_for_one_roster_at_the_end_of_another_drills_time(
    scene: SimpleNamespace, round_: int
) -> None:
    """One answer counts for all drills: either it came in time for both, or the second is late."""
    with acting_as(DatabaseRole.ENGINE) as now:
        other = factories.roster(scene.team, scene.ben, scene.cara, name="Second")
        asked: list[Any] = [
            ReachabilityDrill.objects.create(
                roster=roster,
                person=scene.ben,
                person_name=scene.ben.name,
                shift_starts_at=now + SOON,
                shift_ends_at=now + 6 * SOON,
                asked_at=now,
                confirm_by=now,
            )
            for roster in (scene.roster, other)
        ]
    viewer = Viewer.of(scene.ben)

    def answer() -> None:
        with acting_for(viewer) as now:
            reachability.confirm(drill=asked[0], by=viewer, now=now)

    def engine() -> None:
        with acting_as(DatabaseRole.ENGINE) as now:
            reachability.not_confirmed(drill_id=asked[1].pk, now=now)

    at_once(answer, engine)
    with acting_as(DatabaseRole.ENGINE):
        first, second = ReachabilityDrill.objects.filter(person=scene.ben).order_by("pk")
        assert first.outcome == "reached"
        missed = Event.objects.filter(
            verb__in=("drill.missed", "drill.ended"), data__drill=second.pk
        )
        assert (second.outcome == "reached") != missed.exists()
