"""Who may speak in a ticket by mail, and what becomes of all the others."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from accounts.models import Membership
from tests import factories
from tests.mails import OURS, URGENT, became, mail, received
from tickets.intake import message_ids
from tickets.intake.reply_address import reply_address
from tickets.models import Enquiry, Entry, Inbound, Ticket

Outcome = Inbound.Outcome


@pytest.fixture(autouse=True)
def _our_server_checks(settings: Any) -> None:
    settings.MAIL_PROOF, settings.MAIL_AUTHSERV_IDS = "authserv", frozenset({OURS})


def test_a_member_opens_a_normal_ticket(cast: SimpleNamespace) -> None:
    row = received(mail(subject="Re: 转发: It is slow", body="Slow since noon.\n\n> old"))
    ticket = Ticket.objects.get()
    assert became(row) == (Outcome.OPENED, "")
    assert (ticket.subject, ticket.severity, ticket.channel) == ("It is slow", "normal", "email")
    assert (ticket.reporter, ticket.product, ticket.platform) == (cast.developer, None, "")
    entry = Entry.objects.get()
    assert (entry.body, entry.folded) == ("Slow since noon.", "> old")
    assert (row.ticket, row.entry) == (ticket, entry)


def test_a_mail_to_the_plans_urgent_address_opens_an_urgent_ticket(cast: SimpleNamespace) -> None:
    received(mail(to=URGENT), URGENT)
    assert Ticket.objects.get().severity == "urgent"


def test_the_urgent_address_of_another_plan_is_normal_and_says_so(cast: SimpleNamespace) -> None:
    row = received(mail("owner@brightclass.example", to=URGENT), URGENT)
    assert Ticket.objects.get().severity == "normal"
    assert row.data["remark"] == "urgent-elsewhere"


def test_a_plan_without_mail_loses_nothing(cast: SimpleNamespace) -> None:
    trial = factories.organization("Trial", plan="trial")
    factories.member(trial, email="me@trial.example")
    row = received(mail("me@trial.example"))
    assert (row.outcome, row.data["remark"]) == (Outcome.OPENED, "no-mail-plan")


def test_a_reply_address_lets_its_person_reply(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    to = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
    row = received(mail(to=to, body="Now it works."), to)
    assert became(row) == (Outcome.REPLIED, "")
    assert ticket.entries.order_by("pk").last().body == "Now it works."
    assert row.entry.author == cast.developer


def test_an_engineers_reply_by_mail_stops_the_response_clock(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    to = reply_address(ticket_id=ticket.pk, user_id=cast.engineer.pk)
    received(mail("zhao@vigil.example", to=to, body="I look at it."), to)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.owner) == ("open", cast.engineer)
    assert ticket.promises.get(kind="response").state == "met"


def test_staff_without_a_reply_address_do_not_speak(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    row = received(mail("zhao@vigil.example", In_Reply_To=message_ids.of_ticket(ticket.pk)))
    assert became(row) == (Outcome.QUARANTINED, "staff")
    assert Entry.objects.count() == 1
    assert became(received(mail("zhao@vigil.example"))) == (Outcome.QUARANTINED, "staff")


def test_a_member_may_reply_by_referring_to_a_mail_of_ours(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    row = received(mail("owner@starcast.example", References=message_ids.of_ticket(ticket.pk)))
    assert (row.outcome, row.ticket, row.entry.author) == (Outcome.REPLIED, ticket, cast.owner)


@pytest.mark.parametrize(
    ("sender", "proven", "reason"),
    [
        ("developer@starcast.example", False, "unproven"),
        ("owner@brightclass.example", True, "stranger"),
        ("nobody@elsewhere.example", True, "stranger"),
        ("viewer@starcast.example", True, "may-not-write"),
        ("former@starcast.example", True, "stranger"),
    ],
)
def test_whoever_else_answers_is_at_most_proposed(
    cast: SimpleNamespace, sender: str, proven: bool, reason: str
) -> None:
    ticket = factories.ticket(cast.developer)
    row = received(mail(sender, proven=proven, References=message_ids.of_ticket(ticket.pk)))
    assert became(row) == (Outcome.QUARANTINED, reason)
    assert row.data["proposed_ticket"] == ticket.pk
    assert row.ticket is None
    assert Entry.objects.count() == 1


def test_a_reply_address_is_of_no_use_to_anybody_else(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    to = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
    for sender in ("owner@starcast.example", "owner@brightclass.example", "x@elsewhere.example"):
        assert became(received(mail(sender, to=to), to)) == (Outcome.QUARANTINED, "other-person")
    assert became(received(mail(to=to, proven=False), to)) == (Outcome.QUARANTINED, "unproven")
    assert Entry.objects.count() == 1


def test_who_was_removed_no_longer_replies(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    to = reply_address(ticket_id=ticket.pk, user_id=cast.developer.pk)
    Membership.objects.filter(user=cast.developer).delete()
    assert became(received(mail(to=to), to)) == (Outcome.QUARANTINED, "may-not-write")


def test_a_reply_to_a_closed_ticket_opens_a_new_one(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    Ticket.objects.filter(pk=ticket.pk).update(state="closed")
    row = received(mail(References=message_ids.of_ticket(ticket.pk)))
    assert (row.outcome, row.data["remark"]) == (Outcome.OPENED, "follows-closed")
    assert row.ticket != ticket


def test_a_reply_to_the_urgent_address_makes_the_ticket_urgent(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    received(mail(to=URGENT, References=message_ids.of_ticket(ticket.pk)), URGENT)
    ticket.refresh_from_db()
    assert ticket.severity == "urgent"


def test_nobody_guesses_which_of_two_organizations_is_meant(cast: SimpleNamespace) -> None:
    Membership.objects.create(organization=cast.bright, user=cast.developer, role="developer")
    assert became(received(mail())) == (Outcome.QUARANTINED, "several")
    row = received(mail(to=URGENT), URGENT)  # only one of the two has a plan with that address
    assert (row.outcome, row.organization) == (Outcome.OPENED, cast.star)


def test_an_unknown_sender_becomes_an_enquiry_and_nobody(cast: SimpleNamespace) -> None:
    from accounts.models import User

    before = User.objects.count()
    row = received(mail("Pia Prospect <pia@new.example>", subject="Prices?", body="How much?"))
    found = Enquiry.objects.get()
    assert (row.outcome, row.data["enquiry"]) == (Outcome.ENQUIRY, found.pk)
    assert (found.name, found.address, found.subject) == (
        "Pia Prospect",
        "pia@new.example",
        "Prices?",
    )
    assert found.messages.get().body == "How much?"
    assert (User.objects.count(), Ticket.objects.count()) == (before, 0)


def test_an_enquiry_goes_on_with_its_own_answers(cast: SimpleNamespace) -> None:
    received(mail("pia@new.example", subject="Prices?"))
    received(mail("pia@new.example", subject="Re: Prices?", body="And for ten?"))
    received(mail("other@new.example", subject="Prices?"))
    first = Enquiry.objects.get(address="pia@new.example")
    assert [one.body for one in first.messages.all()][1] == "And for ten?"
    assert Enquiry.objects.count() == 2


def test_a_flood_waits_but_the_urgent_one_does_not(cast: SimpleNamespace, settings: Any) -> None:
    settings.MAIL_HOURLY = 3
    rows = [received(mail(subject=f"No {number}")) for number in range(5)]
    assert [row.reason for row in rows] == ["", "", "", "flood", "flood"]
    assert received(mail(to=URGENT), URGENT).outcome == Outcome.OPENED
    assert received(mail(to=URGENT, proven=False), URGENT).reason == "flood"


def test_an_urgent_mail_that_cannot_be_believed_rings_who_is_on_duty(
    cast: SimpleNamespace,
) -> None:
    from accounts.models import Delivery

    for _number in range(3):
        row = received(mail(to=URGENT, proven=False), URGENT)
    assert became(row) == (Outcome.QUARANTINED, "unproven")
    rung = Delivery.objects.get(kind=Delivery.Kind.PAGE)  # once an hour, not for each
    assert rung.address == cast.engineer.email
    assert str(row.pk) not in rung.payload["text"]
