"""Who is told of what by mail, and what the mail does not say."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress

from accounts import events
from accounts.models import Deadline, Delivery, Event, Membership
from accounts.viewer import SYSTEM, Viewer
from portal import notifications
from tests import factories
from tests.portal.conftest import Clock
from tickets import lifecycle, ownership, severity
from tickets.models import Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db

CANARY = "canary-7f3a"
HandleDue = Callable[[], None]


@pytest.fixture
def ticket(cast: SimpleNamespace, clock: Clock, handle_due: HandleDue) -> Ticket:
    """A normal ticket of StarCast's developer; the mails about its opening are gone."""
    made = factories.ticket(cast.developer)
    handle_due()
    Delivery.objects.all().delete()
    return made


def told(handle_due: HandleDue) -> list[str]:
    """Who gets a mail about what just happened."""
    handle_due()
    assert list(Deadline.objects.exclude(last_error="").values_list("last_error")) == []
    return sorted(Delivery.objects.filter(kind="email").values_list("address", flat=True))


def written() -> str:
    return str(list(Delivery.objects.values_list("payload", flat=True)))


def test_a_new_ticket_is_confirmed_to_its_reporter_and_told_to_the_engineer_on_duty(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    ticket = factories.ticket(cast.developer, body=f"Text {CANARY}")
    assert told(handle_due) == ["developer@starcast.example", "zhao@vigil.example"]
    mail = Delivery.objects.get(address="developer@starcast.example").payload
    assert mail["subject"] == "[STAR-1] Messages do not arrive"
    assert "by 2026-11-23 20:00" in mail["text"]  # Premium: 8 hours
    assert "On duty now: Zhao Min." in mail["text"]
    assert "does not count as the answer" in mail["text"]
    assert f"/tickets/{ticket.reference}/" in mail["text"]
    assert ticket.promises.get(kind="response").state == "running"


def test_about_an_urgent_ticket_the_engineer_is_rung_and_not_mailed(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    factories.ticket(cast.developer, severity=Severity.URGENT)
    assert told(handle_due) == ["developer@starcast.example"]
    assert Delivery.objects.filter(kind="page").count() == 1


def test_an_answer_goes_to_reporter_and_followers_with_what_was_written(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    ownership.follow(ticket=ticket, by=Viewer.of(cast.viewer), now=clock.now)
    lifecycle.reply(
        ticket=ticket, by=Viewer.of(cast.engineer), body="Use <b>5.2.3</b>.", now=clock.now
    )
    assert told(handle_due) == ["developer@starcast.example", "viewer@starcast.example"]
    mail = Delivery.objects.get(address="viewer@starcast.example").payload
    assert "Use <b>5.2.3</b>." in mail["text"]
    assert "Use &lt;b&gt;5.2.3&lt;/b&gt;." in mail["html"]


def test_the_customers_reply_goes_to_the_owner_else_to_whoever_is_on_duty(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.developer), body="Well?", now=clock.now)
    assert told(handle_due) == ["zhao@vigil.example"]
    Delivery.objects.all().delete()
    ownership.assign(
        ticket=ticket, by=Viewer.of(cast.lead), owner=cast.second, now=clock.forward(seconds=1)
    )
    assert told(handle_due) == ["li@vigil.example"]
    Delivery.objects.all().delete()
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.owner), body="Well?", now=clock.now)
    assert told(handle_due) == ["li@vigil.example"]


