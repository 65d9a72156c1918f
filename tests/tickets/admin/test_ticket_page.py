"""The ticket in the workspace: each action, each refusal, and what it costs."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import tenancy
from accounts.models import Event
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.tickets.admin.queries import page_queries
from tickets import escalation, lifecycle
from tickets.models import Attachment, Entry, Escalation, SeverityChange, Ticket
from tickets.models.ticket import Severity, State

pytestmark = pytest.mark.django_db
PAGE = "/admin/ticket/STAR-1/"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancy, "database_now", lambda read: NOON)


@pytest.fixture
def engineer(cast: SimpleNamespace, browser_of: Any) -> Any:
    return browser_of(cast.engineer)


@pytest.fixture
def manager(cast: SimpleNamespace, browser_of: Any) -> Any:
    return browser_of(cast.lead)


@pytest.fixture
def ticket(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer)


@pytest.fixture
def urgent(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer, severity=Severity.URGENT)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def state(ticket: Ticket) -> str:
    ticket.refresh_from_db()
    return ticket.state


def test_the_page_shows_conversation_customer_and_clocks(engineer: Any, ticket: Ticket) -> None:
    page = text(engineer.get(PAGE))
    for wanted in (
        "Since 02:50 nothing arrives.",
        "StarCast",
        "Premium",
        "First answer",
        "Bob Lin",
    ):
        assert wanted in page


def test_the_number_may_be_written_in_small_letters(engineer: Any, ticket: Ticket) -> None:
    assert engineer.get("/admin/ticket/star-1/").status_code == 200


@pytest.mark.parametrize("name", ["STAR-2", "NONE-1", "nonsense", "STAR-99999999999", "1"])
def test_an_unknown_ticket_is_not_found(name: str, engineer: Any, ticket: Ticket) -> None:
    assert engineer.get(f"/admin/ticket/{name}/").status_code == 404
    assert engineer.post(f"/admin/ticket/{name}/resolve/").status_code == 404


def test_a_reply_goes_to_the_customer(engineer: Any, ticket: Ticket) -> None:
    answer = engineer.post(PAGE + "reply/", {"body": "On it."}, follow=True)
    assert "On it." in text(answer)
    assert f'data-draft-clear="desk-reply-{ticket.pk}"' in text(answer)
    assert Entry.objects.latest("pk").kind == Entry.Kind.REPLY
    assert state(ticket) == State.OPEN


def test_a_reply_can_hand_the_ticket_to_the_customer(engineer: Any, ticket: Ticket) -> None:
    engineer.post(PAGE + "reply/", {"body": "Which version?", "ask_customer": "on"})
    assert state(ticket) == State.WAITING


def test_a_note_stays_inside(
    cast: SimpleNamespace, engineer: Any, ticket: Ticket, browser_of: Any
) -> None:
    file = SimpleUploadedFile("secret.txt", b"inside")
    engineer.post(PAGE + "note/", {"body": "Sounds like 4303.", "files": file})
    written = Entry.objects.latest("pk")
    assert (written.kind, state(ticket)) == (Entry.Kind.NOTE, State.NEW)
    assert "Internal note, the customer never sees it" in text(engineer.get(PAGE))
    customer = Viewer.of(cast.developer)
    assert not Entry.objects.visible_to(customer).filter(pk=written.pk).exists()
    assert not Attachment.objects.visible_to(customer).exists()
    assert Event.objects.get(verb="ticket.noted").internal


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "Please write something."),
        ("a\x00b", "Null characters are not allowed."),
        ("x" * 50_001, "at most 50000 fit"),
    ],
)
@pytest.mark.parametrize("kind", ["reply", "note"])
def test_a_message_that_cannot_be_sent_comes_back_as_typed(
    kind: str, body: str, sentence: str, engineer: Any, ticket: Ticket
) -> None:
    answer = engineer.post(f"{PAGE}{kind}/", {"body": body, "ask_customer": "on"})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert body in text(answer)
    assert Entry.objects.count() == 1


def test_a_reply_to_a_ticket_closed_meanwhile_is_not_lost(
    cast: SimpleNamespace, engineer: Any, ticket: Ticket
) -> None:
    lifecycle.close(ticket=ticket, by=Viewer.of(cast.developer), now=NOON)
    file = SimpleUploadedFile("log.txt", b"line")
    answer = engineer.post(PAGE + "reply/", {"body": "Long thought", "files": file})
    assert answer.status_code == 422
    assert "This ticket is closed. Reopen it first." in text(answer)
    assert "Long thought" in text(answer)
    draft = Attachment.objects.get()
    assert f'name="attachment" value="{draft.pk}"' in text(answer)
    engineer.post(PAGE + "reopen/")
    engineer.post(PAGE + "reply/", {"body": "Long thought", "attachment": str(draft.pk)})
    draft.refresh_from_db()
    assert draft.entry == Entry.objects.latest("pk")


def test_a_file_too_large_is_refused_with_the_limit(
    engineer: Any, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.attachments.MAX_BYTES", 1024 * 1024)
    file = SimpleUploadedFile("big.bin", b"x" * (1024 * 1024 + 1))
    answer = engineer.post(PAGE + "reply/", {"body": "See log", "files": file})
    assert answer.status_code == 413
    assert "larger than 1 MB" in text(answer)
    assert "See log" in text(answer)


def test_a_file_of_somebody_else_cannot_be_claimed(
    cast: SimpleNamespace, engineer: Any, browser_of: Any, ticket: Ticket
) -> None:
    other = browser_of(cast.second)
    other.post(PAGE + "reply/", {"body": "", "files": SimpleUploadedFile("a.txt", b"a")})
    draft = Attachment.objects.get()
    answer = engineer.post(PAGE + "reply/", {"body": "x", "attachment": str(draft.pk)})
    assert "An attached file is gone" in text(answer)
    assert engineer.get(f"/admin/attachment/{draft.pk}/").status_code == 404


def test_a_file_is_a_download_and_nothing_else(engineer: Any, ticket: Ticket) -> None:
    page = SimpleUploadedFile("x.html", b"<script>alert(1)</script>", "text/html")
    engineer.post(PAGE + "note/", {"body": "x", "files": page})
    answer = engineer.get(f"/admin/attachment/{Attachment.objects.get().pk}/")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_an_engineer_takes_gives_and_drops_a_ticket(
    cast: SimpleNamespace, engineer: Any, ticket: Ticket
) -> None:
    for owner, wanted in (("me", cast.engineer), (cast.second.pk, cast.second), ("", None)):
        engineer.post(PAGE + "assign/", {"owner": owner})
        ticket.refresh_from_db()
        assert ticket.owner == wanted


@pytest.mark.parametrize("owner", ["x", "0", "999999"])
def test_nobody_unknown_can_own_a_ticket(owner: str, engineer: Any, ticket: Ticket) -> None:
    assert engineer.post(PAGE + "assign/", {"owner": owner}).status_code == 404


def test_a_customer_cannot_own_a_ticket(
    cast: SimpleNamespace, engineer: Any, ticket: Ticket
) -> None:
    answer = engineer.post(PAGE + "assign/", {"owner": cast.developer.pk})
    assert answer.status_code == 404


def test_an_engineers_downgrade_is_a_proposal(engineer: Any, urgent: Ticket) -> None:
    assert "Lowering is a proposal" in text(engineer.get(PAGE))
    answer = engineer.post(
        PAGE + "severity/", {"severity": "normal", "reason": "One room only."}, follow=True
    )
    assert "It holds once the customer agrees" in text(answer)
    urgent.refresh_from_db()
    assert urgent.severity == Severity.URGENT
    assert SeverityChange.objects.latest("pk").outcome == "proposed"


def test_a_managers_downgrade_holds_at_once(manager: Any, urgent: Ticket) -> None:
    assert "Lowering is a proposal" not in text(manager.get(PAGE))
    manager.post(PAGE + "severity/", {"severity": "normal", "reason": "One room only."})
    urgent.refresh_from_db()
    assert urgent.severity == Severity.NORMAL
    assert "One room only." in text(manager.get(PAGE))


@pytest.mark.parametrize(
    ("severity", "sentence"),
    [("normal", "Say why"), ("urgent", "already is"), ("nonsense", "Select a valid choice")],
)
def test_a_severity_that_cannot_be_comes_back_with_the_reason_typed(
    severity: str, sentence: str, engineer: Any, urgent: Ticket
) -> None:
    reason = "" if severity == "normal" else "Because of this."
    answer = engineer.post(PAGE + "severity/", {"severity": severity, "reason": reason})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert reason in text(answer)


def test_a_ticket_is_resolved_closed_and_reopened(engineer: Any, ticket: Ticket) -> None:
    engineer.post(PAGE + "reply/", {"body": "Do this."})
    for action, wanted in (("resolve", "resolved"), ("close", "closed"), ("reopen", "open")):
        engineer.post(f"{PAGE}{action}/")
        assert state(ticket) == wanted


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        ("resolve", "Answer the customer before you resolve the ticket."),
        ("close", "Resolve the ticket first"),
        ("reopen", "This is not possible while the ticket is “New”."),
    ],
)
def test_a_wrong_state_is_said_in_a_sentence(
    action: str, sentence: str, engineer: Any, ticket: Ticket
) -> None:
    answer = engineer.post(f"{PAGE}{action}/", follow=True)
    assert sentence in text(answer)
    assert state(ticket) == State.NEW


def test_changes_are_made_by_posting_only(engineer: Any, ticket: Ticket) -> None:
    for action in ("reply", "note", "assign", "severity", "resolve", "acknowledge", "ring"):
        assert engineer.get(f"{PAGE}{action}/").status_code == 405


def test_whoever_is_rung_takes_the_ticket_with_one_click(
    cast: SimpleNamespace, engineer: Any, urgent: Ticket
) -> None:
    escalation.start(ticket=urgent, reason=Escalation.Reason.URGENT, now=NOON)
    assert "Ringing you." in text(engineer.get(PAGE))
    answer = engineer.post(PAGE + "acknowledge/", follow=True)
    assert "It is yours." in text(answer)
    assert "Ringing" not in text(engineer.get(PAGE))
    urgent.refresh_from_db()
    assert urgent.owner == cast.engineer


def test_the_second_to_acknowledge_learns_who_was_first(
    cast: SimpleNamespace, engineer: Any, browser_of: Any, urgent: Ticket
) -> None:
    escalation.start(ticket=urgent, reason=Escalation.Reason.URGENT, now=NOON)
    engineer.post(PAGE + "acknowledge/")
    answer = browser_of(cast.second).post(PAGE + "acknowledge/", follow=True)
    assert "Zhao Min was first." in text(answer)


def test_acknowledging_when_nothing_rings_says_so(engineer: Any, ticket: Ticket) -> None:
    answer = engineer.post(PAGE + "acknowledge/", follow=True)
    assert "Nobody is being rung about this ticket any more." in text(answer)


def test_the_engineers_on_duty_can_be_rung_by_hand(engineer: Any, ticket: Ticket) -> None:
    answer = engineer.post(PAGE + "ring/", follow=True)
    assert "are being rung" in text(answer)
    assert Event.objects.filter(verb="escalation.requested").exists()


def test_facts_are_edited_on_a_page_of_their_own(
    cast: SimpleNamespace, engineer: Any, ticket: Ticket
) -> None:
    assert engineer.get(PAGE + "facts/").status_code == 200
    facts = {"product": cast.product.pk, "platform": "ios", "sdk_version": "5.2.1"}
    engineer.post(PAGE + "facts/", facts | {"environment": "production"})
    ticket.refresh_from_db()
    assert (ticket.product, ticket.platform, ticket.sdk_version) == (cast.product, "ios", "5.2.1")


def test_wrong_facts_come_back_as_typed(engineer: Any, ticket: Ticket) -> None:
    answer = engineer.post(PAGE + "facts/", {"platform": "toaster", "sdk_version": "5" * 41})
    assert answer.status_code == 422
    assert "5" * 41 in text(answer)


def test_the_live_parts_are_the_parts_of_the_page(engineer: Any, ticket: Ticket) -> None:
    for part in ("main", "side"):
        assert (
            engineer.get(f"{PAGE}live/{part}/").content.strip().startswith((b"<section", b"<div"))
        )
    assert engineer.get(PAGE + "live/nonsense/").status_code == 404


def test_no_script_can_be_smuggled_in(cast: SimpleNamespace, engineer: Any) -> None:
    factories.ticket(cast.developer, subject="<script>x</script>", body="<img src=x onerror=y>")
    page = text(engineer.get(PAGE))
    assert "<script>x" not in page
    assert "<img src=x" not in page


def test_a_page_costs_the_same_however_long_the_story(
    cast: SimpleNamespace, engineer: Any, urgent: Ticket
) -> None:
    staff, customer = Viewer.of(cast.engineer), Viewer.of(cast.developer)

    def write(minute: int) -> None:
        at = NOON + dt.timedelta(minutes=minute)
        lifecycle.reply(ticket=urgent, by=staff, body="On it.", now=at)
        lifecycle.reply(ticket=urgent, by=customer, body="And?", now=at)
        lifecycle.add_note(ticket=urgent, by=staff, body="Hm.", now=at)
        factories.ticket(cast.owner)

    def cost(path: str) -> int:
        with page_queries() as queries:
            assert engineer.get(path).status_code == 200
        return len(queries)

    escalation.start(ticket=urgent, reason=Escalation.Reason.URGENT, now=NOON)
    write(1)
    paths = [PAGE, PAGE + "live/main/", PAGE + "live/side/", PAGE + "facts/"]
    engineer.get(PAGE)  # the first request also notes that the session is in use
    before = [cost(path) for path in paths]
    for minute in range(2, 6):
        write(minute)
    assert [cost(path) for path in paths] == before
    assert max(before) <= 13, before


def test_an_update_promised_in_a_reply_is_said_in_the_customers_time(
    cast: SimpleNamespace, engineer: Any, ticket: Ticket
) -> None:
    cast.developer.time_zone = "Asia/Shanghai"
    cast.developer.save()
    sent = {"body": "Tomorrow.", "next_update": "tomorrow"}
    page = text(engineer.post(f"{PAGE}reply/", sent, follow=True))
    assert "promised by Tue 24 Nov, 10:00 CST, the customer" in page
    given = ticket.promises.get(kind="update")
    assert given.due_at == dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)
    assert "Zhao Min promised the next update by" in page


@pytest.mark.parametrize(
    ("chosen", "minutes"), [("30m", 30), ("1h", 60), ("2h", 120), ("exact", 15)]
)
def test_a_quick_choice_counts_from_sending(
    engineer: Any, ticket: Ticket, chosen: str, minutes: int
) -> None:
    sent = {"body": "Soon.", "next_update": chosen, "next_update_at": "2026-11-23T12:15"}
    engineer.post(f"{PAGE}reply/", sent)
    assert ticket.promises.get(kind="update").due_at == NOON + dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("next_update", "never", "There is no such choice."),
        ("next_update_at", "", "Say by when the next update comes"),
        ("next_update_at", "soon", "is no date and time"),
        ("next_update_at", "2026-11-23T11:59", "must lie in the future"),
        ("next_update_at", "2027-11-23T12:00", "within 30 days"),
        ("next_update_at", "0001-01-01T00:00", "must lie in the future"),
    ],
)
def test_a_time_that_cannot_be_promised_comes_back_with_the_text(
    engineer: Any, ticket: Ticket, field: str, value: str, problem: str
) -> None:
    sent = {"body": "Kept words.", "next_update": "exact", "next_update_at": "2026-11-23T13:00"}
    answer = engineer.post(f"{PAGE}reply/", sent | {field: value})
    assert answer.status_code == 422
    assert problem in text(answer)
    assert "Kept words." in text(answer)
    assert not ticket.promises.filter(kind="update").exists()


def test_only_what_the_plan_allows_is_offered(engineer: Any, urgent: Ticket) -> None:
    page = text(engineer.get(PAGE))
    assert 'value="30m"' in page
    assert 'value="1h"' not in page
    assert "the plan: every 30 min" in page


def test_the_page_explains_the_promises_and_says_who_spent_the_time(
    engineer: Any, urgent: Ticket
) -> None:
    page = text(engineer.get(PAGE))
    assert "due 12:15: 15 min, around the clock" in page
    assert "the clock starts: 4 h" in page
    assert "Who spent the time" not in page  # none was spent yet
