"""Swaps: asked, accepted, declined, withdrawn, expired; both are told, nobody loses a shift."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Deadline, Delivery, Event, User
from accounts.viewer import Viewer
from portal.engine.handlers import HANDLERS
from tests import factories
from tests.factories import NOON
from tickets import duty_changes, swaps
from tickets.models import DutyChange, Roster, Swap
from tickets.oncall import duty

pytestmark = pytest.mark.django_db
H = dt.timedelta(hours=1)


def at(hours: float) -> dt.datetime:
    """Hours after midnight of the 23rd; it is noon."""
    return NOON + (hours - 12) * H


@pytest.fixture
def roster(cast: SimpleNamespace) -> Roster:
    """Daily turns from midnight UTC: on the 24th the second, on the 25th the engineer."""
    return factories.roster(
        cast.team, cast.engineer, cast.second, unit="days", starts_on=dt.date(2026, 11, 23)
    )


def planned(roster: Roster, hours: float) -> list[str]:
    a = at(hours)
    found = duty.shifts([roster], a, a + dt.timedelta(seconds=1), known_at=at(13))[roster.pk]
    return [User.objects.get(pk=one.member).name for one in found]


def ask(roster: Roster, by: User, asked: User, **fields: Any) -> Swap:
    given = {"starts_at": at(24), "ends_at": at(48), "now": NOON} | fields
    return swaps.ask(roster=roster, by=Viewer.of(by), asked=asked, **given)


def letters() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(kind=Delivery.Kind.EMAIL)
    return sorted((row.address, row.payload["subject"]) for row in rows)


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_an_accepted_swap_is_an_override(cast: SimpleNamespace, roster: Roster) -> None:
    swap = ask(roster, cast.second, cast.lead, note="Dentist")
    assert planned(roster, 30) == ["Li Wei"]
    assert letters() == [("chen@vigil.example", "Li Wei asks you to take a shift")]
    assert "Dentist" in Delivery.objects.get().payload["text"]
    swaps.accept(swap=swap, by=Viewer.of(cast.lead), now=NOON)
    assert planned(roster, 30) == ["Chen Yu"]
    assert letters()[1:] == [("li@vigil.example", "The swap is agreed")]
    assert verbs() == ["swap.asked", "swap.accepted"]
    assert DutyChange.objects.get().kind == DutyChange.Kind.SWAP


def test_one_shift_in_return_for_another(cast: SimpleNamespace, roster: Roster) -> None:
    other = factories.roster(cast.team, cast.lead, name="Other")
    swap = ask(roster, cast.second, cast.lead, in_return=(other, at(60), at(70)))
    swaps.accept(swap=swap, by=Viewer.of(cast.lead), now=NOON)
    assert (planned(roster, 30), planned(other, 65)) == (["Chen Yu"], ["Li Wei"])
    assert planned(other, 71) == ["Chen Yu"]


def test_a_part_of_a_shift_can_be_swapped(cast: SimpleNamespace, roster: Roster) -> None:
    swap = ask(roster, cast.second, cast.lead, starts_at=at(30), ends_at=at(36))
    swaps.accept(swap=swap, by=Viewer.of(cast.lead), now=NOON)
    assert [planned(roster, hour) for hour in (29, 31, 37)] == [["Li Wei"], ["Chen Yu"], ["Li Wei"]]


def test_a_declined_or_withdrawn_swap_changes_nothing(
    cast: SimpleNamespace, roster: Roster
) -> None:
    swaps.decline(swap=ask(roster, cast.second, cast.lead), by=Viewer.of(cast.lead), now=NOON)
    swaps.withdraw(swap=ask(roster, cast.second, cast.lead), by=Viewer.of(cast.second), now=NOON)
    assert planned(roster, 30) == ["Li Wei"]
    assert letters() == [
        ("chen@vigil.example", "A swap was withdrawn"),
        ("chen@vigil.example", "Li Wei asks you to take a shift"),
        ("chen@vigil.example", "Li Wei asks you to take a shift"),
        ("li@vigil.example", "Chen Yu cannot take your shift"),
    ]
    assert verbs() == ["swap.asked", "swap.declined", "swap.asked", "swap.withdrawn"]


def test_a_swap_expires_when_the_shift_begins(cast: SimpleNamespace, roster: Roster) -> None:
    swap = ask(roster, cast.second, cast.lead)
    with pytest.raises(ValidationError, match="Too late"):
        swaps.accept(swap=swap, by=Viewer.of(cast.lead), now=at(24))
    row = Deadline.objects.get(kind=swaps.EXPIRE)
    assert row.due_at == at(24)
    for _again in range(2):
        HANDLERS[row.kind](row, at(24))
    swap.refresh_from_db()
    assert (swap.state, swap.settled_at) == (Swap.State.EXPIRED, at(24))
    expired = "A swap was not answered in time"
    assert {("chen@vigil.example", expired), ("li@vigil.example", expired)} <= set(letters())
    assert len(letters()) == 3


def test_an_answered_swap_no_longer_expires(cast: SimpleNamespace, roster: Roster) -> None:
    swap = ask(roster, cast.second, cast.lead)
    swaps.accept(swap=swap, by=Viewer.of(cast.lead), now=NOON)
    row = Deadline.objects.get(kind=swaps.EXPIRE)
    assert row.settled_at is not None
    HANDLERS[row.kind](row, at(24))
    swap.refresh_from_db()
    assert swap.state == Swap.State.ACCEPTED


def test_only_the_one_who_was_asked_answers(cast: SimpleNamespace, roster: Roster) -> None:
    swap = ask(roster, cast.second, cast.lead)
    for verb, who in (
        (swaps.accept, cast.engineer),
        (swaps.accept, cast.second),
        (swaps.decline, cast.second),
        (swaps.withdraw, cast.lead),
    ):
        with pytest.raises(PermissionDenied):
            verb(swap=swap, by=Viewer.of(who), now=NOON)
    swaps.accept(swap=swap, by=Viewer.of(cast.lead), now=NOON)
    with pytest.raises(ValidationError, match="settled already"):
        swaps.decline(swap=swap, by=Viewer.of(cast.lead), now=NOON)


def test_what_cannot_be_swapped_is_refused_with_the_reason(
    cast: SimpleNamespace, roster: Roster
) -> None:
    for asker, asked, fields, reason in (
        (cast.engineer, cast.lead, {}, "Zhao Min is not on duty"),
        (cast.engineer, cast.lead, {"starts_at": at(11), "ends_at": at(20)}, "shifts to come"),
        (cast.second, cast.second, {}, "Ask somebody else"),
        (cast.second, cast.lead, {"ends_at": at(50)}, "Li Wei is not on duty"),
        (cast.second, cast.lead, {"ends_at": at(20)}, "end must lie after"),
        (cast.second, cast.developer, {}, "Only active people of staff"),
    ):
        with pytest.raises(ValidationError, match=reason):
            ask(roster, asker, asked, **fields)
    ask(roster, cast.second, cast.lead)
    with pytest.raises(ValidationError, match="asked for a swap of this shift already"):
        ask(roster, cast.second, cast.engineer, starts_at=at(30))
    duty_changes.take_leave(
        person=cast.lead, by=Viewer.of(cast.lead), starts_at=at(70), ends_at=at(80), now=NOON
    )
    with pytest.raises(ValidationError, match="Chen Yu is off from"):
        ask(roster, cast.second, cast.lead, starts_at=at(72), ends_at=at(96))


def test_a_shift_lost_meanwhile_is_not_given_away_twice(
    cast: SimpleNamespace, roster: Roster
) -> None:
    swap = ask(roster, cast.second, cast.lead)
    duty_changes.override(
        roster=roster,
        by=Viewer.of(cast.lead),
        person=cast.engineer,
        replaces=cast.second,
        starts_at=at(30),
        ends_at=at(40),
        now=NOON,
    )
    with pytest.raises(ValidationError, match="Li Wei is not on duty"):
        swaps.accept(swap=swap, by=Viewer.of(cast.lead), now=at(13))
    assert DutyChange.objects.count() == 1
