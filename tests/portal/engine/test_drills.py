"""Before a shift whoever comes on is asked; who does not answer is replaced and the lead told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Deadline, Delivery, Event, User
from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests import factories
from tests.portal.conftest import Clock
from tests.shift_scene import CHANGE, handle_due, make_scene
from tickets import duty_changes, reachability
from tickets.models import DutyChange, ReachabilityDrill, Roster
from tickets.oncall import duty, shift_changes

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
Turn = Callable[[float], dt.datetime]


@pytest.fixture
def scene(db: None, clock: Clock) -> SimpleNamespace:
    made = make_scene(note_minutes=0)
    handle_due()
    return made


@pytest.fixture
def at(clock: Clock) -> Turn:
    """Turn the clock to so many minutes after the change, and let the engine do what is due."""

    def turn(minutes: float) -> dt.datetime:
        clock.now = CHANGE + minutes * MINUTE
        handle_due()
        failures = Deadline.objects.exclude(last_error="").values_list("last_error", flat=True)
        assert not list(failures)
        return clock.now

    return turn


def of(person: User) -> ReachabilityDrill:
    return ReachabilityDrill.objects.get(person=person)


def confirm(person: User, now: dt.datetime) -> reachability.Confirmation:
    viewer = Viewer.of(person)
    drill = of(person)
    with acting_for(viewer):
        return reachability.confirm(drill=drill, by=viewer, now=now)


def titles(person: User) -> list[str]:
    rows = Delivery.objects.filter(kind="page", address=person.email).order_by("due_at", "key")
    return [row.payload["title"] for row in rows]


def on_duty(roster: Roster, now: dt.datetime) -> list[str]:
    return [person.name for person in duty.on_duty(roster, now)]


def who_will(scene: SimpleNamespace, now: dt.datetime) -> list[int]:
    turns = duty.shifts([scene.roster], CHANGE, CHANGE + MINUTE, known_at=now)
    return [int(str(turn.member)) for turn in turns[scene.roster.pk]]


def test_who_comes_on_is_asked_in_time_and_told_that_nothing_is_down(
    scene: SimpleNamespace, at: Turn
) -> None:
    at(-16)
    assert not ReachabilityDrill.objects.exists()
    at(-15)
    drill = of(scene.ben)
    assert drill.confirm_by == CHANGE - 5 * MINUTE
    assert drill.shift_starts_at == CHANGE
    assert drill.shift_ends_at == CHANGE + dt.timedelta(days=1)
    assert titles(scene.ben) == ["Drill: confirm that you can be reached"]
    sent = Delivery.objects.get(kind="page", address=scene.ben.email)
    assert "Nothing is down" in sent.payload["text"]
    assert "14:00" in sent.payload["text"]


def test_all_contact_methods_are_used(scene: SimpleNamespace, at: Turn) -> None:
    factories.contact_method(scene.ben, "ntfy://ntfy.sh/ben", kind="push")
    at(-15)
    addresses = Delivery.objects.filter(kind="page").values_list("address", flat=True)
    assert set(addresses) == {"ben@vigil.example", "ntfy://ntfy.sh/ben"}


def test_an_answer_in_time_is_recorded_and_nothing_else_happens(
    scene: SimpleNamespace, at: Turn
) -> None:
    asked = at(-15)
    assert confirm(scene.ben, asked + dt.timedelta(seconds=22)).is_theirs
    at(30)
    assert of(scene.ben).outcome == "reached"
    assert (of(scene.ben).confirmed_at or CHANGE) - asked == dt.timedelta(seconds=22)
    assert not DutyChange.objects.exists()
    assert titles(scene.lead) == []
    assert Event.objects.filter(verb="drill.confirmed", actor=scene.ben).count() == 1


def test_without_an_answer_the_next_takes_the_shift_and_the_lead_is_told(
    scene: SimpleNamespace, at: Turn
) -> None:
    at(-15)
    now = at(-5)
    assert (of(scene.ben).outcome, of(scene.ben).replaced_by) == ("silent", scene.cara)
    assert who_will(scene, now) == [scene.cara.pk]
    assert titles(scene.lead) == ["Ben Okoro could not be reached"]
    assert titles(scene.cara) == ["Drill: confirm that you can be reached"]
    assert of(scene.cara).confirm_by == CHANGE + 5 * MINUTE
    confirm(scene.cara, now + MINUTE)
    now = at(1)
    assert on_duty(scene.roster, now) == ["Cara Voss"]
    verbs = set(Event.objects.filter(verb__startswith="drill.").values_list("verb", flat=True))
    assert verbs == {"drill.asked", "drill.missed", "drill.confirmed"}


def test_the_chain_ends_when_nobody_is_left_and_the_shift_stands_open(
    scene: SimpleNamespace, at: Turn
) -> None:
    """Cara is silent too; Ana, whose turn would come after, is asked; then nobody is left."""
    for minutes in (-15, -5, 5, 15, 25, 60):
        at(minutes)
    outcomes = dict(ReachabilityDrill.objects.values_list("person__name", "outcome"))
    assert outcomes == dict.fromkeys(("Ben Okoro", "Cara Voss", "Ana Souza"), "silent")
    assert titles(scene.lead) == [
        "Ben Okoro could not be reached",
        "Cara Voss could not be reached",
        "Ana Souza could not be reached",
    ]
    last = Delivery.objects.get(
        address=scene.lead.email, payload__title="Ana Souza could not be reached"
    )
    assert "stands open" in last.payload["text"]


def test_a_late_answer_brings_the_shift_back_before_it_begins(
    scene: SimpleNamespace, at: Turn
) -> None:
    at(-15)
    at(-5)
    assert confirm(scene.ben, CHANGE - 2 * MINUTE).is_theirs
    assert of(scene.ben).outcome == "late"
    assert of(scene.cara).outcome == "moot"
    assert who_will(scene, CHANGE - MINUTE) == [scene.ben.pk]
    assert "You need not take over the shift" in titles(scene.cara)
    now = at(30)
    assert on_duty(scene.roster, now) == ["Ben Okoro"]
    assert len(titles(scene.lead)) == 1


def test_an_answer_after_the_shift_began_is_told_who_has_it(
    scene: SimpleNamespace, at: Turn
) -> None:
    at(-15)
    now = at(-5)
    confirm(scene.cara, now)
    answer = confirm(scene.ben, at(3))
    assert (answer.is_theirs, answer.holder_name) == (False, "Cara Voss")
    assert on_duty(scene.roster, at(4)) == ["Cara Voss"]


def test_answering_twice_changes_nothing(scene: SimpleNamespace, at: Turn) -> None:
    asked = at(-15)
    for seconds in (5, 50):
        assert confirm(scene.ben, asked + dt.timedelta(seconds=seconds)).is_theirs
    assert of(scene.ben).confirmed_at == asked + dt.timedelta(seconds=5)
    assert Event.objects.filter(verb="drill.confirmed").count() == 1


def test_nobody_answers_for_somebody_else(scene: SimpleNamespace, at: Turn) -> None:
    now = at(-15)
    for person in (scene.cara, scene.lead, scene.developer):
        with pytest.raises(PermissionDenied):
            reachability.confirm(drill=of(scene.ben), by=Viewer.of(person), now=now)


def test_who_is_on_another_roster_is_asked_for_this_shift_too(
    scene: SimpleNamespace, at: Turn, clock: Clock
) -> None:
    second = factories.roster(
        scene.team, scene.cara, scene.ben, name="Second", starts_on=dt.date(2026, 11, 16)
    )
    shift_changes.replan([second.pk], clock.forward(seconds=1))  # Ben is on it this week
    at(-15)
    assert of(scene.ben).outcome == "asked", "last week's answer says nothing about tonight"


def test_who_answered_lately_is_not_asked_again(
    scene: SimpleNamespace, at: Turn, clock: Clock
) -> None:
    asked = at(-15)
    confirm(scene.ben, asked)
    hours = CHANGE.time().replace(hour=CHANGE.hour + 2)
    second = factories.roster(
        scene.team,
        scene.cara,
        scene.ben,
        name="Second",
        unit="days",
        hand_over_at=hours,
        starts_on=CHANGE.date() - dt.timedelta(days=1),
    )
    Roster.objects.filter(pk=second.pk).update(name="Second")
    shift_changes.replan([second.pk], clock.forward(seconds=1))
    at(2 * 60 - 15)
    assert ReachabilityDrill.objects.filter(roster=second).count() == 0


def test_one_message_and_one_answer_for_two_rosters_at_once(
    scene: SimpleNamespace, at: Turn, clock: Clock
) -> None:
    second = factories.roster(
        scene.team,
        scene.cara,
        scene.ben,
        name="Second",
        unit="days",
        hand_over_at=CHANGE.time(),
        starts_on=CHANGE.date() - dt.timedelta(days=1),
    )
    shift_changes.replan([second.pk], clock.forward(seconds=1))
    now = at(-15)
    drills = ReachabilityDrill.objects.filter(person=scene.ben)
    assert sorted(drills.values_list("messaged", flat=True)) == [False, True]
    assert len(titles(scene.ben)) == 1
    reachability.confirm(drill=drills[0], by=Viewer.of(scene.ben), now=now)
    at(10)
    assert set(drills.values_list("outcome", flat=True)) == {"reached"}
    assert not DutyChange.objects.exists()


def test_a_shift_taken_over_after_the_drill_asks_the_new_one(
    scene: SimpleNamespace, at: Turn, clock: Clock
) -> None:
    at(-15)
    clock.forward(minutes=1)
    duty_changes.override(
        roster=scene.roster,
        by=Viewer.of(scene.lead),
        person=scene.cara,
        replaces=scene.ben,
        starts_at=CHANGE,
        ends_at=CHANGE + dt.timedelta(days=1),
        now=clock.now,
    )
    handle_due()
    assert of(scene.cara).asked_at == clock.now
    at(-5)
    assert of(scene.ben).outcome == "moot"  # no longer theirs: nobody is told, nobody replaced
    assert titles(scene.lead) == []


def test_somebody_on_leave_or_gone_is_not_put_in(
    scene: SimpleNamespace, at: Turn, clock: Clock
) -> None:
    duty_changes.take_leave(
        person=scene.cara,
        by=Viewer.of(scene.cara),
        starts_at=CHANGE - dt.timedelta(hours=1),
        ends_at=CHANGE + dt.timedelta(hours=5),
        now=clock.now,
    )
    at(-15)
    at(-5)
    assert of(scene.ben).replaced_by == scene.ana


def test_the_next_who_knows_the_product_is_preferred(scene: SimpleNamespace, at: Turn) -> None:
    scene.cara.skills.all().delete()
    at(-15)
    at(-5)
    assert of(scene.ben).replaced_by == scene.ana


def test_an_engine_killed_while_replacing_replaces_once(
    scene: SimpleNamespace, at: Turn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.engine.handlers import HANDLERS

    at(-15)
    handle = HANDLERS["drill.confirm"]

    def dies(row: Deadline, now: dt.datetime) -> None:
        handle(row, now)
        raise RuntimeError("killed")

    clock.now = CHANGE - 5 * MINUTE
    with monkeypatch.context() as patch:
        patch.setitem(HANDLERS, "drill.confirm", dies)
        handle_due()
    assert not DutyChange.objects.exists()
    Deadline.objects.update(last_error="")
    at(-4)
    assert DutyChange.objects.filter(kind="drill").count() == 1
    assert len(titles(scene.lead)) == 1


def test_an_answered_drill_is_not_sent_any_more(
    scene: SimpleNamespace, at: Turn, send_due: Callable[[], int], clock: Clock
) -> None:
    factories.contact_method(scene.ben, "ntfy://ntfy.sh/ben", kind="push", delay_seconds=120)
    now = at(-15)
    send_due()
    confirm(scene.ben, now)
    clock.forward(minutes=3)
    send_due()
    late = Delivery.objects.get(address="ntfy://ntfy.sh/ben")
    assert (late.sent_at, late.cancelled_at) == (None, clock.now)


def test_the_mail_carries_the_link_and_says_that_it_is_a_drill(
    scene: SimpleNamespace, at: Turn, send_due: Callable[[], int], mailoutbox: list[Any]
) -> None:
    at(-15)
    send_due()
    (mail,) = [one for one in mailoutbox if one.to == ["ben@vigil.example"]]
    assert mail.subject == "Drill: confirm that you can be reached"
    assert "/page/drill/" in mail.body
    assert "escalation ladder" not in mail.body
