"""Abuse case 46, live stream: deactivated, password changed, logged out → dead within 10 s."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session

from accounts.models import Membership, User
from accounts.tenancy import DatabaseRole, acting_as
from portal.live.revocation import CHECK_SECONDS
from tests.live_stream import Live, session_of


def deactivate(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def change_password(person: User) -> None:
    person.set_password("an entirely new password")
    person.save()


def end_sessions(person: User) -> None:
    Session.objects.all().delete()


def let_sessions_expire(person: User) -> None:
    Session.objects.update(expire_date=person.date_joined)


def remove_from_organization(person: User) -> None:
    Membership.objects.filter(user=person).delete()


@pytest.mark.parametrize(
    ("end_access", "role"),
    [
        (deactivate, DatabaseRole.ENGINE),
        (change_password, DatabaseRole.ENGINE),
        (end_sessions, DatabaseRole.LOGIN),
        (let_sessions_expire, DatabaseRole.LOGIN),
        (remove_from_organization, DatabaseRole.ENGINE),
    ],
)
def test_the_stream_is_dead_within_ten_seconds(
    live_process: Live,
    live_cast: SimpleNamespace,
    end_access: Callable[[User], None],
    role: DatabaseRole,
) -> None:
    cookie = session_of(live_cast.developer)
    page = live_process.open(cookie)
    with acting_as(role):
        end_access(User.objects.get(pk=live_cast.developer.pk))
    assert CHECK_SECONDS < 10
    live_process.advance(CHECK_SECONDS)
    assert page.next()["event"] == "bye"
    page.wait_closed()
    assert live_process.open(cookie).status in (401, 403)
