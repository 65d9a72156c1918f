"""Case 50: twenty requests at once with one Idempotency-Key have one effect."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts import api_tokens
from accounts.access import Role
from accounts.models import IdempotentRequest
from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from portal.database import DatabaseUrls
from tests import factories
from tests.api.conftest import NEW
from tickets.models import Ticket

REQUESTS = 20


def test_case_50(committed_database: DatabaseUrls) -> None:
    cache.clear()
    secret = _token()
    together = Barrier(REQUESTS)

    def send(_number: int) -> Any:
        together.wait()
        try:
            return Client().post(
                "/api/v1/tickets/",
                NEW,
                content_type="application/json",
                headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "one"},
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(REQUESTS) as threads:
        answers = list(threads.map(send, range(REQUESTS)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer for answer in answers) == 1
    with acting_as(DatabaseRole.ENGINE):
        assert Ticket.objects.count() == 1
        assert IdempotentRequest.objects.count() == 1


def test_case_50_other_body(committed_database: DatabaseUrls) -> None:
    cache.clear()
    headers = {"Authorization": f"Bearer {_token()}", "Idempotency-Key": "one"}
    codes = [
        Client()
        .post("/api/v1/tickets/", body, content_type="application/json", headers=headers)
        .status_code
        for body in (NEW, NEW | {"subject": "Another"})
    ]
    assert codes == [201, 422]


def _token() -> str:
    with acting_as(DatabaseRole.ENGINE):
        star = factories.organization("StarCast", key="STAR")
        owner = Viewer.of(factories.member(star, Role.OWNER, "Olivia Owner"))
    with acting_for(owner) as now:
        _row, secret = api_tokens.create(
            by=owner,
            organization=star,
            name="test",
            scopes=["tickets:write"],
            now=now,
            expires_at=now + dt.timedelta(days=1),
        )
    return secret
