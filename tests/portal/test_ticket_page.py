"""The ticket page: what it shows, and each change of state by its own address."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import escalation, lifecycle, severity
from tickets.models import Escalation, Follower, SeverityChange, Ticket
from tickets.models.ticket import Severity, State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.tenancy.database_now", lambda read: NOON)


@pytest.fixture
def urgent(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer, severity=Severity.URGENT, product=cast.product)


def page(browser: Any, path: str = "/tickets/STAR-1/") -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def test_before_the_first_call_the_page_says_that_it_rings(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    assert "Ringing the engineer on duty…" in page(browser_of(cast.developer))


def test_the_trail_names_who_was_rung_and_who_is_next(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    escalation.start(ticket=urgent, reason=Escalation.Reason.URGENT, now=NOON)
    text = page(browser_of(cast.developer))
    assert "rang <strong>Zhao Min (L2)</strong>" in text
    assert "Next in line: Li Wei" in text


def test_the_live_parts_are_the_parts_of_the_page(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    browser = browser_of(cast.developer)
    whole, parts = page(browser), page(browser, "/tickets/STAR-1/live/")
    for key in ("ticket-top", "ticket-conversation", "ticket-side"):
        assert f'id="{key}"' in whole
        assert f'id="{key}"' in parts
    assert 'name="body"' in whole
    assert 'name="body"' not in parts


def test_a_lower_case_name_is_the_same_ticket(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    assert "STAR-1" in page(browser_of(cast.developer), "/tickets/star-1/")


@pytest.mark.parametrize("path", ["", "live/"])
def test_case_12_a_foreign_ticket_and_one_that_does_not_exist_look_the_same(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any, path: str
) -> None:
    browser = browser_of(cast.stranger)
    foreign = browser.get(f"/tickets/STAR-1/{path}")
    missing = browser.get(f"/tickets/STAR-999999999/{path}")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content


VERBS = [
    "reply/",
    "close/",
    "reopen/",
    "severity/",
    "severity/answer/",
    "facts/",
    "follow/",
    "unfollow/",
]


@pytest.mark.parametrize("verb", VERBS)
def test_a_foreign_ticket_cannot_be_changed(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any, verb: str
) -> None:
    response = browser_of(cast.stranger).post(f"/tickets/STAR-1/{verb}", {"body": "Hi"})
    assert response.status_code == 404


@pytest.mark.parametrize("verb", VERBS)
def test_a_change_is_never_a_get(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any, verb: str
) -> None:
    assert browser_of(cast.developer).get(f"/tickets/STAR-1/{verb}").status_code == 405


@pytest.mark.parametrize("verb", [verb for verb in VERBS if "follow" not in verb])
def test_a_viewer_reads_and_follows_and_changes_nothing(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any, verb: str
) -> None:
    browser = browser_of(cast.viewer)
    assert "Your role may read this ticket" in page(browser)
    sent = {"body": "Hi", "severity": "normal", "answer": "agree"}
    if verb == "reopen/":
        lifecycle.close(ticket=urgent, by=Viewer.of(cast.developer), now=NOON)
    assert browser.post(f"/tickets/STAR-1/{verb}", sent).status_code == 403


def test_whoever_lost_the_session_while_writing_comes_back_to_the_ticket(
    cast: SimpleNamespace, urgent: Ticket, client: Any
) -> None:
    response = client.post(
        "/tickets/STAR-1/reply/",
        {"body": "Hi"},
        headers={"referer": "http://testserver/tickets/STAR-1/"},
    )
    assert response.status_code == 302
    assert response["Location"].endswith("next=/tickets/STAR-1/")


def test_a_reply_appears_and_ends_its_draft(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    browser = browser_of(cast.developer)
    response = browser.post("/tickets/STAR-1/reply/", {"body": "It is **back**."})
    assert response["Location"].startswith("/tickets/STAR-1/#message-")
    text = page(browser)
    assert "It is <strong>back</strong>." in text
    assert f'data-draft-clear="reply-{urgent.pk}"' in text
    assert "data-draft-clear" not in page(browser)


@pytest.mark.parametrize("body", ["", "  ", "a\x00b", "x" * 50_001])
def test_a_reply_that_cannot_be_kept_comes_back_as_typed(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any, body: str
) -> None:
    response = browser_of(cast.developer).post("/tickets/STAR-1/reply/", {"body": body})
    assert response.status_code == 422
    assert response.context["text"] == body
    assert len(response.context["problems"]) == 1


def test_a_reply_on_a_ticket_closed_meanwhile_keeps_the_text_and_says_why(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    lifecycle.close(ticket=urgent, by=Viewer.of(cast.owner), now=NOON)
    response = browser_of(cast.developer).post("/tickets/STAR-1/reply/", {"body": "One more"})
    assert response.status_code == 409
    text = response.content.decode()
    assert "This ticket is closed. Reopen it first." in text
    assert "One more</textarea>" in text
    assert "Reopen" in text


def test_closing_sends_what_stands_in_the_composer_first(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    browser_of(cast.developer).post("/tickets/STAR-1/close/", {"body": "Works again, thanks."})
    urgent.refresh_from_db()
    assert urgent.state == State.CLOSED
    assert urgent.entries.last().body == "Works again, thanks."


def test_closing_twice_is_answered_with_a_sentence(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    browser = browser_of(cast.developer)
    browser.post("/tickets/STAR-1/close/")
    response = browser.post("/tickets/STAR-1/close/")
    assert response.status_code == 409
    assert response.context["problems"]


def test_reopening_starts_the_clocks_anew(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    browser = browser_of(cast.developer)
    browser.post("/tickets/STAR-1/close/")
    assert browser.post("/tickets/STAR-1/reopen/").status_code == 302
    urgent.refresh_from_db()
    assert (urgent.state, urgent.cycle) == (State.OPEN, 2)


def test_facts_are_filled_in_afterwards(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    browser = browser_of(cast.developer)
    assert "Help us find it faster" in page(browser)
    facts = {"product": "im", "platform": "ios", "sdk_version": "5.2.1", "environment": ""}
    assert browser.post("/tickets/STAR-1/facts/", facts).status_code == 302
    assert "Help us find it faster" not in page(browser)
    bad = browser.post("/tickets/STAR-1/facts/", facts | {"platform": "toaster"})
    assert bad.status_code == 422
    assert list(bad.context["facts"].errors) == ["platform"]


def test_raising_to_urgent_is_in_force_at_once(cast: SimpleNamespace, browser_of: Any) -> None:
    ticket = factories.ticket(cast.developer)
    response = browser_of(cast.developer).post("/tickets/STAR-1/severity/", {"severity": "urgent"})
    assert response.status_code == 302
    ticket.refresh_from_db()
    assert ticket.severity == Severity.URGENT


@pytest.mark.parametrize(
    "sent",
    [
        {"severity": "apocalyptic"},
        {},
        {"severity": "urgent"},
        {"severity": "normal", "reason": "x" * 501},
        {"severity": "normal", "reason": "\x00"},
    ],
)
def test_a_severity_that_cannot_be_set_is_answered_with_a_sentence(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any, sent: dict[str, str]
) -> None:
    response = browser_of(cast.developer).post("/tickets/STAR-1/severity/", sent)
    assert response.status_code == 422
    assert len(response.context["problems"]) == 1


@pytest.mark.parametrize(("answer", "now"), [("agree", Severity.NORMAL), ("keep", Severity.URGENT)])
def test_a_proposal_is_shown_and_answered(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any, answer: str, now: Severity
) -> None:
    severity.change(
        ticket=urgent, by=Viewer.of(cast.engineer), to=Severity.NORMAL, reason="Test app", now=NOON
    )
    browser = browser_of(cast.developer)
    assert "Zhao Min proposes “Normal” instead of “Urgent”" in page(browser)
    assert "Waiting for you" in page(browser, "/")
    browser.post("/tickets/STAR-1/severity/answer/", {"answer": answer})
    urgent.refresh_from_db()
    assert urgent.severity == now
    late = browser.post("/tickets/STAR-1/severity/answer/", {"answer": answer})
    assert late.status_code == 422
    assert SeverityChange.objects.filter(ticket=urgent).count() == 2


def test_following_and_unfollowing(cast: SimpleNamespace, urgent: Ticket, browser_of: Any) -> None:
    browser = browser_of(cast.viewer)
    browser.post("/tickets/STAR-1/follow/")
    assert Follower.objects.filter(ticket=urgent, user=cast.viewer).exists()
    assert "Vera Viewer" in page(browser)
    browser.post("/tickets/STAR-1/unfollow/")
    assert not Follower.objects.filter(ticket=urgent, user=cast.viewer).exists()


def test_case_15_an_internal_note_is_on_no_page_of_the_customer(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    lifecycle.add_note(ticket=urgent, by=Viewer.of(cast.engineer), body="canary-7731", now=NOON)
    browser = browser_of(cast.developer)
    for path in ("/", "/tickets/", "/tickets/STAR-1/", "/tickets/STAR-1/live/"):
        text = page(browser, path)
        assert "canary-7731" not in text
        assert "nternal note" not in text


def test_case_28_what_people_write_stays_text(cast: SimpleNamespace, browser_of: Any) -> None:
    evil = "<script>alert(1)</script>"
    cast.developer.name = evil
    cast.developer.save()
    factories.ticket(cast.developer, subject=evil, body=evil, sdk_version=evil)
    browser = browser_of(cast.owner)
    for path in ("/", "/tickets/?q=" + evil, "/tickets/STAR-1/"):
        assert evil not in page(browser, path)


def test_case_36_a_subject_that_reads_backwards_is_marked(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    factories.ticket(cast.developer, subject="report\u202egpj.exe")
    for path in ("/", "/tickets/", "/tickets/STAR-1/"):
        assert "U+202E</span>" in page(browser_of(cast.developer), path)


def test_a_broken_promise_is_owned_up_to(
    cast: SimpleNamespace, urgent: Ticket, browser_of: Any
) -> None:
    from tickets import promises
    from tickets.models import Promise

    late = NOON + dt.timedelta(minutes=16)
    promises.ran_out(Promise.objects.get(ticket=urgent, kind="response"), now=late)
    assert "We missed our promise: no answer by an engineer in time" in page(
        browser_of(cast.developer)
    )
