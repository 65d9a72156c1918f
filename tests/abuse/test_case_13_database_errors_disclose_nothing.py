"""Case 13: a refused constraint names no row, no table and no constraint."""

from typing import Any

import pytest
from django.db import connection

from tests.api.conftest import NEW, Caller
from tickets.models import Ticket

COLLIDES = """
insert into accounts_organization
    (name, slug, key, plan, scenario, peak_hours, ticket_count, created_at)
select 'x', 'starcast', 'OTHER', 'trial', '', '', 0, now()
"""
POINTS_NOWHERE = """
insert into tickets_follower (organization_id, ticket_id, user_id, at)
select organization_id, id, 999999999, now() from tickets_ticket limit 1
"""
TOO_LONG = "update tickets_ticket set platform = repeat('secret', 9)"


@pytest.mark.parametrize("statement", [COLLIDES, POINTS_NOWHERE, TOO_LONG])
def test_case_13(api: Caller, monkeypatch: pytest.MonkeyPatch, statement: str) -> None:
    def collide(*_args: Any, **_kwargs: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            if statement is COLLIDES:  # only the engine's role may write there
                cursor.execute("select set_config('role', 'vigil_engine', true)")
            cursor.execute(statement)

    monkeypatch.setattr("tickets.promises.start", collide)
    response = api.send("tickets/", NEW)
    assert (response.status_code, response.content) == (
        400,
        b'{"detail":"This is not possible."}',
    )
    assert not Ticket.objects.exists()
