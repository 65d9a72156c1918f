"""6. The hotline with B's name, or a spoofed caller id → unmatched, nothing disclosed."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import hotline_pins
from accounts.models import Delivery, HotlinePin
from accounts.viewer import Viewer
from tests import factories, telephone
from tests.factories import NOON
from tests.telephone import Heard, Telephone
from tickets.hotline.pin_tries import CALLER_LIMIT, TOTAL_LIMIT
from tickets.models import Call, Enquiry, Escalation, Ticket

pytestmark = pytest.mark.django_db
WRONG = "00000000"


@pytest.fixture
def pin(cast: SimpleNamespace, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    telephone.set_up(settings)
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: NOON)
    monkeypatch.setattr("secrets.randbelow", lambda limit: 12345678)
    return hotline_pins.rotate(by=Viewer.of(cast.owner), organization=cast.star, now=NOON)


def leave_message(call: Telephone, heard: Heard) -> Heard:
    return call.say(
        heard.action("Record"), RecordingSid=telephone.sid("RE"), RecordingDuration="31"
    )


def fail(client: Any, caller: str, tries: int = 3) -> Heard:
    call = Telephone(client, caller=caller)
    heard = call.ring()
    for number in range(1, tries + 1):
        heard = call.pin(WRONG, number)
    return heard


def test_the_caller_id_of_a_member_opens_nothing(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    first = Telephone(client, caller="+8613911111111")
    first.pin(pin)
    spoofed = Telephone(client, caller="+8613911111111")
    heard = spoofed.ring()
    assert "StarCast" not in heard.xml
    assert heard.action() == "/hotline/call/pin/1/", "the PIN, like everybody"
    assert Ticket.objects.count() == 1


def test_naming_a_customer_in_the_webhook_says_nothing(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    call = Telephone(client)
    names = {"organization": str(cast.star.pk), "customer_id": "STAR", "Digits": WRONG}
    heard = call.say("/hotline/call/pin/1/", **names)
    assert "not known" in heard.words
    assert Call.objects.get().organization is None


def test_three_wrong_pins_come_to_the_voicemail_and_open_no_ticket(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    call = Telephone(client)
    assert call.ring().verbs == ["Gather"]
    for number in (1, 2):
        heard = call.pin(WRONG, number)
        assert heard.action() == f"/hotline/call/pin/{number + 1}/"
    heard = call.pin(WRONG, 3)
    assert heard.verbs == ["Say", "Record"]
    said = leave_message(call, heard)
    assert "StarCast" not in heard.xml + said.xml
    assert "STAR" not in heard.xml + said.xml
    assert not Ticket.objects.exists()
    assert not Escalation.objects.exists()
    enquiry = Enquiry.objects.get()
    assert (enquiry.channel, enquiry.address) == ("phone", telephone.CALLER)


def test_the_message_of_an_unknown_caller_tells_whoever_is_on_duty(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    call = Telephone(client)
    leave_message(call, call.pin(WRONG, 3))
    page = Delivery.objects.get(kind=Delivery.Kind.PAGE)
    assert page.address == cast.engineer.email


def test_callers_who_guess_cannot_keep_an_engineer_awake(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    for number in range(10):
        for _again in range(2):
            call = Telephone(client, caller=f"+86139000000{number:02d}")
            leave_message(call, call.pin(WRONG, 3))
    assert Enquiry.objects.count() == 20, "nothing is lost"
    assert Delivery.objects.filter(kind=Delivery.Kind.PAGE).count() == 6


def test_a_number_that_guessed_is_locked_even_with_the_right_pin(
    client: Any, cast: SimpleNamespace, pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _call in range(CALLER_LIMIT // 3):
        fail(client, "+8613900000009")
    locked, wrong = Telephone(client, caller="+8613900000009"), Telephone(client)
    assert locked.pin(pin).xml == wrong.pin(WRONG).xml, "answered like any wrong one"
    assert not Ticket.objects.exists()
    honest = Telephone(client, caller="+8613900000010")
    honest.pin(pin)
    assert Ticket.objects.count() == 1
    later = NOON + dt.timedelta(hours=1, seconds=1)
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: later)
    Telephone(client, caller="+8613900000009").pin(pin)
    assert Ticket.objects.count() == 2, "an hour later it counts again"


def test_a_right_pin_under_the_lock_rings_somebody_and_sounds_like_a_wrong_one(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    for _call in range(CALLER_LIMIT // 3):
        fail(client, "+8613900000009")
    leave_message(Telephone(client, caller="+8613900000009"), fail(client, "+8613900000009"))
    Delivery.objects.filter(kind=Delivery.Kind.PAGE).update(subject="call/before")
    wrong = Telephone(client, caller="+8613900000009")
    said = leave_message(wrong, wrong.pin(WRONG, 3))
    pages = Delivery.objects.filter(kind=Delivery.Kind.PAGE).exclude(subject="call/before")
    assert not pages.exists(), "rung once an hour for a number"
    assert "is told" not in said.words
    locked = Telephone(client, caller="+8613900000009")
    heard = locked.pin(pin)
    assert heard.xml == Telephone(client, caller="+8613900000010").pin(WRONG).xml
    assert leave_message(locked, locked.pin(WRONG, 3)).xml == said.xml
    assert pages.get().address == cast.engineer.email
    assert "StarCast" in pages.get().payload["text"]
    assert "StarCast" in Enquiry.objects.latest("pk").messages.latest("pk").body
    assert not Ticket.objects.exists()


def test_a_right_pin_under_the_lock_takes_its_turn_like_a_wrong_one(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    for _call in range(CALLER_LIMIT // 3):
        fail(client, "+8613900000009")
    locked = Telephone(client, caller="+8613900000009")
    assert "is told" in leave_message(locked, locked.pin(pin, 3)).words
    told = []
    for number in range(10, 16):
        call = Telephone(client, caller=f"+86139000000{number}")
        told.append("is told" in leave_message(call, call.pin(WRONG, 3)).words)
    assert told == [True] * 5 + [False], "it was the first of six, as a wrong one would have been"


def test_nobody_hears_that_somebody_is_told_where_nobody_is(
    client: Any, cast: SimpleNamespace, pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = Telephone(client)
    heard = call.pin(WRONG, 3)
    assert "is told" not in heard.words
    silent = call.say(
        heard.action("Record"), RecordingSid=telephone.sid("RE"), RecordingDuration="0"
    )
    assert "Thank you" not in silent.words
    monkeypatch.setattr("tickets.oncall.duty.now_on_duty", lambda now, teams: [])
    monkeypatch.setattr("tickets.oncall.duty.leads", lambda team: [])
    again = Telephone(client, caller="+8613900000011")
    said = leave_message(again, again.pin(WRONG, 3))
    assert "is told" not in said.words
    assert "Your message is kept" in said.words


def test_guessing_from_many_numbers_slows_everybody_down_and_locks_nobody_out(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    for number in range(TOTAL_LIMIT // 3):
        fail(client, f"+86139{number:08d}")
    call = Telephone(client, caller="+8613988888888")
    assert call.pin(WRONG).verbs == ["Say", "Record"], "one try a call"
    honest = Telephone(client, caller="+8613977777777")
    honest.pin(pin)
    assert Ticket.objects.count() == 1


def test_withheld_numbers_do_not_lock_each_other_out(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    for _call in range(CALLER_LIMIT // 3 + 1):
        fail(client, "+266696687")
    Telephone(client, caller="+266696687").pin(pin)
    assert Ticket.objects.count() == 1


def test_the_pin_of_one_customer_opens_nothing_for_another(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    other = factories.organization("Other", key="OTHER")
    factories.member(other, name="Oskar")
    Telephone(client).pin(pin)
    assert Ticket.objects.get().organization == cast.star


def test_a_plan_without_hotline_is_told_so_and_becomes_an_enquiry(
    client: Any, cast: SimpleNamespace, pin: str
) -> None:
    cast.star.plan = "standard"
    cast.star.save()
    call = Telephone(client)
    heard = call.pin(pin)
    assert "plan has no hotline" in heard.words
    leave_message(call, heard)
    assert not Ticket.objects.exists()
    assert Enquiry.objects.count() == 1


def test_only_a_keyed_digest_of_the_pin_is_kept(cast: SimpleNamespace, pin: str) -> None:
    row = HotlinePin.objects.get()
    assert pin not in str(vars(row))
    assert len(row.digest) == 64


def test_a_rotated_pin_is_dead_at_once(
    client: Any, cast: SimpleNamespace, pin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda limit: 87654321)
    fresh = hotline_pins.rotate(by=Viewer.of(cast.owner), organization=cast.star, now=NOON)
    assert fresh == "87654321"
    assert "not known" in Telephone(client).pin(pin).words
    assert Telephone(client).pin(fresh)
    assert Ticket.objects.count() == 1
