"""Which ticket a mail is about, by the Message-IDs it refers to."""

import uuid

import pytest
from django.conf import settings
from django.utils import timezone

from accounts import agenda
from accounts.models import Delivery
from tickets.intake import message_ids

pytestmark = pytest.mark.django_db


def _sent(subject: str) -> uuid.UUID:
    agenda.send(
        kind=Delivery.Kind.EMAIL,
        key=f"test:{subject}",
        channel="email",
        address="dev@starcast.example",
        subject=subject,
        payload={},
        due_at=timezone.now(),
        organization_id=None,
    )
    return Delivery.objects.get(key=f"test:{subject}").pk


def test_a_mail_of_ours_names_its_ticket() -> None:
    sent = message_ids.of_delivery(_sent("ticket/12"))
    assert message_ids.subject_referred_to(["<a@b>", sent]) == "ticket/12"


def test_the_conversation_itself_is_recognised() -> None:
    assert message_ids.subject_referred_to([message_ids.of_ticket(12)]) == "ticket/12"


def test_the_last_reference_of_ours_counts() -> None:
    sent = message_ids.of_delivery(_sent("ticket/12"))
    assert message_ids.subject_referred_to([message_ids.of_ticket(5), sent]) == "ticket/12"


def test_a_conversation_cannot_be_made_up() -> None:
    mac = message_ids.of_ticket(5).partition(".")[2]
    assert message_ids.subject_referred_to([f"<ticket-12.{mac}"]) == ""


@pytest.mark.parametrize(
    "reference",
    ["", "<>", f"<{'a' * 32}@elsewhere.example>", f"<{'0' * 32}@{settings.MAIL_DOMAIN}>"],
)
def test_anything_else_names_no_ticket(reference: str) -> None:
    assert message_ids.subject_referred_to([reference]) == ""


def test_a_mail_that_is_about_no_ticket_names_none() -> None:
    assert message_ids.subject_referred_to([message_ids.of_delivery(_sent("check/3"))]) == ""
