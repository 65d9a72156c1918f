"""Quarantine and enquiries in the workspace, as people of staff use them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.models import Deadline, Delivery, Event
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.mails import OURS, URGENT, mail, received
from tickets import enquiries, mail_mutes
from tickets.intake import message_ids
from tickets.intake.mail.parsed import Problem
from tickets.intake.reasons import ODDITIES
from tickets.models import BouncedAddress, Enquiry, Entry, Inbound, Ticket


@pytest.fixture(autouse=True)
def _our_server_checks(settings: Any) -> None:
    settings.MAIL_PROOF, settings.MAIL_AUTHSERV_IDS = "authserv", frozenset({OURS})


@pytest.fixture
def desk(cast: SimpleNamespace, browser_of: Any) -> Client:
    client: Client = browser_of(cast.engineer)
    return client


def held(ticket: Ticket, **more: Any) -> Inbound:
    return received(
        mail(proven=False, References=message_ids.of_ticket(ticket.pk), body="It is me.", **more)
    )


def test_the_quarantine_says_why(cast: SimpleNamespace, desk: Client) -> None:
    row = held(factories.ticket(cast.developer))
    page = desk.get("/admin/mail/").content.decode()
    assert "The sender could not be proven" in page
    assert f"/admin/mail/{row.pk}/" in page
    whole = desk.get(f"/admin/mail/{row.pk}/").content.decode()
    assert "It names STAR-1" in whole
    assert "dmarc=fail" in whole


def test_it_becomes_the_members_words_once_somebody_made_sure(
    cast: SimpleNamespace, desk: Client
) -> None:
    ticket = factories.ticket(cast.developer)
    row = held(ticket, files=(("app.log", b"E/IMCore"),))
    address = f"/admin/mail/{row.pk}/comment/"
    form = {"ticket": ticket.reference, "person": cast.developer.email}
    assert desk.post(address, form).status_code == 422
    assert Entry.objects.count() == 1
    desk.post(address, form | {"confirm": "on"})
    entry = Entry.objects.latest("pk")
    assert (entry.author, entry.body, entry.channel) == (cast.developer, "It is me.", "email")
    assert entry.attachments.get().name == "app.log"
    event = Event.objects.get(verb="mail.released")
    assert (event.actor, event.internal, event.data["what"]) == (cast.engineer, True, "comment")
    row.refresh_from_db()
    assert (row.outcome, row.ticket, row.entry) == ("replied", ticket, entry)
    again = desk.post(address, form | {"confirm": "on"}, follow=True)
    assert "no longer in quarantine" in again.content.decode()
    assert Entry.objects.count() == 2


def test_it_becomes_a_ticket_of_the_member(cast: SimpleNamespace, desk: Client) -> None:
    row = received(mail(to=URGENT, proven=False), URGENT)
    form = {"person": cast.developer.email, "organization": "star", "severity": "urgent"}
    desk.post(f"/admin/mail/{row.pk}/open/", form | {"confirm": "on"})
    assert Ticket.objects.get().severity == "urgent"


def test_it_becomes_a_note_or_nothing_or_an_enquiry(cast: SimpleNamespace, desk: Client) -> None:
    ticket = factories.ticket(cast.developer)
    rows = [held(ticket, subject=str(number)) for number in range(3)]
    desk.post(f"/admin/mail/{rows[0].pk}/note/", {"ticket": ticket.reference})
    desk.post(f"/admin/mail/{rows[1].pk}/discard/")
    desk.post(f"/admin/mail/{rows[2].pk}/enquiry/")
    note = Entry.objects.latest("pk")
    assert (note.kind, note.author) == ("note", cast.engineer)
    assert note.body.startswith("A mail that says it is from developer@starcast.example:")
    for row in rows:
        row.refresh_from_db()
    assert [row.outcome for row in rows] == ["automatic", "discarded", "enquiry"]
    assert Enquiry.objects.get().messages.get().body == "It is me."


def test_trying_again_looks_anew(cast: SimpleNamespace, desk: Client, settings: Any) -> None:
    from portal.mail_in import understanding

    row = held(factories.ticket(cast.developer))
    settings.MAIL_PROOF = "none"  # what was wrong is put right
    desk.post(f"/admin/mail/{row.pk}/replay/")
    understanding.handle_some()
    row.refresh_from_db()
    assert row.outcome == "replied"


def test_what_was_taken_for_a_machines_is_never_lost(cast: SimpleNamespace, desk: Client) -> None:
    row = received(mail(subject="Out of office", body="I am away.", In_Reply_To="<1@x.example>"))
    path = f"/admin/mail/{row.pk}/"
    page = desk.get(path).content.decode()
    assert row.outcome == "automatic"
    assert "A machine seems to have written it" in page
    assert f'value="{cast.developer.email}"' in page
    desk.post(f"{path}replay/")
    row.refresh_from_db()
    assert (row.outcome, row.handled_at, row.data["replayed"]) == ("", None, 1)


def test_what_was_taken_for_a_machines_becomes_what_a_person_says(
    cast: SimpleNamespace, desk: Client
) -> None:
    ticket = factories.ticket(cast.developer)
    rows = [
        received(
            mail(subject=f"Out of office {number}", body="Away.", Auto_Submitted="auto-replied")
        )
        for number in range(3)
    ]
    member = {"person": cast.developer.email, "confirm": "on"}
    opened = {"organization": "star", "severity": "normal"}
    desk.post(f"/admin/mail/{rows[0].pk}/open/", member | opened)
    desk.post(f"/admin/mail/{rows[1].pk}/note/", {"ticket": ticket.reference})
    desk.post(f"/admin/mail/{rows[2].pk}/enquiry/")
    for row in rows:
        row.refresh_from_db()
    assert [row.outcome for row in rows] == ["opened", "automatic", "enquiry"]
    assert not Deadline.objects.filter(kind__contains="enquiry").exists(), "it is not answered"
    again = desk.post(f"/admin/mail/{rows[1].pk}/discard/", follow=True).content.decode()
    assert "no longer in quarantine" in again, "a note was made of it"
    assert "A machine seems to have written it" not in again


def test_the_mail_is_one_click_from_the_ticket(cast: SimpleNamespace, desk: Client) -> None:
    raw = mail(body="Slow since noon.\n\nOn Monday Zhao wrote:\n> Try this.")
    row = received(raw)
    page = desk.get(f"/admin/ticket/{row.ticket.reference}/").content.decode()
    assert f"/admin/mail/{row.pk}/" in page
    assert '<details class="folded">' in page
    answer = desk.get(f"/admin/mail/{row.pk}/download/")
    assert b"".join(answer) == raw  # type: ignore[arg-type]
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_customer_sees_the_rest_of_their_mail_and_no_more(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    row = received(mail(body="Slow.\n\nOn Monday Zhao wrote:\n> Try this."))
    page = browser_of(cast.owner).get(f"/tickets/{row.ticket.reference}/").content.decode()
    assert '<details class="folded">' in page
    assert "/admin/" not in page


def test_an_enquiry_is_answered_by_mail(cast: SimpleNamespace, desk: Client) -> None:
    received(mail("pia@new.example", subject="Prices?", message_id="<p1@new.example>"))
    enquiry = Enquiry.objects.get()
    assert "Prices?" in desk.get("/admin/enquiries/").content.decode()
    desk.post(f"/admin/enquiries/{enquiry.pk}/answer/", {"body": "It depends."})
    sent = Delivery.objects.get(kind=Delivery.Kind.EMAIL)
    assert (sent.address, sent.payload["follows"]) == ("pia@new.example", "<p1@new.example>")
    assert sent.payload["text"].startswith("It depends.")
    reference = message_ids.of_delivery(sent.pk)
    received(mail("pia@new.example", subject="Another subject", In_Reply_To=reference))
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.messages.count()) == ("open", 3)


def test_an_enquiry_ends_as_spam_and_stays_so(cast: SimpleNamespace, desk: Client) -> None:
    received(mail("spam@new.example", subject="Win"))
    enquiry = Enquiry.objects.get()
    desk.post(f"/admin/enquiries/{enquiry.pk}/close/", {"as": "spam"})
    received(mail("spam@new.example", subject="Win again"))
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.messages.count()) == ("spam", 2)


def test_an_enquiry_is_linked_to_a_ticket_the_customer_sees_nothing_of(
    cast: SimpleNamespace, desk: Client, browser_of: Any
) -> None:
    ticket = factories.ticket(cast.developer)
    received(mail("pia@new.example", subject="Prices?"))
    enquiry = Enquiry.objects.get()
    desk.post(f"/admin/enquiries/{enquiry.pk}/link/", {"ticket": ticket.reference})
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.ticket, enquiry.organization) == ("linked", ticket, cast.star)
    page = browser_of(cast.owner).get(f"/tickets/{ticket.reference}/").content.decode()
    assert "enquiry" not in page


def test_what_was_odd_about_a_mail_is_said_in_sentences(desk: Client) -> None:
    row = received(b"From: pia@new.example\n\nN\x00UL")
    assert set(row.data["problems"]) >= {"no_message_id", "no_date", "nul_bytes"}
    page = desk.get(f"/admin/mail/{row.pk}/").content.decode()
    for sentence in ("It has no Message-ID.", "It has no date.", "There are NUL bytes in it."):
        assert sentence in page
    assert "nul_bytes" not in page


def test_each_oddity_has_a_sentence() -> None:
    assert set(ODDITIES) == set(Problem)


def test_the_ticket_says_that_its_reporter_gets_no_mails(
    cast: SimpleNamespace, desk: Client
) -> None:
    ticket = factories.ticket(cast.developer)
    said = "gets no mails about this ticket"
    path = f"/admin/ticket/{ticket.reference}/"
    mail_mutes.mute(ticket=ticket, by=Viewer.of(cast.owner), now=NOON)
    assert said not in desk.get(path).content.decode(), "somebody else muted theirs"
    mail_mutes.mute(ticket=ticket, by=Viewer.of(cast.developer), now=NOON)
    assert said in desk.get(path).content.decode()
    mail_mutes.unmute(ticket=ticket, by=Viewer.of(cast.developer), now=NOON)
    assert said not in desk.get(path).content.decode()


def test_files_stand_in_the_order_of_the_mail(cast: SimpleNamespace, desk: Client) -> None:
    names = [f"{number}.log" for number in (7, 3, 9, 1, 8, 2)]
    row = received(mail(files=tuple((name, b"x") for name in names)))
    assert row.entry is not None
    assert [one.name for one in row.entry.attachments.all()] == names


def test_who_was_not_checked_is_not_called_disproven(
    cast: SimpleNamespace, desk: Client, settings: Any
) -> None:
    settings.MAIL_PROOF = "none"
    page = desk.get(f"/admin/mail/{received(mail()).pk}/").content.decode()
    assert "not checked" in page.partition("Sender proven")[2][:400]
    assert "no</span>" not in page


def test_a_mail_from_nobody_says_so(desk: Client) -> None:
    row = received(mail("", proven=None))
    for address in ("/admin/mail/", f"/admin/mail/{row.pk}/"):
        assert "(no sender)" in desk.get(address).content.decode()


def test_the_tabs_count_what_waits_and_all_mail_leads_on(desk: Client) -> None:
    received(mail("", proven=None))
    for name in ("pia", "ida"):
        received(mail(f"{name}@new.example"))
    page = desk.get("/admin/mail/?view=all").content.decode()
    tabs = page.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    assert [tabs.count(f'workspace-count">{number}<') for number in (1, 2)] == [1, 1]
    for enquiry in Enquiry.objects.all():
        assert f'href="/admin/enquiries/{enquiry.pk}/">an enquiry</a>' in page


def test_an_enquiry_that_came_back_is_tried_again_from_the_sentence_that_says_so(
    desk: Client,
) -> None:
    received(mail("pia@new.example"))
    enquiry = Enquiry.objects.get()
    BouncedAddress.objects.create(
        address="pia@new.example", is_permanent=True, first_at=NOON, last_at=NOON
    )
    page = desk.get(f"/admin/enquiries/{enquiry.pk}/").content.decode()
    notice = page.partition('<form class="notice notice-warning')[2].partition("</form>")[0]
    assert "came back" in notice
    assert "Try again" in notice


def test_an_enquiry_by_telephone_leads_to_its_recording(desk: Client) -> None:
    enquiry = enquiries.open_enquiry(
        channel=Enquiry.Channel.PHONE,
        name="",
        address="+8613900000001",
        subject="Voice message",
        body="21 s",
        now=NOON,
    )
    page = desk.get(f"/admin/enquiries/{enquiry.pk}/").content.decode()
    assert '<a href="/admin/calls/">' in page
