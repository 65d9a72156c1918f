"""Case 9: fields that are not the caller's to set are ignored, and the rows stay as they are."""

from types import SimpleNamespace

from accounts.models import User
from tests import factories
from tests.api.conftest import NEW, Caller
from tests.factories import NOON
from tickets.models import Entry, Ticket

FORGED = {
    "organization": 2,
    "organization_id": 2,
    "org": "BRIT",
    "number": 999,
    "reference": "BRIT-1",
    "state": "closed",
    "internal": True,
    "kind": "note",
    "is_staff": True,
    "by_staff": True,
    "staff_severity": "normal",
    "author": 1,
    "author_id": 1,
    "author_name": "Zhao Min",
    "author_level": "L3",
    "reporter": "Zhao Min",
    "reporter_id": 1,
    "owner": "Zhao Min",
    "channel": "portal",
    "sla": 1,
    "promises": [],
    "due_at": "2099-01-01T00:00:00Z",
    "opened_at": "2000-01-01T00:00:00Z",
    "at": "2000-01-01T00:00:00Z",
    "attachment_ids": ["5d1b2a1e-0000-4000-8000-000000000000"],
    "ask_customer": True,
    "now": "2000-01-01T00:00:00Z",
    "by": 1,
    "cycle": 9,
}


def test_case_09_opening(api: Caller, cast: SimpleNamespace) -> None:
    assert api.send("tickets/", FORGED | NEW).status_code == 201
    ticket = Ticket.objects.get()
    assert ticket.organization == cast.star
    assert (ticket.reference, ticket.state, ticket.channel) == ("STAR-1", "new", "api")
    assert (ticket.reporter, ticket.owner, ticket.staff_severity) == (cast.owner, None, "")
    assert (ticket.opened_at, ticket.cycle) == (NOON, 1)
    assert ticket.promises.count() == 2


def test_case_09_replying(api: Caller, cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    before = Ticket.objects.filter(pk=ticket.pk).values().get()
    assert api.send("tickets/STAR-1/replies/", FORGED | {"body": "Hi"}).status_code == 201
    entry = Entry.objects.latest("id")
    assert (entry.kind, entry.by_staff, entry.author_level) == ("reply", False, "")
    assert (entry.author, entry.author_name, entry.at) == (cast.owner, "Olivia Owner", NOON)
    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before
    assert ticket.promises.filter(met_at=None).count() == 2
    assert User.objects.get(pk=cast.owner.pk).is_staff is False
