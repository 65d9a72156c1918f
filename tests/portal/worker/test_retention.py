"""Old and settled is forgotten; what is needed stays."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts import agenda, api_tokens
from accounts.models import ContactCheck, ContactMethod, Deadline, Delivery, IdempotentRequest
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from portal.worker import retention

pytestmark = pytest.mark.django_db

# Whose rows retention deletes, by the ORM, so that a reference would go with them unseen.
FORGOTTEN = (ContactCheck, Deadline, Delivery, IdempotentRequest, Session, UserSession)


@pytest.mark.parametrize("model", FORGOTTEN)
def test_nothing_refers_to_what_is_forgotten(model: type) -> None:
    assert [one.related_model for one in model._meta.related_objects] == []  # type: ignore[attr-defined]


def put(key: str, kind: str = "ticket.close", **changes: object) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        agenda.schedule(kind=kind, key=key, due_at=now, subject="t", organization_id=None)
        Deadline.objects.filter(key=key).update(**changes)


def message(key: str, kind: Delivery.Kind, **changes: object) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        agenda.send(
            kind=kind, key=key, channel="email", address="a@b.example", subject="t",
            payload={}, due_at=now, organization_id=None,
        )  # fmt: skip
        Delivery.objects.filter(key=key).update(**changes)


def ago(**time: float) -> dt.datetime:
    with acting_as(DatabaseRole.ENGINE) as now:
        return now - dt.timedelta(**time)


def test_settled_deadlines_go_after_thirty_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for number in range(5):
        put(f"old {number}", settled_at=ago(days=31))
    put("young", settled_at=ago(days=29))
    put("open", due_at=ago(days=90))
    put("quarantine", failed_at=ago(days=90))
    put("canary", kind="canary", settled_at=ago(days=2))
    assert retention.forget_settled() == {"deadlines": 6, "deliveries": 0, "checks": 0}
    with acting_as(DatabaseRole.ENGINE):
        left = set(Deadline.objects.values_list("key", flat=True))
    assert left == {"young", "open", "quarantine"}


def test_sent_deliveries_go_and_those_that_wait_stay() -> None:
    message("sent", Delivery.Kind.PAGE, sent_at=ago(days=31))
    message("cancelled", Delivery.Kind.PAGE, cancelled_at=ago(days=31))
    message("canary", Delivery.Kind.CANARY, sent_at=ago(days=2))
    message("lost canary", Delivery.Kind.CANARY, failed_at=ago(days=2))
    message("young", Delivery.Kind.EMAIL, sent_at=ago(days=2))
    message("open", Delivery.Kind.PAGE, due_at=ago(days=90))
    message("quarantine", Delivery.Kind.PAGE, failed_at=ago(days=90))
    assert retention.forget_settled() == {"deadlines": 0, "deliveries": 4, "checks": 0}
    with acting_as(DatabaseRole.ENGINE):
        left = set(Delivery.objects.values_list("key", flat=True))
    assert left == {"young", "open", "quarantine"}


def test_expired_answers_of_the_api_go(cast: SimpleNamespace) -> None:
    owner = Viewer.of(cast.owner)
    with acting_for(owner) as now:
        token, _secret = api_tokens.create(
            by=owner,
            organization=cast.star,
            name="monitoring",
            scopes=("tickets:read",),
            expires_at=now + dt.timedelta(days=90),
            now=now,
        )
    with acting_as(DatabaseRole.ENGINE) as now:
        for hours in (1, 24.5, 26):
            IdempotentRequest.objects.create(
                organization=cast.star, token=token, key=str(hours), fingerprint="f",
                created_at=now - dt.timedelta(hours=hours),
            )  # fmt: skip
    assert retention.forget_answers() == {"answers": 1}


def test_checks_of_addresses_go_and_what_they_showed_stays(cast: SimpleNamespace) -> None:
    with acting_as(DatabaseRole.ENGINE) as now:
        method = ContactMethod.objects.create(
            user=cast.engineer, kind="push", address="ntfy://duty", verified_at=now
        )
        for days in (29, 31):
            ContactCheck.objects.create(
                user=cast.engineer,
                method=method,
                address=method.address,
                asked_at=now - dt.timedelta(days=days, hours=1),
                expires_at=now - dt.timedelta(days=days),
            )
    assert retention.forget_settled()["checks"] == 1
    with acting_as(DatabaseRole.ENGINE):
        assert ContactCheck.objects.get().expires_at > now - dt.timedelta(days=30)
        assert ContactMethod.objects.get(pk=method.pk).is_usable


def test_sessions_that_ran_out_go_with_what_was_noted_of_them(cast: SimpleNamespace) -> None:
    with acting_as(DatabaseRole.LOGIN) as now:
        for key, ahead in (("gone", -1), ("here", 1)):
            Session.objects.create(
                session_key=key, session_data="", expire_date=now + dt.timedelta(days=ahead)
            )
            UserSession.objects.create(
                user=cast.owner, session_key=key, ip="127.0.0.1", user_agent="t"
            )
        UserSession.objects.update(last_seen_at=now - dt.timedelta(days=16))
    found = retention.forget_sessions()
    assert (found["sessions"], found["notes of sessions"]) == (1, 1)
    with acting_as(DatabaseRole.LOGIN):
        assert UserSession.objects.get().session_key == "here"
