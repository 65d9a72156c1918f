"""A call as the caller, the engineers and the ticket see it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Event
from tests import factories, telephone
from tests.portal.conftest import Clock
from tests.portal.hotline.conftest import NUMBERS
from tests.telephone import Telephone
from tickets.models import Call, CallLeg, Entry, Escalation, Inbound, Page, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
HandleDue = Callable[[], None]


def trail() -> list[tuple[str, str, list[str]]]:
    pages = Page.objects.order_by("rung_at", "step")
    return [(page.person_name, page.state, page.channels) for page in pages]


def legs() -> list[tuple[str, str]]:
    return [(leg.person_name, leg.outcome) for leg in CallLeg.objects.order_by("dialled_at")]


def test_the_number_called_says_in_which_language_it_is_answered(client: Any) -> None:
    assert Telephone(client, called=telephone.ENGLISH).ring().language == "en-US"
    heard = Telephone(client, called=telephone.CHINESE).ring()
    assert heard.language == "zh-CN"
    assert heard.action() == "/hotline/call/pin/1/"


@pytest.mark.parametrize(("key", "language"), [("1", "zh-CN"), ("2", "en-US"), ("", "en-US")])
def test_on_a_number_for_both_the_caller_chooses(client: Any, key: str, language: str) -> None:
    call = Telephone(client, called=telephone.EITHER)
    heard = call.ring()
    assert heard.action() == "/hotline/call/language/"
    assert call.say(heard.action(), Digits=key).language == language


def test_the_pin_opens_an_urgent_ticket_at_once_and_connects_the_engineer_on_duty(
    call: Telephone, pin: str, cast: SimpleNamespace
) -> None:
    factories.ticket(cast.developer, product=cast.product)
    call.ring()
    heard = call.pin(pin)
    ticket = Ticket.objects.latest("pk")
    assert (ticket.severity, ticket.channel) == (Severity.URGENT, "phone")
    assert (ticket.organization, ticket.reporter) == (cast.star, cast.owner)
    assert ticket.product == cast.product, "from last time"
    assert heard.number == NUMBERS["engineer"]
    assert ticket.reference in heard.words
    assert trail()[0][:2] == ("Zhao Min", "ringing")


def test_the_key_acknowledges_the_ladder_in_the_engineers_name(
    call: Telephone, pin: str, cast: SimpleNamespace, clock: Clock
) -> None:
    engineer = call.engineer(call.pin(pin))
    assert "StarCast" in engineer.picks_up().words
    clock.forward(seconds=8)
    heard = engineer.takes()
    assert heard.verbs == ["Say"], "no hang-up: the two are connected"
    run = Escalation.objects.get()
    assert (run.state, run.acknowledged_by, run.acknowledged_at) == (
        "acked",
        cast.engineer,
        clock.now,
    )
    ticket = Ticket.objects.get()
    assert ticket.owner == cast.engineer
    assert trail() == [("Zhao Min", "acked", ["email", "phone"])]
    assert Call.objects.get().state == "talking"


def test_a_voicemail_box_presses_no_key_and_the_next_is_rung_at_once(
    call: Telephone, pin: str, clock: Clock
) -> None:
    engineer = call.engineer(call.pin(pin))
    engineer.told("in-progress", 2)
    engineer.picks_up()
    clock.forward(seconds=20)
    heard = engineer.done("completed")
    assert heard.number == NUMBERS["second"]
    assert legs() == [("Zhao Min", "machine"), ("Li Wei", "")]
    assert [line[:2] for line in trail()] == [("Zhao Min", "silent"), ("Li Wei", "ringing")]
    run = Escalation.objects.get()
    assert (run.state, run.step) == ("ringing", 1)


@pytest.mark.parametrize(
    ("status", "outcome"), [("no-answer", "silent"), ("busy", "busy"), ("failed", "failed")]
)
def test_no_answer_busy_or_failed_climbs_the_ladder(
    call: Telephone, pin: str, status: str, outcome: str
) -> None:
    engineer = call.engineer(call.pin(pin))
    assert engineer.done(status).number == NUMBERS["second"]
    assert legs()[0] == ("Zhao Min", outcome)


def test_a_wrong_key_is_no_acknowledgement(call: Telephone, pin: str) -> None:
    engineer = call.engineer(call.pin(pin))
    assert engineer.presses("9").verbs == ["Hangup"]
    assert Escalation.objects.get().state == "ringing"


def test_nobody_at_all_and_a_message_is_taken_while_the_ladder_rings_on(
    call: Telephone, pin: str, cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    heard = call.pin(pin)
    for _name in NUMBERS:
        clock.forward(seconds=25)
        heard = call.engineer(heard).done("no-answer")
    assert heard.verbs == ["Say", "Record"]
    assert legs() == [("Zhao Min", "silent"), ("Li Wei", "silent"), ("Chen Yu", "silent")]
    recording = telephone.sid("RE")
    said = call.say(heard.action("Record"), RecordingSid=recording, RecordingDuration="42")
    assert said.verbs[-1] == "Hangup"
    call.say(
        "/hotline/call/message/recording/",
        RecordingSid=recording,
        RecordingStatus="completed",
        RecordingDuration="42",
    )
    message = Entry.objects.latest("pk")
    assert (message.author, message.channel, message.by_staff) == (cast.owner, "phone", False)
    assert "42 s" in message.body
    assert Entry.objects.count() == 2, "the opening and one message"
    run = Escalation.objects.get()
    assert run.state == "ringing"
    assert run.next_at is not None
    clock.now = run.next_at
    handle_due()
    assert Page.objects.filter(step=3).exists(), "the second round, in its own time"


def test_the_engines_ladder_goes_on_by_its_own_way_meanwhile(
    call: Telephone, pin: str, clock: Clock, handle_due: HandleDue
) -> None:
    """The caller hangs up, or the provider dies: nobody is rung later than without the call."""
    call.pin(pin)
    run = Escalation.objects.get()
    assert (run.next_at - clock.now).total_seconds() == 180
    clock.forward(seconds=180)
    handle_due()
    assert [line[0] for line in trail()] == ["Zhao Min", "Li Wei"]
    assert Escalation.objects.count() == 1, "one trail"


def test_somebody_without_a_telephone_holds_nobody_up_and_is_rung_on(
    call: Telephone, pin: str, cast: SimpleNamespace
) -> None:
    cast.engineer.contact_methods.filter(kind="phone").delete()
    assert call.pin(pin).number == NUMBERS["second"]
    assert [line[:2] for line in trail()] == [("Zhao Min", "ringing"), ("Li Wei", "ringing")]


def test_an_engine_that_was_away_does_not_ring_again_for_what_was_taken(
    call: Telephone, pin: str, clock: Clock, handle_due: HandleDue
) -> None:
    call.engineer(call.pin(pin)).takes()
    clock.forward(seconds=20)
    handle_due()
    assert [line[:2] for line in trail()] == [("Zhao Min", "acked")]


def test_where_nobody_can_be_called_the_ladder_is_not_hurried(
    call: Telephone, pin: str, cast: SimpleNamespace, clock: Clock
) -> None:
    for person in (cast.engineer, cast.second, cast.lead):
        person.contact_methods.filter(kind="phone").delete()
    assert call.pin(pin).verbs == ["Say", "Record"]
    assert [line[:2] for line in trail()] == [("Zhao Min", "ringing")]
    run = Escalation.objects.get()
    assert run.next_at is not None
    assert (run.next_at - clock.now).total_seconds() == 180


def test_who_took_it_by_another_way_is_called_for_the_waiting_caller(
    call: Telephone, pin: str, cast: SimpleNamespace
) -> None:
    from accounts.viewer import Viewer
    from tickets import escalation

    engineer = call.engineer(call.pin(pin))
    ticket = Ticket.objects.get()
    escalation.acknowledge(ticket=ticket, by=Viewer.of(cast.lead), now=ticket.opened_at)
    heard = engineer.done("no-answer")
    assert heard.number == NUMBERS["lead"]
    call.engineer(heard).takes()
    assert Escalation.objects.get().acknowledged_by == cast.lead


def test_speaking_for_half_a_minute_is_the_answer_by_a_person(
    call: Telephone, pin: str, cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    call.engineer(call.pin(pin)).takes()
    ticket = Ticket.objects.get()
    assert ticket.promises.get(kind="response").state == "running", "acknowledged is not answered"
    clock.forward(seconds=29)
    handle_due()
    assert ticket.promises.get(kind="response").state == "running"
    clock.forward(seconds=1)
    handle_due()
    entry = Entry.objects.latest("pk")
    assert (entry.author, entry.channel, entry.kind) == (cast.engineer, "phone", "reply")
    assert ticket.promises.get(kind="response").kept is True


def test_a_key_pressed_and_hung_up_is_no_answer(
    call: Telephone, pin: str, clock: Clock, handle_due: HandleDue
) -> None:
    engineer = call.engineer(call.pin(pin))
    engineer.takes()
    clock.forward(seconds=10)
    assert engineer.done("completed").verbs[-1] == "Hangup"
    clock.forward(seconds=60)
    handle_due()
    assert Ticket.objects.get().promises.get(kind="response").state == "running"


def test_the_times_of_the_call_stand_on_the_ticket(call: Telephone, pin: str, clock: Clock) -> None:
    began = clock.now
    engineer = call.engineer(call.pin(pin))
    clock.forward(seconds=20)
    engineer.takes()
    clock.forward(minutes=5, seconds=20)
    engineer.done("completed")
    found = Call.objects.get()
    assert (found.started_at, found.ended_at, found.state) == (began, clock.now, "ended")
    ended = Event.objects.get(verb="call.ended")
    assert (ended.data["seconds"], ended.data["names"]) == (340, ["Zhao Min"])
    assert ended.subject == Ticket.objects.get().event_subject


def test_a_caller_who_hangs_up_is_not_dialled_for_any_more(call: Telephone, pin: str) -> None:
    heard = call.pin(pin)
    call.hang_up()
    assert legs() == [("Zhao Min", "given-up")]
    assert call.engineer(heard).done("canceled").verbs == ["Hangup"]
    assert Escalation.objects.get().state == "ringing", "the ticket is there, and so is its ladder"


def test_who_presses_the_key_too_late_has_taken_the_ticket(
    call: Telephone, pin: str, cast: SimpleNamespace
) -> None:
    engineer = call.engineer(call.pin(pin))
    call.hang_up()
    assert engineer.presses("1").verbs == ["Hangup"]
    assert Ticket.objects.get().owner == cast.engineer


def test_a_chosen_contact_is_the_reporter(call: Telephone, pin: str, cast: SimpleNamespace) -> None:
    from accounts import hotline_pins
    from accounts.viewer import Viewer

    by = Viewer.of(cast.owner)
    hotline_pins.choose_contact(
        by=by, organization=cast.star, member=cast.developer, now=factories.NOON
    )
    call.pin(pin)
    assert Ticket.objects.get().reporter == cast.developer


def test_what_came_in_is_stored_without_the_pin(call: Telephone, pin: str) -> None:
    call.ring()
    call.pin(pin)
    rows = Inbound.objects.order_by("received_at")
    assert [row.outcome for row in rows] == ["call", "call"]
    assert call.sid.encode() in bytes(rows[1].raw)
    assert not [row for row in rows if pin.encode() in bytes(row.raw)]
    assert rows[1].ticket == Ticket.objects.get()


def test_conversations_are_recorded_only_where_the_operator_says_so(
    call: Telephone, pin: str, settings: Any
) -> None:
    assert "record=" not in call.pin(pin).xml
    settings.HOTLINE_RECORDS = True
    other = Telephone(call.client)
    assert "recorded" in other.ring().words
    assert 'record="record-from-answer-dual"' in other.pin(pin).xml
