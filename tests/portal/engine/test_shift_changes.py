"""Each roster's next change is planned, handled once, and never passed over."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from accounts.models import Deadline, Event
from portal.engine.handlers import HANDLERS
from tests import factories
from tests.factories import NOON
from tests.portal.conftest import Clock
from tests.shift_scene import CHANGE, handle_due, make_scene, owned
from tickets.models import Handover, ReachabilityDrill, Roster, ShiftWatch
from tickets.oncall import shift_changes

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def scene(db: None, clock: Clock) -> SimpleNamespace:
    made = make_scene()
    handle_due()
    return made


def planned(kind: str) -> list[dt.datetime]:
    rows = Deadline.objects.filter(kind=kind, settled_at=None, failed_at=None)
    return list(rows.order_by("due_at").values_list("due_at", flat=True))


def failed() -> list[str]:
    return list(Deadline.objects.exclude(last_error="").values_list("last_error", flat=True))


def test_a_roster_has_its_next_drill_notes_and_change_planned(scene: SimpleNamespace) -> None:
    assert planned("shift.drill") == [CHANGE - 15 * MINUTE]
    assert planned("shift.notes") == [CHANGE - 15 * MINUTE]
    assert planned("shift.change") == [CHANGE]


def test_each_handled_change_plans_the_next(scene: SimpleNamespace, clock: Clock) -> None:
    for day in range(1, 4):
        clock.now = CHANGE + dt.timedelta(days=day - 1)
        handle_due()
        following = CHANGE + dt.timedelta(days=day)
        assert planned("shift.change") == [following]
        assert planned("shift.drill") == [following - 15 * MINUTE]
    assert not failed()


def test_planning_again_leaves_one_row_of_each_kind(scene: SimpleNamespace, clock: Clock) -> None:
    for _again in range(3):
        shift_changes.replan([scene.roster.pk], clock.forward(seconds=1))
        handle_due()
    for kind in ("shift.drill", "shift.notes", "shift.change"):
        assert len(planned(kind)) == 1


def test_planning_again_in_the_same_instant_loses_no_row(
    scene: SimpleNamespace, clock: Clock
) -> None:
    for _again in range(2):
        shift_changes.plan(scene.roster, clock.now)
    assert planned("shift.change") == [CHANGE]


def test_every_roster_is_planned_when_an_engine_starts(
    scene: SimpleNamespace, clock: Clock
) -> None:
    Deadline.objects.all().delete()
    shift_changes.replan_all(clock.now)
    handle_due()
    assert planned("shift.change") == [CHANGE]


def test_without_minutes_nobody_is_asked_beforehand(scene: SimpleNamespace, clock: Clock) -> None:
    Roster.objects.update(drill_minutes=0, note_minutes=0)
    shift_changes.replan([scene.roster.pk], clock.forward(seconds=1))
    handle_due()
    assert planned("shift.drill") == planned("shift.notes") == []
    assert planned("shift.change") == [CHANGE]


def test_a_change_that_came_while_the_engine_was_away_is_handled_late(
    scene: SimpleNamespace, clock: Clock
) -> None:
    ticket = owned(scene)
    clock.now = CHANGE + dt.timedelta(hours=3)
    handle_due()
    assert Handover.objects.get(ticket=ticket).to_person == scene.ben
    assert ReachabilityDrill.objects.count() == 0  # that shift has begun


def test_days_away_end_with_the_people_of_today(scene: SimpleNamespace, clock: Clock) -> None:
    ticket = owned(scene)
    clock.now = CHANGE + dt.timedelta(days=1, hours=3)  # Ana, then Ben, then Cara
    handle_due()
    assert Handover.objects.get(ticket=ticket).to_person == scene.cara
    assert ShiftWatch.objects.get().handled_until == CHANGE + dt.timedelta(days=1)


def test_planning_anew_just_after_a_change_does_not_pass_it_over(
    scene: SimpleNamespace, clock: Clock
) -> None:
    ticket = owned(scene)
    clock.now = CHANGE + 5 * MINUTE
    shift_changes.plan(scene.roster, clock.now)  # before the change itself was handled
    handle_due()
    assert Handover.objects.get(ticket=ticket).state == "proposed"


def test_a_handler_that_fails_changes_nothing_and_is_tried_again(
    scene: SimpleNamespace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = owned(scene)
    clock.now = CHANGE
    handle = HANDLERS["shift.change"]

    def dies(row: Deadline, now: dt.datetime) -> None:
        handle(row, now)
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setitem(HANDLERS, "shift.change", dies)
        handle_due()
    assert not Handover.objects.filter(state="proposed").exists()
    assert ShiftWatch.objects.get().handled_until == NOON
    clock.forward(seconds=3)
    handle_due()
    assert Handover.objects.get(ticket=ticket).state == "proposed"
    assert Event.objects.filter(verb="handover.proposed").count() == 1


def test_a_roster_that_was_deleted_has_no_changes(scene: SimpleNamespace, clock: Clock) -> None:
    Deadline.objects.update(data={"roster": 0})
    clock.now = CHANGE
    handle_due()
    assert not failed()


def test_one_person_for_ever_is_never_changed(clock: Clock, db: None) -> None:
    alone = factories.engineer("Alone")
    factories.team(alone)
    shift_changes.replan_all(clock.now)
    handle_due()
    assert planned("shift.change") == []
