"""Abuse case 9: set organization, author, staff or promise fields along with what one may write."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import F

from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import calling_help, escalation, lifecycle, ownership, severity
from tickets.models import Entry

pytestmark = pytest.mark.django_db

VERBS = [
    lifecycle.open_ticket,
    lifecycle.reply,
    lifecycle.add_note,
    lifecycle.resolve,
    lifecycle.close,
    lifecycle.reopen,
    lifecycle.edit_facts,
    severity.change,
    severity.answer_proposal,
    ownership.assign,
    ownership.follow,
    ownership.unfollow,
    escalation.acknowledge,
    calling_help.ring_by_hand,
]
NEVER = {"internal", "is_staff", "by_staff", "author", "author_name", "sla", "due_at", "state"}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.__name__)
def test_a_verb_takes_no_field_that_is_ours_to_set(verb: Any) -> None:
    parameters = inspect.signature(verb).parameters
    assert not NEVER & set(parameters)
    assert {parameter.kind for parameter in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}


def test_a_customer_who_asks_for_a_pause_only_writes_a_reply(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    customer = Viewer.of(cast.developer)
    lifecycle.reply(ticket=ticket, by=customer, body="b", ask_customer=True, now=NOON)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.owner) == ("new", None)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"platform": "toaster"}, "platform"),
        ({"environment": "moon"}, "environment"),
        ({"sdk_version": "5" * 41}, "sdk_version"),
        ({"sdk_version": "5\x00"}, "sdk_version"),
        ({"subject": "s" * 201}, "subject"),
        ({"subject": "s\x00"}, "subject"),
        ({"subject": "  "}, "subject"),
        ({"body": "b\x00"}, "body"),
        ({"body": "b" * 50_001}, "body"),
        ({"body": " \r\n "}, "body"),
    ],
)
def test_bad_input_is_refused_at_its_field(
    cast: SimpleNamespace, fields: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        factories.ticket(cast.developer, **fields)
    assert list(caught.value.message_dict) == [named]


@pytest.mark.parametrize("column", ["by_staff", "kind", "author", "organization", "author_name"])
def test_what_was_written_cannot_be_given_another_author(
    cast: SimpleNamespace, column: str
) -> None:
    factories.ticket(cast.developer)
    for person in (cast.developer, cast.engineer):
        with (
            acting_for(Viewer.of(person)),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            Entry.objects.update(**{column: F(column)})
