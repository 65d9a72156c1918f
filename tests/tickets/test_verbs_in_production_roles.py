"""Each verb in the database role it has in production: what is missing there is a missing grant."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import User
from accounts.tenancy import acting_for
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tests.tickets.scenes import after
from tickets import attachments, calling_help, escalation, lifecycle, ownership, severity
from tickets.models import Escalation, Ticket
from tickets.models.ticket import Severity, State

pytestmark = pytest.mark.django_db
Do = Callable[..., Any]


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def do(cast: SimpleNamespace) -> Do:
    """Run a verb as somebody, in that somebody's role."""

    def in_role(person: User, verb: Do, **arguments: Any) -> Any:
        viewer = Viewer.of(User.objects.get(pk=person.pk))
        with acting_for(viewer):
            with connection.cursor() as cursor:
                cursor.execute("select current_user")
                role = "vigil_staff" if person.is_staff else "vigil_customer"
                assert cursor.fetchone() == (role,)
            return verb(by=viewer, **arguments)

    return in_role


def state(ticket: Ticket) -> str:
    return str(Ticket.objects.get(pk=ticket.pk).state)


def draft(do: Do, cast: SimpleNamespace, person: User) -> Any:
    upload = SimpleUploadedFile("app.log", b"E/IMCore: 4303")
    return do(person, attachments.keep, organization_id=cast.star.pk, upload=upload, now=NOON)


def test_a_customer_can_do_everything_customers_do(cast: SimpleNamespace, do: Do) -> None:
    dev = cast.developer
    ticket = do(
        dev,
        lifecycle.open_ticket,
        organization=cast.star,
        subject="Down",
        body="Nothing arrives.",
        severity=Severity.URGENT,
        product=cast.product,
        attachment_ids=[draft(do, cast, dev).pk],
        now=NOON,
    )
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    files = [draft(do, cast, dev).pk]
    do(dev, lifecycle.reply, ticket=ticket, body="Hello?", attachment_ids=files, now=after(1))
    facts = {"product": cast.product, "platform": "ios", "sdk_version": "5", "environment": ""}
    do(dev, lifecycle.edit_facts, ticket=ticket, now=after(2), **facts)
    do(dev, severity.change, ticket=ticket, to=Severity.NORMAL, reason="", now=after(3))
    do(dev, severity.change, ticket=ticket, to=Severity.URGENT, reason="", now=after(20))
    do(cast.viewer, ownership.follow, ticket=ticket, now=after(21))
    do(cast.viewer, ownership.unfollow, ticket=ticket, now=after(21))
    for agree in (False, True):
        severity.change(
            ticket=ticket,
            by=Viewer.of(cast.engineer),
            to=Severity.NORMAL,
            reason="One app only.",
            now=after(22),
        )
        do(dev, severity.answer_proposal, ticket=ticket, agree=agree, now=after(23))
    do(dev, lifecycle.resolve, ticket=ticket, now=after(24))
    do(dev, lifecycle.reply, ticket=ticket, body="Back again.", now=after(25))
    assert state(ticket) == State.OPEN
    do(dev, lifecycle.resolve, ticket=ticket, now=after(26))
    do(dev, lifecycle.close, ticket=ticket, now=after(27))
    do(dev, lifecycle.reopen, ticket=ticket, now=after(28))
    do(cast.owner, lifecycle.close, ticket=ticket, now=after(29))
    assert state(ticket) == State.CLOSED


def test_staff_can_do_everything_staff_do(cast: SimpleNamespace, do: Do) -> None:
    staff = cast.engineer
    ticket = do(
        staff,
        lifecycle.open_ticket,
        organization=cast.star,
        subject="Told by telephone",
        body="Nothing arrives.",
        severity=Severity.URGENT,
        now=NOON,
    )
    rung = escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=NOON)
    assert do(staff, escalation.acknowledge, ticket=ticket, now=after(1)).taken
    assert rung is not None
    files = [draft(do, cast, staff).pk]
    do(staff, lifecycle.add_note, ticket=ticket, body="Core.", attachment_ids=files, now=after(2))
    files = [draft(do, cast, staff).pk]
    do(staff, lifecycle.reply, ticket=ticket, body="Hi.", attachment_ids=files, now=after(3))
    do(staff, lifecycle.reply, ticket=ticket, body="Which?", ask_customer=True, now=after(4))
    do(staff, ownership.assign, ticket=ticket, owner=cast.second, now=after(5))
    do(staff, ownership.assign, ticket=ticket, owner=None, now=after(5))
    do(staff, ownership.follow, ticket=ticket, now=after(6))
    do(staff, ownership.unfollow, ticket=ticket, now=after(6))
    do(staff, severity.change, ticket=ticket, to=Severity.NORMAL, reason="r", now=after(7))
    do(cast.lead, severity.change, ticket=ticket, to=Severity.NORMAL, reason="r", now=after(8))
    do(staff, severity.change, ticket=ticket, to=Severity.URGENT, reason="", now=after(9))
    do(staff, calling_help.ring_by_hand, ticket=ticket, now=after(10))
    facts = {"product": cast.product, "platform": "", "sdk_version": "", "environment": "staging"}
    do(staff, lifecycle.edit_facts, ticket=ticket, now=after(11), **facts)
    do(staff, lifecycle.reply, ticket=ticket, body="Fixed.", now=after(12))
    do(staff, lifecycle.resolve, ticket=ticket, now=after(13))
    do(staff, lifecycle.reopen, ticket=ticket, now=after(14))
    do(staff, lifecycle.reply, ticket=ticket, body="Fixed now.", now=after(15))
    do(staff, lifecycle.resolve, ticket=ticket, now=after(16))
    do(staff, lifecycle.close, ticket=ticket, now=after(17))
    assert state(ticket) == State.CLOSED


def test_a_customers_own_act_can_find_a_promise_broken(cast: SimpleNamespace, do: Do) -> None:
    ticket = factories.ticket(cast.developer, severity=Severity.URGENT)
    do(cast.developer, severity.change, ticket=ticket, to=Severity.NORMAL, reason="", now=after(60))
    assert ticket.promises.get(kind="response").kept is False


def test_another_customers_ticket_is_not_there(cast: SimpleNamespace, do: Do) -> None:
    """Even with the filters and the role's table gone round."""
    ticket = factories.ticket(cast.developer)
    with pytest.raises(Ticket.DoesNotExist):
        do(cast.stranger, lifecycle.reply, ticket=ticket, body="Hi.", now=NOON)


def test_a_draft_of_staff_is_hidden_from_customers_by_the_database(
    cast: SimpleNamespace, do: Do
) -> None:
    draft(do, cast, cast.engineer)
    with acting_for(Viewer.of(cast.developer)), connection.cursor() as cursor:
        cursor.execute("select count(*) from tickets_attachment")
        assert cursor.fetchone() == (0,)
