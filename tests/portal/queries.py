"""Count the queries of a request as production would make them."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

# The transaction of a request and its role are the tests' savepoints and `set_config`.
_FRAME = ("SAVEPOINT", "RELEASE", "ROLLBACK", "select set_config", "select current_setting")


def queries_of(client: Any, address: str) -> list[str]:
    """The SQL statements of one page that answers 200."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(address)
    assert response.status_code == 200, response.status_code
    return [query["sql"] for query in captured if not query["sql"].strip().startswith(_FRAME)]
