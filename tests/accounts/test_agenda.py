"""What must happen later is put down once, and struck out again."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts import agenda
from accounts.models import Deadline, Delivery, Organization
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from tests.factories import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=1)


def put_down(organization: Organization, key: str = "k", **fields: Any) -> None:
    agenda.schedule(
        kind=fields.pop("kind", "promise.due"),
        key=key,
        due_at=fields.pop("due_at", NOON),
        subject=fields.pop("subject", "promise/1"),
        organization_id=organization.pk,
        **fields,
    )


def post(organization: Organization, key: str = "k", subject: str = "escalation/1") -> None:
    agenda.send(
        kind=Delivery.Kind.PAGE,
        key=key,
        channel="email",
        address="zhao@vigil.example",
        subject=subject,
        payload={"title": "STAR-1"},
        due_at=NOON,
        organization_id=organization.pk,
    )


def test_the_same_key_a_second_time_changes_nothing(cast: SimpleNamespace) -> None:
    put_down(cast.star, promise=1)
    put_down(cast.star, promise=2, due_at=LATER)
    row = Deadline.objects.get()
    assert (row.data, row.due_at, row.claimable_at) == ({"promise": 1}, NOON, NOON)


def test_a_message_with_the_same_key_goes_out_once(cast: SimpleNamespace) -> None:
    post(cast.star)
    post(cast.star)
    assert Delivery.objects.count() == 1


def test_a_customers_transaction_can_put_down_and_strike(cast: SimpleNamespace) -> None:
    with acting_for(Viewer.of(cast.developer)):
        put_down(cast.star)
        put_down(cast.star)
        assert agenda.strike(subject="promise/1", kind="promise.due", now=LATER) == 1
    assert Deadline.objects.get().settled_at == LATER


def test_a_customers_transaction_can_send_but_not_read_what_is_sent(cast: SimpleNamespace) -> None:
    with acting_for(Viewer.of(cast.developer)):
        post(cast.star)
        post(cast.star)
        with pytest.raises(DatabaseError), transaction.atomic():
            Delivery.objects.count()
    assert Delivery.objects.count() == 1


def test_a_customers_transaction_puts_nothing_down_for_another(cast: SimpleNamespace) -> None:
    for put in (put_down, post):
        with (
            acting_for(Viewer.of(cast.developer)),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            put(cast.bright)


def test_the_key_of_anothers_row_is_not_betrayed(cast: SimpleNamespace) -> None:
    put_down(cast.bright)
    with acting_for(Viewer.of(cast.developer)):
        put_down(cast.star)
        assert not Deadline.objects.exists()
    assert Deadline.objects.get().organization == cast.bright


def test_striking_leaves_other_kinds_subjects_and_what_is_done(cast: SimpleNamespace) -> None:
    put_down(cast.star, "a")
    put_down(cast.star, "b", kind="ladder.step")
    put_down(cast.star, "c", subject="promise/2")
    put_down(cast.star, "d")
    put_down(cast.star, "e")
    Deadline.objects.filter(key="d").update(settled_at=NOON)
    Deadline.objects.filter(key="e").update(failed_at=NOON)
    assert agenda.strike(subject="promise/1", kind="promise.due", now=LATER) == 1
    assert list(Deadline.objects.filter(settled_at=LATER).values_list("key", flat=True)) == ["a"]


def test_a_customer_strikes_nothing_of_anothers(cast: SimpleNamespace) -> None:
    put_down(cast.bright)
    with acting_for(Viewer.of(cast.developer)):
        assert agenda.strike(subject="promise/1", kind="promise.due", now=LATER) == 0


def test_only_what_has_not_left_yet_is_withdrawn(cast: SimpleNamespace) -> None:
    for key in ("waiting", "sent", "failed"):
        post(cast.star, key)
    post(cast.star, "other", "escalation/2")
    Delivery.objects.filter(key="sent").update(sent_at=NOON)
    Delivery.objects.filter(key="failed").update(failed_at=NOON)
    assert agenda.withdraw(subject="escalation/1", now=LATER) == 1
    assert Delivery.objects.get(cancelled_at=LATER).key == "waiting"


def test_what_is_put_down_is_gone_when_its_cause_is_undone(cast: SimpleNamespace) -> None:
    with acting_as(DatabaseRole.ENGINE):
        put_down(cast.star)
        transaction.set_rollback(True)
    assert not Deadline.objects.exists()
