"""Case 55: no page numbers, no wildcards, small pages, and statements that end by themselves."""

from base64 import b64encode
from types import SimpleNamespace

import pytest
from django.db import connection

from tests import factories
from tests.api.conftest import Caller


@pytest.mark.parametrize(
    "query",
    [
        "page=1000000000",
        "offset=1000000000",
        "limit=1000000000",
        "page_size=1000000000",
        "search=%25%25%25%25",
        "subject__regex=(a%2B)%2B%24",
    ],
)
def test_case_55(api: Caller, cast: SimpleNamespace, query: str) -> None:
    factories.ticket(cast.owner)
    assert api.get(f"/api/v1/tickets/?{query}").status_code == 400


def test_case_55_a_forged_cursor_reaches_no_deeper(api: Caller, cast: SimpleNamespace) -> None:
    factories.ticket(cast.owner)
    factories.ticket(cast.stranger)
    for forged in (b"o=1000000000", b"p=1000000000000000000000000", b"r=1&p=-5", b"p=2&p=3&o=-1"):
        response = api.read("tickets/", cursor=b64encode(forged).decode())
        assert response.status_code in {200, 400}
        assert "BRIT" not in response.content.decode()


def test_case_55_a_statement_ends_after_two_seconds(
    api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(_view: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('statement_timeout'), current_user::text")
            seen.append(cursor.fetchone())

    monkeypatch.setattr("tickets.api.views.TicketViewSet._visible", look)
    with pytest.raises(AttributeError):
        api.read("tickets/")
    assert seen == [("2s", "vigil_customer")]


def test_case_55_a_statement_that_took_too_long_is_503(
    api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(_view: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = '1ms'")
            cursor.execute("select pg_sleep(1)")

    monkeypatch.setattr("tickets.api.views.TicketViewSet._visible", wait)
    response = api.read("tickets/")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "pg_sleep" not in response.content.decode()
