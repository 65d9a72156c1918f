"""Abuse case 16: turn a note into a reply, or edit what was sent."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import lifecycle
from tickets.models import Entry

pytestmark = pytest.mark.django_db
ROLES = [DatabaseRole.CUSTOMER, DatabaseRole.STAFF, DatabaseRole.ENGINE]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("fields", [{"kind": "reply"}, {"body": "Never said."}, {"at": NOON}])
def test_nobody_can_change_an_entry(
    cast: SimpleNamespace, role: DatabaseRole, fields: dict[str, Any]
) -> None:
    ticket = factories.ticket(cast.developer)
    lifecycle.add_note(ticket=ticket, by=Viewer.of(cast.engineer), body="Note.", now=NOON)
    with (
        acting_as(role, organizations=[cast.star.pk], user_id=cast.developer.pk),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        Entry.objects.update(**fields)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_can_remove_an_entry(cast: SimpleNamespace, role: DatabaseRole) -> None:
    factories.ticket(cast.developer)
    with (
        acting_as(role, organizations=[cast.star.pk], user_id=cast.developer.pk),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        Entry.objects.all()._raw_delete("default")
