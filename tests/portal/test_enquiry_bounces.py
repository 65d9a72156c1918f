"""An answer to an enquiry that comes back is to be given again, and none is lost silently."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.models import Delivery, Event
from tests.mails import mail, received
from tests.portal.conftest import Clock
from tests.tickets.intake.test_automatic_mail import bounce
from tickets.intake.bounce_address import bounce_address
from tickets.models import BouncedAddress, Enquiry

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: SimpleNamespace, clock: Clock, browser_of: Any) -> Client:
    client: Client = browser_of(cast.engineer)
    return client


@pytest.fixture
def answered(desk: Client) -> Enquiry:
    received(mail("pia@new.example"))
    enquiry = Enquiry.objects.get()
    assert answer(desk, enquiry).status_code == 302
    return enquiry


def answer(desk: Client, enquiry: Enquiry) -> Any:
    return desk.post(f"/admin/enquiries/{enquiry.pk}/answer/", {"body": "See our pages."})


def comes_back(enquiry: Enquiry, **how: str) -> None:
    ours = Delivery.objects.get(key__startswith=f"enquiry:{enquiry.pk}:")
    received(bounce(enquiry.address, **how), bounce_address(ours.pk))


def test_an_answer_that_came_back_is_to_be_given_again(answered: Enquiry) -> None:
    comes_back(answered)
    answered.refresh_from_db()

    assert answered.state == Enquiry.State.OPEN
    assert Event.objects.about(answered.event_subject).filter(verb="enquiry.came_back").exists()


def test_one_that_is_only_late_stays_answered(answered: Enquiry) -> None:
    comes_back(answered, status="4.4.7", action="delayed")
    answered.refresh_from_db()

    assert answered.state == Enquiry.State.ANSWERED


def test_nothing_is_said_to_be_sent_where_nothing_is_sent(desk: Client, answered: Enquiry) -> None:
    comes_back(answered)
    refused = answer(desk, answered)

    assert refused.status_code == 422
    assert "came back, so none is sent there" in refused.content.decode()
    assert answered.messages.count() == 2

    fields = {"address": answered.address, "enquiry": str(answered.pk)}
    forgiven = desk.post("/admin/mail/bounces/forgive/", fields)
    assert forgiven["Location"] == f"/admin/enquiries/{answered.pk}/"
    assert not BouncedAddress.objects.exists()
    assert answer(desk, answered).status_code == 302
