"""Count what a page reads: its queries without the wrapping of transactions and roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_WRAPPING = ("SAVEPOINT", "RELEASE", "select set_config", "select current_setting")


@contextmanager
def page_queries() -> Iterator[list[str]]:
    """The statements sent in the block, filled in at its end."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [
        query["sql"]
        for query in captured.captured_queries
        if not query["sql"].strip().startswith(_WRAPPING)
    ]