def test_nobody_is_told_what_they_did_themselves(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    ownership.assign(ticket=ticket, by=Viewer.of(cast.second), owner=cast.second, now=clock.now)
    lifecycle.close(ticket=ticket, by=Viewer.of(cast.developer), now=clock.now)
    assert told(handle_due) == ["li@vigil.example"]  # of the closing


def test_a_proposed_downgrade_is_put_to_the_customer(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.IMPORTANT)
    told(handle_due)
    Delivery.objects.all().delete()
    severity.change(
        ticket=ticket,
        by=Viewer.of(cast.engineer),
        to=Severity.NORMAL,
        reason="A workaround exists.",
        now=clock.now,
    )
    assert told(handle_due) == ["developer@starcast.example"]
    assert "It changes only if you agree." in written()


def test_solved_by_one_side_is_told_to_the_other(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    staff = Viewer.of(cast.engineer)
    lifecycle.reply(ticket=ticket, by=staff, body="Do this.", now=clock.now)
    told(handle_due)
    Delivery.objects.all().delete()
    lifecycle.resolve(ticket=ticket, by=staff, now=clock.now)
    assert told(handle_due) == ["developer@starcast.example"]
    assert "Zhao Min says this is solved." in written()


def test_whoever_left_the_organization_hears_nothing_more(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    ownership.follow(ticket=ticket, by=Viewer.of(cast.viewer), now=clock.now)
    Membership.objects.filter(user__in=[cast.viewer, cast.developer]).delete()
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Found it.", now=clock.now)
    assert told(handle_due) == []


def test_nothing_is_sent_to_an_address_nobody_has_proven(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    """Abuse case 23: no attacker's text reaches a victim's address."""
    EmailAddress.objects.filter(user=cast.developer).update(verified=False)
    factories.ticket(cast.developer, subject="Buy at evil.example", body="evil.example")
    assert told(handle_due) == ["zhao@vigil.example"]
    cast.developer.email = "victim@elsewhere.example"  # changed, and the new one not yet proven
    cast.developer.save()
    EmailAddress.objects.filter(user=cast.developer).update(verified=True)
    factories.ticket(cast.developer, subject="Buy at evil.example")
    assert "victim@elsewhere.example" not in told(handle_due)


def test_a_confirmation_repeats_nothing_of_the_text(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    """Abuse case 23."""
    factories.ticket(cast.developer, body=f"Text {CANARY}")
    told(handle_due)
    assert CANARY not in written()


def test_a_note_appears_in_no_mail_and_sends_none(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    """Abuse cases 15 and 17: not even one that mentions a customer."""
    lifecycle.add_note(
        ticket=ticket,
        by=Viewer.of(cast.engineer),
        body=f"@developer@starcast.example {CANARY}",
        now=clock.now,
    )
    assert told(handle_due) == []
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Hello.", now=clock.now)
    assert told(handle_due) == ["developer@starcast.example"]
    assert CANARY not in written()


def test_even_an_event_that_names_a_note_quotes_nothing_of_it(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock
) -> None:
    """Abuse case 15, around the verbs: the log says "reply" and points to a note."""
    note = lifecycle.add_note(
        ticket=ticket, by=Viewer.of(cast.engineer), body=CANARY, now=clock.now
    )
    forged = events.record(
        verb="ticket.replied",
        subject=ticket.event_subject,
        by=SYSTEM,
        at=clock.now,
        organization_id=ticket.organization_id,
        entry=note.pk,
    )
    notifications.announce(forged, now=clock.now)
    assert Delivery.objects.exists()
    assert CANARY not in written()


def test_an_internal_event_is_told_to_nobody(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock
) -> None:
    internal = events.record(
        verb="ticket.replied",
        subject=ticket.event_subject,
        by=SYSTEM,
        at=clock.now,
        organization_id=ticket.organization_id,
        internal=True,
    )
    notifications.announce(internal, now=clock.now)
    assert not Delivery.objects.exists()


def test_telling_an_event_twice_sends_one_mail_each(
    cast: SimpleNamespace, ticket: Ticket, clock: Clock, handle_due: HandleDue
) -> None:
    lifecycle.reply(ticket=ticket, by=Viewer.of(cast.engineer), body="Hello.", now=clock.now)
    handle_due()
    notifications.announce(Event.objects.get(verb="ticket.replied"), now=clock.now)
    assert Delivery.objects.count() == 1


def test_names_and_subjects_add_nothing_to_a_mail(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue, send_due: Callable[[], int]
) -> None:
    """Abuse case 25."""
    from django.core import mail

    cast.developer.name = "Bob\r\nBcc: victim@example.com <b>x</b>"
    cast.developer.save()
    factories.ticket(cast.developer, subject="Down \u202e Bcc: victim@example.com <script>")
    handle_due()
    send_due()
    for message in mail.outbox:
        assert message.recipients() == message.to
        assert len(message.to) == 1
        head, _blank, _body = message.message().as_bytes().partition(b"\n\n")
        assert b"\nBcc" not in head
        html = message.alternatives[0].content
        assert "<script>" not in html
        assert "<b>x</b>" not in html
    assert len(mail.outbox) == 2


def test_each_reader_gets_their_own_language_and_time_zone(
    cast: SimpleNamespace, clock: Clock, handle_due: HandleDue
) -> None:
    cast.developer.language, cast.developer.time_zone = "zh-hans", "Asia/Shanghai"
    cast.developer.save()
    factories.ticket(cast.developer)
    handle_due()
    mail = Delivery.objects.get(address="developer@starcast.example").payload
    assert '<html lang="zh-hans">' in mail["html"]
    assert "2026-11-24 04:00 CST" in mail["text"]
