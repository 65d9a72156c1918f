"""Who is responsible for a ticket, and who follows it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from accounts.viewer import SYSTEM, Viewer
from tests import factories
from tests.factories import NOON
from tests.tickets.scenes import after, answer, deadlines, verbs
from tickets import ownership
from tickets.models import Follower, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer)


def test_the_first_engineer_to_answer_has_it_and_the_second_does_not_take_it_away(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    answer(cast, ticket, after(1))
    ticket.refresh_from_db()
    assert ticket.owner == cast.engineer
    ownership.assign(ticket=ticket, by=Viewer.of(cast.lead), owner=cast.second, now=after(2))
    answer(cast, ticket, after(3))
    ticket.refresh_from_db()
    assert ticket.owner == cast.second


def test_assigning_moves_no_clock(cast: SimpleNamespace, ticket: Ticket) -> None:
    ownership.assign(ticket=ticket, by=Viewer.of(cast.lead), owner=cast.engineer, now=after(1))
    assert set(ticket.promises.values_list("state", flat=True)) == {"running"}


def test_only_an_engineer_who_is_here_can_own_a_ticket(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    cast.second.is_active = False
    for owner in (cast.developer, cast.second):
        with pytest.raises(ValidationError, match="Only an engineer of ours"):
            ownership.assign(ticket=ticket, by=Viewer.of(cast.lead), owner=owner, now=NOON)


def test_who_is_given_a_ticket_is_told_and_who_takes_it_is_not(
    cast: SimpleNamespace, ticket: Ticket
) -> None:
    told = len(deadlines(ticket.event_subject, "event.announce"))
    ownership.assign(ticket=ticket, by=Viewer.of(cast.engineer), owner=cast.engineer, now=NOON)
    assert len(deadlines(ticket.event_subject, "event.announce")) == told
    ownership.assign(ticket=ticket, by=Viewer.of(cast.lead), owner=cast.second, now=NOON)
    assert len(deadlines(ticket.event_subject, "event.announce")) == told + 1


def test_following_and_leaving_twice_changes_nothing(cast: SimpleNamespace, ticket: Ticket) -> None:
    viewer = Viewer.of(cast.viewer)
    for verb in (ownership.follow, ownership.follow, ownership.unfollow, ownership.unfollow):
        verb(ticket=ticket, by=viewer, now=NOON)
    assert verbs(ticket) == ["ticket.opened", "ticket.followed", "ticket.unfollowed"]


def test_who_writes_follows_unless_they_are_staff(cast: SimpleNamespace, ticket: Ticket) -> None:
    answer(cast, ticket, after(1))
    assert [row.user for row in Follower.objects.filter(ticket=ticket)] == [cast.developer]


def test_only_people_follow(ticket: Ticket) -> None:
    with pytest.raises(ValueError, match="Only a person"):
        ownership.follow(ticket=ticket, by=SYSTEM, now=NOON)
