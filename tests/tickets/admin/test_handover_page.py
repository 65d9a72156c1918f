"""Handover in the workspace: what waits for me, what I owe, and the ticket's own page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from accounts import tenancy
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import handover, ownership, reachability
from tickets.models import Handover, ReachabilityDrill, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db
PAGE = "/admin/handover/"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancy, "database_now", lambda read: NOON)


def waiting(cast: SimpleNamespace, subject: str = "Down", note: str = "Ask Bob.") -> Handover:
    """From the engineer to the second."""
    ticket = factories.ticket(cast.developer, subject=subject, severity=Severity.URGENT)
    ownership.assign(ticket=ticket, by=Viewer.of(cast.engineer), owner=cast.engineer, now=NOON)
    ticket.refresh_from_db()
    return handover.propose(
        ticket=ticket, by=Viewer.of(cast.engineer), to=cast.second, note=note, now=NOON
    )


def text(answer: Any) -> str:
    assert answer.status_code in (200, 422)
    return str(answer.content.decode())


def owner(made: Handover) -> Any:
    return Ticket.objects.get(pk=made.ticket_id).owner


def test_without_anything_to_hand_over_it_says_what_comes(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    assert "Nothing to hand over" in text(browser_of(cast.engineer).get(PAGE))


def test_whoever_is_to_accept_sees_the_note_and_one_button(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    made = waiting(cast)
    browser = browser_of(cast.second)
    shown = text(browser.get(PAGE))
    for wanted in ("For you to accept", "STAR-1", "Ask Bob.", "Zhao Min hands it over"):
        assert wanted in shown
    answer = browser.post(f"{PAGE}{made.pk}/accept/", follow=True)
    assert "STAR-1 is yours now." in text(answer)
    assert "Accepted lately" in text(answer)
    assert owner(made) == cast.second


def test_all_at_once(cast: SimpleNamespace, browser_of: Any) -> None:
    made = [waiting(cast, f"Outage {number}") for number in range(3)]
    browser = browser_of(cast.second)
    assert "Accept all 3" in text(browser.get(PAGE))
    assert "3 tickets are yours now." in text(browser.post(f"{PAGE}accept/", follow=True))
    assert {owner(one) for one in made} == {cast.second}
    assert "Nothing waits" in text(browser.post(f"{PAGE}accept/", follow=True))


def test_the_one_who_hands_over_writes_and_changes_the_note(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    made = waiting(cast, note="")
    browser = browser_of(cast.engineer)
    assert "Your notes for the next shift" in text(browser.get(PAGE))
    address = f"{PAGE}{made.pk}/note/"
    assert "The note is kept." in text(browser.post(address, {"note": "Shard 7."}, follow=True))
    made.refresh_from_db()
    assert made.note == "Shard 7."
    assert "Shard 7." in text(browser.get(PAGE))


def test_a_note_that_cannot_be_kept_comes_back_as_typed(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    made = waiting(cast, note="")
    answer = browser_of(cast.engineer).post(f"{PAGE}{made.pk}/note/", {"note": "x" * 50_001})
    assert answer.status_code == 422
    assert "x" * 50_001 in text(answer)


def test_nobody_else_writes_the_note(cast: SimpleNamespace, browser_of: Any) -> None:
    made = waiting(cast)
    answer = browser_of(cast.second).post(f"{PAGE}{made.pk}/note/", {"note": "Mine."})
    assert answer.status_code == 403


def test_others_see_who_waits_for_whom_and_may_step_in(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    made = waiting(cast)
    browser = browser_of(cast.lead)
    assert "Zhao Min hands over, Li Wei has not accepted yet." in text(browser.get(PAGE))
    browser.post(f"{PAGE}{made.pk}/accept/")
    assert owner(made) == cast.lead


def test_whoever_is_second_is_told_who_was_first(cast: SimpleNamespace, browser_of: Any) -> None:
    made = waiting(cast)
    browser_of(cast.second).post(f"{PAGE}{made.pk}/accept/")
    answer = browser_of(cast.lead).post(f"{PAGE}{made.pk}/accept/", follow=True)
    assert "Li Wei was first." in text(answer)


def test_the_card_says_when_how_many_and_for_whom_they_wait(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    for number in range(2):
        waiting(cast, f"Outage {number}")
    shown = " ".join(text(browser_of(cast.lead).get(PAGE)).split())
    assert "To hand over now" in shown
    assert "2 urgent tickets" in shown
    assert "waiting for Li Wei to accept" in shown


def test_a_ticket_proposed_by_hand_waits_now_however_long_its_owner_is_on_duty(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    made = waiting(cast)
    Handover.objects.update(changes_at=None)
    assert "To hand over now" in text(browser_of(cast.lead).get(PAGE))
    Handover.objects.filter(pk=made.pk).update(paged_at=NOON)
    assert "you were rung" in text(browser_of(cast.second).get(PAGE))


def test_while_nobody_is_known_to_take_it_no_name_is_made_up(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    made = waiting(cast)
    Handover.objects.filter(pk=made.pk).update(to_person=None, to_name="")
    shown = text(browser_of(cast.lead).get(PAGE))
    assert "Zhao Min hands over, whoever is rung has not accepted yet." in shown


def test_a_drill_is_answered_in_the_workspace(cast: SimpleNamespace, browser_of: Any) -> None:
    roster = cast.team.rosters.first()
    drill = reachability.ask(
        roster=roster, person=cast.second, starts_at=NOON, ends_at=NOON, now=NOON
    )
    assert drill is not None
    browser = browser_of(cast.second)
    assert "Drill: can you be reached?" in text(browser.get(PAGE))
    address = f"/admin/drill/{drill.pk}/confirm/"
    assert browser_of(cast.lead).post(address).status_code == 404
    assert "you can be reached" in text(browser.post(address, follow=True))
    assert ReachabilityDrill.objects.get().outcome == "reached"


@pytest.mark.parametrize("key", ["999999", "x", "9" * 5000, "-1"])
def test_what_does_not_exist_is_not_found(cast: SimpleNamespace, browser_of: Any, key: str) -> None:
    browser = browser_of(cast.engineer)
    for path in (f"{PAGE}{key}/accept/", f"{PAGE}{key}/note/", f"/admin/drill/{key}/confirm/"):
        assert browser.post(path, {"note": "x"}).status_code == 404


def test_a_ticket_is_handed_over_from_its_own_page(cast: SimpleNamespace, browser_of: Any) -> None:
    ticket = factories.ticket(cast.developer)
    ownership.assign(ticket=ticket, by=Viewer.of(cast.engineer), owner=cast.engineer, now=NOON)
    browser = browser_of(cast.engineer)
    page = "/admin/ticket/STAR-1/"
    assert "Hand over" in text(browser.get(page))
    answer = browser.post(
        f"{page}hand-over/", {"to": str(cast.second.pk), "note": "Ask Bob."}, follow=True
    )
    assert "Proposed to Li Wei" in text(answer)
    assert "You hand this over to Li Wei" in text(answer)
    theirs = browser_of(cast.second)
    shown = text(theirs.get(page))
    assert "Zhao Min hands this over to you." in shown
    assert "Ask Bob." in shown
    made = Handover.objects.get()
    accepted = theirs.post(f"{PAGE}{made.pk}/accept/", {"from": "ticket"})
    assert accepted["Location"] == page
    assert owner(made) == cast.second


def test_a_refused_hand_over_keeps_what_was_typed(cast: SimpleNamespace, browser_of: Any) -> None:
    ticket = factories.ticket(cast.developer)
    ownership.assign(ticket=ticket, by=Viewer.of(cast.engineer), owner=cast.engineer, now=NOON)
    answer = browser_of(cast.engineer).post(
        "/admin/ticket/STAR-1/hand-over/", {"to": "", "note": "Typed."}
    )
    assert answer.status_code == 422
    assert "Say who takes it over." in text(answer)
    assert "Typed." in text(answer)
