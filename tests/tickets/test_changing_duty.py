"""Rosters are edited, duty is changed and taken back: each with its event, none of the past."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from accounts.models import Delivery, Event, User
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import SYSTEM, Viewer
from tests import factories
from tests.factories import NOON
from tickets import duty_changes, rosters
from tickets.models import DutyChange, LadderStep, Roster, RosterVersion
from tickets.oncall import duty
from tickets.oncall.definition import RosterPlan

pytestmark = pytest.mark.django_db
H = dt.timedelta(hours=1)


@pytest.fixture
def roster(cast: SimpleNamespace) -> Roster:
    """Daily turns from midnight UTC: on the 23rd the engineer, on the 24th the second."""
    return factories.roster(
        cast.team, cast.engineer, cast.second, unit="days", starts_on=dt.date(2026, 11, 23)
    )


def at(hours: float) -> dt.datetime:
    """Hours after midnight of the 23rd; it is noon."""
    return NOON + (hours - 12) * H


def names(roster: Roster, hours: float) -> list[str]:
    return [person.name for person in duty.on_duty(roster, at(hours))]


def planned(roster: Roster, hours: float) -> list[str]:
    """Who will be on duty, as known at noon."""
    a = at(hours)
    found = duty.shifts([roster], a, a + dt.timedelta(seconds=1), known_at=NOON)[roster.pk]
    return [User.objects.get(pk=one.member).name for one in found]


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def letters() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(kind=Delivery.Kind.EMAIL).order_by("pk")
    return [(row.address, row.payload["subject"]) for row in rows]


def override(roster: Roster, by: User, **fields: Any) -> DutyChange:
    given = {"person": None, "replaces": None, "starts_at": at(26), "ends_at": at(28)} | fields
    return duty_changes.override(roster=roster, by=Viewer.of(by), now=NOON, **given)


def leave(person: User, start: float, end: float, **fields: Any) -> DutyChange:
    given = {"by": Viewer.of(person), "now": NOON} | fields
    return duty_changes.take_leave(person=person, starts_at=at(start), ends_at=at(end), **given)


def test_an_edit_appends_a_version_and_leaves_the_past(
    cast: SimpleNamespace, roster: Roster
) -> None:
    plan = RosterPlan("Asia/Shanghai", (factories.layer(cast.lead),))
    rosters.edit(roster=roster, name="Days", plan=plan, by=Viewer.of(cast.lead), now=NOON)
    assert names(roster, 11) == ["Zhao Min"]
    assert names(roster, 13) == ["Chen Yu"]
    assert verbs() == ["roster.edited"]
    roster.refresh_from_db()
    assert (roster.name, roster.time_zone) == ("Days", "Asia/Shanghai")


def test_two_edits_in_one_instant_are_two_versions(cast: SimpleNamespace, roster: Roster) -> None:
    for person in (cast.lead, cast.second):
        plan = RosterPlan("UTC", (factories.layer(person),))
        rosters.edit(roster=roster, name="Days", plan=plan, by=Viewer.of(cast.lead), now=NOON)
    assert names(roster, 13) == ["Li Wei"]
    assert RosterVersion.objects.filter(roster=roster).count() == 3


def test_an_engineer_edits_no_roster(cast: SimpleNamespace, roster: Roster) -> None:
    plan = RosterPlan("UTC", (factories.layer(cast.engineer),))
    with pytest.raises(PermissionDenied):
        rosters.edit(roster=roster, name="Days", plan=plan, by=Viewer.of(cast.engineer), now=NOON)


def test_a_roster_a_ladder_rings_is_not_ended(cast: SimpleNamespace, roster: Roster) -> None:
    by = Viewer.of(cast.lead)
    LadderStep.objects.create(
        ladder=cast.team.ladders.get(), position=9, kind="roster", roster=roster
    )
    with pytest.raises(ValidationError, match="ladder rings this roster"):
        rosters.end(roster=roster, by=by, now=NOON)
    LadderStep.objects.filter(roster=roster).delete()
    rosters.end(roster=roster, by=by, now=NOON)
    assert (names(roster, 11), names(roster, 13)) == (["Zhao Min"], [])
    with pytest.raises(ValidationError, match="has ended"):
        override(roster, cast.lead, person=cast.lead)


def test_a_layer_on_weekdays_past_midnight(cast: SimpleNamespace, roster: Roster) -> None:
    night = factories.layer(
        cast.lead, weekdays=frozenset({0}), opens=dt.time(20), closes=dt.time(6)
    )
    factories.version(roster, night, since=at(0))
    assert [names(roster, hour) for hour in (19, 21, 29, 31)] == [[], ["Chen Yu"], ["Chen Yu"], []]


def test_an_override_replaces_in_its_span_only(cast: SimpleNamespace, roster: Roster) -> None:
    override(roster, cast.lead, person=cast.lead, replaces=cast.second)
    assert [planned(roster, hour) for hour in (25, 27, 29)] == [["Li Wei"], ["Chen Yu"], ["Li Wei"]]
    assert verbs() == ["duty.override_made"]
    assert letters() == [("li@vigil.example", "Your duty was changed")]


def test_an_override_without_a_place_comes_on_besides(
    cast: SimpleNamespace, roster: Roster
) -> None:
    override(roster, cast.engineer, person=cast.engineer)
    assert sorted(planned(roster, 27)) == ["Li Wei", "Zhao Min"]


def test_what_begins_in_the_past_is_cut_to_begin_now(cast: SimpleNamespace, roster: Roster) -> None:
    change = override(
        roster, cast.lead, person=cast.lead, replaces=cast.engineer, starts_at=at(2), ends_at=at(20)
    )
    assert change.starts_at == NOON
    assert (names(roster, 11), names(roster, 13)) == (["Zhao Min"], ["Chen Yu"])


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"person": "lead", "starts_at": at(2), "ends_at": at(4)}, "That time has passed"),
    ({"person": "lead", "starts_at": at(28), "ends_at": at(26)}, "end must lie after the start"),
    ({"person": "lead", "ends_at": at(24 * 400)}, "at most a year"),
    ({}, "names who takes over"),
    ({"person": "lead", "replaces": "lead"}, "take"),
    ({"person": "lead", "replaces": "engineer"}, "Zhao Min is not on duty"),
    ({"person": "second"}, "Li Wei is on duty for Primary then already"),
    ({"person": "developer"}, "Only active people of staff"),
]


@pytest.mark.parametrize(("wrong", "reason"), REFUSED)
def test_an_override_that_cannot_be_is_refused_with_the_reason(
    cast: SimpleNamespace, roster: Roster, wrong: dict[str, Any], reason: str
) -> None:
    given = {
        name: getattr(cast, value) if name in ("person", "replaces") else value
        for name, value in wrong.items()
    }
    with pytest.raises(ValidationError, match=reason):
        override(roster, cast.lead, **given)
    assert not DutyChange.objects.exists()
    assert not verbs()


def test_an_engineer_puts_on_duty_nobody_but_themselves(
    cast: SimpleNamespace, roster: Roster
) -> None:
    with pytest.raises(PermissionDenied, match="Only a manager"):
        override(roster, cast.engineer, person=cast.lead, replaces=cast.second)
    override(roster, cast.engineer, person=cast.engineer, replaces=cast.second)


def test_leave_counts_on_every_roster_and_shows_the_hole(
    cast: SimpleNamespace, roster: Roster
) -> None:
    other = factories.roster(cast.team, cast.second, name="Other")
    leave(cast.second, 26, 30)
    assert (planned(roster, 27), planned(other, 27)) == ([], [])
    assert planned(roster, 31) == ["Li Wei"]


def test_a_stand_in_has_the_shifts_meanwhile(cast: SimpleNamespace, roster: Roster) -> None:
    leave(cast.second, 26, 30, stand_in=cast.lead)
    assert planned(roster, 27) == ["Chen Yu"]
    assert letters() == [("chen@vigil.example", "Leave was entered")]


def test_leave_that_cannot_be_is_refused_with_the_reason(
    cast: SimpleNamespace, roster: Roster
) -> None:
    leave(cast.second, 26, 30)
    with pytest.raises(ValidationError, match="Li Wei is off from"):
        leave(cast.second, 28, 40)
    with pytest.raises(ValidationError, match="Li Wei is off from"):
        leave(cast.engineer, 28, 40, stand_in=cast.second)
    with pytest.raises(ValidationError, match="stands in for themselves"):
        leave(cast.engineer, 28, 40, stand_in=cast.engineer)
    with pytest.raises(ValidationError, match="Li Wei is off from"):
        override(roster, cast.lead, person=cast.second, starts_at=at(13), ends_at=at(29))
    with pytest.raises(PermissionDenied, match="your own leave"):
        leave(cast.lead, 26, 30, by=Viewer.of(cast.engineer))
    leave(cast.engineer, 26, 30, by=Viewer.of(cast.lead))


def temporary(
    roster: Roster, by: User, *shifts: tuple[User, float, float], start: float = 24, end: float = 48
) -> DutyChange:
    return duty_changes.plan_temporary(
        roster=roster,
        by=Viewer.of(by),
        starts_at=at(start),
        ends_at=at(end),
        shifts=[(person, at(a), at(b)) for person, a, b in shifts],
        now=NOON,
    )


def test_a_temporary_schedule_holds_alone_in_its_span(
    cast: SimpleNamespace, roster: Roster
) -> None:
    temporary(roster, cast.lead, (cast.lead, 24, 36), (cast.engineer, 36, 40))
    told = [planned(roster, hour) for hour in (23, 25, 37, 41, 49)]
    assert told == [["Zhao Min"], ["Chen Yu"], ["Zhao Min"], [], ["Zhao Min"]]


def test_a_temporary_schedule_that_cannot_be_is_refused(
    cast: SimpleNamespace, roster: Roster
) -> None:
    for shifts, reason in (
        ([], "at least one shift"),
        ([(cast.lead, 30, 50)], "within the temporary schedule"),
        ([(cast.lead, 30, 30)], "end after its start"),
        ([(cast.lead, 24, 36), (cast.lead, 30, 40)], "two shifts at the same time"),
    ):
        with pytest.raises(ValidationError, match=reason):
            temporary(roster, cast.lead, *shifts)
    temporary(roster, cast.lead, (cast.lead, 24, 36))
    with pytest.raises(ValidationError, match="Another temporary schedule"):
        temporary(roster, cast.lead, (cast.lead, 40, 44), start=40, end=60)
    with pytest.raises(PermissionDenied):
        temporary(roster, cast.engineer, (cast.engineer, 60, 70), start=60, end=70)


def test_taking_back_ends_a_change_and_keeps_what_was(
    cast: SimpleNamespace, roster: Roster
) -> None:
    change = override(
        roster, cast.lead, person=cast.lead, replaces=cast.engineer, starts_at=NOON, ends_at=at(20)
    )
    duty_changes.cancel(change=change, by=Viewer.of(cast.lead), now=at(14))
    assert [names(roster, hour) for hour in (11, 13, 15)] == [
        ["Zhao Min"],
        ["Chen Yu"],
        ["Zhao Min"],
    ]
    with pytest.raises(ValidationError, match="taken back already"):
        duty_changes.cancel(change=change, by=Viewer.of(cast.lead), now=at(15))
    assert verbs() == ["duty.override_made", "duty.override_cancelled"]


def test_who_takes_back_what(cast: SimpleNamespace, roster: Roster) -> None:
    entered = leave(cast.second, 26, 30, by=Viewer.of(cast.lead))
    with pytest.raises(PermissionDenied):
        duty_changes.cancel(change=entered, by=Viewer.of(cast.engineer), now=NOON)
    duty_changes.cancel(change=entered, by=Viewer.of(cast.second), now=NOON)
    over = override(roster, cast.lead, person=cast.lead, replaces=cast.second)
    with pytest.raises(ValidationError, match="time has passed"):
        duty_changes.cancel(change=over, by=Viewer.of(cast.lead), now=at(29))


def test_a_drill_puts_somebody_in_without_asking(cast: SimpleNamespace, roster: Roster) -> None:
    duty_changes.put_in(
        roster=roster,
        person=cast.lead,
        replaces=cast.second.pk,
        starts_at=at(24),
        ends_at=at(48),
        now=NOON,
    )
    assert planned(roster, 27) == ["Chen Yu"]
    change = DutyChange.objects.get()
    assert change.kind == DutyChange.Kind.DRILL
    duty_changes.cancel(change=change, by=SYSTEM, now=NOON)


def test_the_database_lets_nobody_rewrite_what_was(cast: SimpleNamespace, roster: Roster) -> None:
    change = override(roster, cast.lead, person=cast.lead, replaces=cast.second)
    rows = DutyChange.objects.filter(pk=change.pk)
    for attempt in (
        lambda: rows.update(ends_at=at(40)),
        lambda: rows.update(person=cast.engineer),
        lambda: RosterVersion.objects.update(definition={}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    duty_changes.cancel(change=change, by=Viewer.of(cast.lead), now=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(cancelled_at=None)


def test_customers_read_who_is_on_duty_and_no_reasons(
    cast: SimpleNamespace, roster: Roster
) -> None:
    leave(cast.engineer, 12, 20, stand_in=cast.lead, reason="Hospital")
    with acting_as(DatabaseRole.CUSTOMER, organizations=[cast.star.pk], user_id=cast.owner.pk):
        front = [one.person.name for one in duty.now_on_duty(at(13), duty.front_line())]
        assert front == ["Chen Yu"]
        for hidden in ("reason", "created_by_name", "person_name", "replaces_name"):
            with pytest.raises(ProgrammingError, match="permission"), transaction.atomic():
                list(DutyChange.objects.values_list(hidden))
        with connection.cursor() as cursor:
            with pytest.raises(ProgrammingError, match="permission"), transaction.atomic():
                cursor.execute("select * from tickets_swap")


def test_changes_of_one_roster_read_the_same_number_of_queries_for_many(
    cast: SimpleNamespace, roster: Roster, django_assert_num_queries: Any
) -> None:
    more = [factories.roster(cast.team, cast.lead, name=f"More {n}") for n in range(5)]
    with django_assert_num_queries(2):
        duty.shifts([roster, *more], NOON, at(48), known_at=NOON)
