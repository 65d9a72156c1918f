"""Abuse case 23: a victim's address typed in a thousand times: few mails, nothing echoed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from accounts import invitations, mail_limits
from accounts.mail_limits import MOST, Purpose
from accounts.models import Deadline, Delivery
from accounts.viewer import Viewer
from tests.cast import LoginClient
from tickets import enquiries
from tickets.models import Enquiry

pytestmark = pytest.mark.django_db
VICTIM = "victim@elsewhere.example"
LURE = "Win at evil.example"
Turn = Callable[[], Any]


def asked(clock: Any, address: str = VICTIM) -> None:
    enquiries.open_enquiry(
        channel=Enquiry.Channel.EMAIL,
        name=LURE,
        address=address,
        subject=LURE,
        body=f"{LURE} http://evil.example/",
        now=clock.now,
    )


def everything_sent() -> str:
    return "".join(one.message().as_string() + str(one.body) for one in mail.outbox)


def test_a_thousand_enquiries_bring_one_answer_that_repeats_nothing(
    clock: Any, handle_due: Turn, send_due: Turn
) -> None:
    for number in range(1000):
        asked(clock, VICTIM if number % 2 else f"Victim+{number}@elsewhere.example")
    Deadline.objects.exclude(kind=enquiries.CONFIRM).delete()
    handle_due()
    send_due()
    assert len(mail.outbox) == 1
    sent = mail.outbox[0].message()
    assert (sent["Auto-Submitted"], sent["Precedence"]) == ("auto-replied", "bulk")
    assert "evil" not in everything_sent()
    assert "Win" not in everything_sent()


def test_the_next_answer_goes_out_24_hours_later(
    clock: Any, handle_due: Turn, send_due: Turn
) -> None:
    for hours in (0, 23, 0.9, 0.2):
        clock.now += dt.timedelta(hours=hours)
        asked(clock)
        handle_due()
        send_due()
    assert len(mail.outbox) == 2  # the first, and the one after 24.1 hours


def test_somebody_else_is_answered_all_the_same(
    clock: Any, handle_due: Turn, send_due: Turn
) -> None:
    asked(clock)
    asked(clock, "other@elsewhere.example")
    handle_due()
    send_due()
    assert len(mail.outbox) == 2


def test_signing_up_with_a_victims_address_sends_no_name_anybody_typed(
    clock: Any, send_due: Turn, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    form = {"email": VICTIM, "name": LURE, "password1": "correct horse battery 7"}
    for _ in range(8):
        LoginClient().post("/accounts/signup/", form | {"password2": form["password1"]})
    for _ in range(8):
        LoginClient().post("/accounts/password/reset/", {"email": "stranger@elsewhere.example"})
    send_due()
    assert 1 <= len([one for one in mail.outbox if one.to == [VICTIM]]) <= 3
    assert len([one for one in mail.outbox if one.to != [VICTIM]]) <= 3
    assert "evil" not in everything_sent()


def test_an_invitation_holds_no_link_but_ours(
    cast: SimpleNamespace, clock: Any, send_due: Turn
) -> None:
    cast.owner.name = "Win at https://evil.example/x now"
    cast.owner.save()
    cast.star.name = "www.evil.example"
    cast.star.save()
    invitations.invite(
        organization=cast.star,
        by=Viewer.of(cast.owner),
        email=VICTIM,
        role="viewer",
        now=clock.now,
    )
    send_due()
    assert len(mail.outbox) == 1
    assert "evil.example" not in everything_sent()
    assert "//evil" not in everything_sent()


@pytest.mark.parametrize("purpose", MOST)
def test_no_kind_of_mail_exceeds_its_number_for_one_mailbox(
    clock: Any, send_due: Turn, purpose: Purpose
) -> None:
    for number in range(40):
        Delivery.objects.create(
            kind=Delivery.Kind.EMAIL,
            key=mail_limits.key(purpose, f"victim+{number}@elsewhere.example"),
            subject="person/unknown",
            channel="email",
            address=VICTIM,
            payload={"subject": "Hello", "text": "Hello.", "language": "en"},
            due_at=clock.now,
            claimable_at=clock.now,
        )
    send_due()
    assert len(mail.outbox) == MOST[purpose]
    assert Delivery.objects.exclude(cancelled_at=None).count() == 40 - MOST[purpose]


def test_a_key_does_not_tell_the_address() -> None:
    assert "victim" not in mail_limits.key(Purpose.ANSWER, VICTIM)
