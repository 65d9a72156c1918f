"""Case 48: nobody of staff edits themselves into more; the database refuses it too."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, transaction

from accounts.access import admin_permission
from accounts.models import Delivery, StaffProfile, User
from accounts.tenancy import DatabaseRole, acting_as

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", ["user", "staffprofile", "contactmethod", "organization"])
@pytest.mark.parametrize("action", ["add", "change", "delete"])
def test_the_admin_lets_managers_alone_edit_people(
    cast: SimpleNamespace, model: str, action: str
) -> None:
    permission = f"accounts.{action}_{model}"
    assert not admin_permission(cast.engineer, permission)
    assert not admin_permission(cast.owner, permission)
    assert admin_permission(cast.lead, permission)


def test_nothing_that_runs_code_or_grants_rights_is_in_the_admin() -> None:
    names = {model._meta.label for model in admin.site._registry}
    assert not [name for name in names if name.startswith(("django_q.", "auth.", "sessions."))]


@pytest.mark.parametrize(
    "change",
    [
        {"is_staff": True},
        {"is_active": True},
        {"email": "me@vigil.example"},
        {"password": "md5$known"},
    ],
)
def test_the_database_lets_managers_alone_decide_who_logs_in(
    cast: SimpleNamespace, change: dict[str, Any]
) -> None:
    cast.former.is_active = False
    cast.former.save()
    target = User.objects.filter(pk=cast.former.pk)
    with pytest.raises(ProgrammingError, match="only a manager"), transaction.atomic():
        with acting_as(DatabaseRole.STAFF, user_id=cast.engineer.pk):
            target.update(**change)
    with acting_as(DatabaseRole.STAFF, user_id=cast.lead.pk):
        assert target.update(**change) == 1


def test_the_database_lets_no_engineer_make_a_manager(cast: SimpleNamespace) -> None:
    mine = StaffProfile.objects.filter(user=cast.engineer)
    for change in ({"is_manager": True}, {"level": "lead"}, {"user": cast.former}):
        with pytest.raises(ProgrammingError, match="only a manager"), transaction.atomic():
            with acting_as(DatabaseRole.STAFF, user_id=cast.engineer.pk):
                mine.update(**change)
    with acting_as(DatabaseRole.STAFF, user_id=cast.lead.pk):
        assert mine.update(level="L3") == 1


@pytest.mark.parametrize("role", [DatabaseRole.STAFF, DatabaseRole.CUSTOMER, DatabaseRole.LOGIN])
def test_without_a_manager_in_the_transaction_no_staff_is_made(
    cast: SimpleNamespace, role: DatabaseRole
) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), acting_as(role):
        User.objects.create_user("eve@vigil.example", "x", name="Eve", is_staff=True)


def test_a_former_managers_profile_gives_no_power(cast: SimpleNamespace) -> None:
    User.objects.filter(pk=cast.lead.pk).update(is_active=False)
    with pytest.raises(ProgrammingError, match="only a manager"), transaction.atomic():
        with acting_as(DatabaseRole.STAFF, user_id=cast.lead.pk):
            StaffProfile.objects.filter(user=cast.engineer).update(is_manager=True)


def test_staff_read_neither_sessions_nor_links_to_reset_a_password(
    cast: SimpleNamespace, client: Any
) -> None:
    client.post("/accounts/password/reset/", {"email": cast.lead.email})
    assert Delivery.objects.filter(address=cast.lead.email).exists()
    with acting_as(DatabaseRole.STAFF, user_id=cast.engineer.pk):
        assert not Delivery.objects.filter(address=cast.lead.email).exists()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        with acting_as(DatabaseRole.STAFF, user_id=cast.engineer.pk):
            Session.objects.count()


def test_extra_fields_in_a_form_change_nothing(cast: SimpleNamespace, browser_of: Any) -> None:
    browser_of(cast.developer).post(
        "/settings/profile/",
        {"name": "Bob", "language": "en", "time_zone": "UTC", "is_staff": "on", "role": "owner"},
    )
    cast.developer.refresh_from_db()
    assert cast.developer.name == "Bob"
    assert not cast.developer.is_staff
