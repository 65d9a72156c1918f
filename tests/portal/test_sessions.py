"""Sessions when the database goes away."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, OperationalError

from tests.cast import LoginClient


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (OperationalError("terminating connection"), 503),  # the page that says so
        (DatabaseError("Forced update did not affect any rows."), 400),  # logged out meanwhile
    ],
)
def test_a_database_that_went_away_is_not_called_a_bad_request(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int
) -> None:
    client = LoginClient(raise_request_exception=False)
    client.force_login(cast.developer)

    def fail(*_: Any, **__: Any) -> None:
        raise problem

    monkeypatch.setattr(Session, "save", fail)
    assert client.get("/").status_code == status  # the first one notes where it came from
