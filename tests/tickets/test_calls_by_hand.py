"""Calls written down by our people: an answer only if the customer was spoken to."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.tickets.scenes import after
from tickets import calls_by_hand
from tickets.calls_by_hand import Told
from tickets.models import Call, Entry, Ticket
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db


def told(**more: Any) -> Told:
    given: dict[str, Any] = {
        "way": "out",
        "spoken_with": "Bob Lin",
        "started_at": NOON + dt.timedelta(minutes=2),
        "length": dt.timedelta(minutes=6),
    }
    return Told(**given | more)


def note(cast: SimpleNamespace, ticket: Ticket, **more: Any) -> Call:
    given: dict[str, Any] = {
        "by": Viewer.of(cast.engineer),
        "told": told(),
        "was_spoken_to": True,
        "body": "It is shard 7.",
        "now": after(10),
    }
    return calls_by_hand.note(ticket=ticket, **given | more)


@pytest.fixture
def urgent(cast: SimpleNamespace) -> Ticket:
    return factories.ticket(cast.developer, severity=Severity.URGENT)


def test_having_spoken_to_the_customer_is_an_answer(cast: SimpleNamespace, urgent: Ticket) -> None:
    call = note(cast, urgent)
    entry = Entry.objects.latest("pk")
    assert (entry.kind, entry.channel, entry.author) == ("reply", "phone", cast.engineer)
    assert urgent.promises.get(kind="response").kept is True
    assert (call.internal, call.ended_at) == (False, after(8))


def test_having_reached_nobody_is_a_note_and_moves_no_clock(
    cast: SimpleNamespace, urgent: Ticket
) -> None:
    call = note(cast, urgent, was_spoken_to=False)
    entry = Entry.objects.latest("pk")
    assert (entry.kind, entry.channel) == ("note", "phone")
    assert urgent.promises.get(kind="response").state == "running"
    assert call.internal
    assert not Call.objects.visible_to(Viewer.of(cast.developer)).exists()


@pytest.mark.parametrize("was_spoken_to", [True, False])
def test_a_form_sent_twice_is_one_call_and_one_entry(
    cast: SimpleNamespace, browser_of: Any, urgent: Ticket, was_spoken_to: bool
) -> None:
    browser = browser_of(cast.engineer)
    address = reverse("admin:ticket_call", args=[urgent.reference])
    page = browser.get(address).content.decode()
    mark = re.search(r'name="submission" value="([0-9a-f-]{36})"', page)
    assert mark, "each page has a mark of its own"
    data = {
        "way": "out",
        "spoken_with": "Bob Lin",
        "started_at": "2026-11-23T11:50",
        "minutes": "5",
        "was_spoken_to": "yes" if was_spoken_to else "no",
        "body": "It is shard 7.",
        "submission": mark[1],
    }
    for _time in range(2):
        assert browser.post(address, data).status_code == 302
    assert Call.objects.count() == 1
    assert Entry.objects.filter(ticket=urgent, by_staff=True).count() == 1
    assert browser.post(address, data | {"body": "And shard 8."}).status_code == 302
    assert Call.objects.count() == 2, "other words are another call"


def test_it_counts_from_when_it_is_written_down(cast: SimpleNamespace, urgent: Ticket) -> None:
    """A call said to have been in time mends no promise that is broken."""
    note(cast, urgent, now=after(40))
    assert urgent.promises.get(kind="response").kept is False


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("way", {"way": "sideways"}),
        ("minutes", {"length": dt.timedelta(hours=13)}),
        ("minutes", {"length": dt.timedelta(minutes=-1)}),
        ("started_at", {"started_at": NOON + dt.timedelta(minutes=20)}),
        ("started_at", {"started_at": NOON - dt.timedelta(days=31)}),
        ("spoken_with", {"spoken_with": " "}),
        ("spoken_with", {"spoken_with": "a\u202eb"}),
    ],
)
def test_what_cannot_have_been_is_refused(
    cast: SimpleNamespace, urgent: Ticket, field: str, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as refusal:
        note(cast, urgent, told=told(**wrong))
    assert field in refusal.value.message_dict
    assert not Call.objects.exists()
    assert Entry.objects.count() == 1


def test_a_customer_notes_no_calls(cast: SimpleNamespace, urgent: Ticket) -> None:
    with pytest.raises(PermissionDenied):
        note(cast, urgent, by=Viewer.of(cast.developer))


def open_from(cast: SimpleNamespace, **more: Any) -> Ticket:
    given: dict[str, Any] = {
        "organization": cast.star,
        "reporter": cast.developer,
        "by": Viewer.of(cast.engineer),
        "told": told(way="in"),
        "severity": Severity.IMPORTANT,
        "subject": "",
        "said": "Rooms are slow since noon.\nAll of them.",
        "answered": "",
        "product": None,
        "submission": None,
        "now": after(10),
    }
    return calls_by_hand.open_from(**given | more)


def test_a_ticket_from_a_call_is_the_callers_and_still_owed_an_answer(
    cast: SimpleNamespace,
) -> None:
    ticket = open_from(cast)
    assert (ticket.reporter, ticket.channel) == (cast.developer, "phone")
    assert ticket.subject == "Rooms are slow since noon."
    entry = Entry.objects.get()
    assert (entry.author, entry.by_staff) == (cast.developer, False)
    assert "Zhao Min" in entry.body, "who wrote it down"
    assert ticket.promises.get(kind="response").state == "running"
    assert Call.objects.get().spoken_with == "Bob Lin"


def test_what_was_answered_on_the_phone_is_the_answer(cast: SimpleNamespace) -> None:
    ticket = open_from(cast, answered="Restart the gateway.")
    assert [entry.by_staff for entry in ticket.entries.all()] == [False, True]
    assert ticket.promises.get(kind="response").kept is True


def test_sent_twice_it_is_one_ticket_and_one_call(cast: SimpleNamespace) -> None:
    key = uuid.uuid4()
    first = open_from(cast, submission=key, answered="Yes.")
    assert open_from(cast, submission=key, answered="Yes.") == first
    assert (Ticket.objects.count(), Call.objects.count(), Entry.objects.count()) == (1, 1, 2)


def test_nobody_opens_one_for_somebody_elsewhere(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError):
        open_from(cast, reporter=cast.stranger)
    with pytest.raises(PermissionDenied):
        open_from(cast, by=Viewer.of(cast.owner))
    assert not Ticket.objects.exists()
