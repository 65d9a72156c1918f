"""The real process under its real server."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from types import SimpleNamespace
from urllib.parse import urlsplit

from django.conf import settings

from portal.database import DatabaseUrls
from tests.live_cast import happen
from tests.live_stream import session_of
from tests.processes import Processes, processes

STOP_SECONDS = 2.5  # the server kills a worker that takes five


@contextmanager
def stream(run: Processes, cookie: str) -> Iterator[http.client.HTTPResponse]:
    address = urlsplit(run.live_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "Origin": run.url}
    connection.request("GET", address.path, headers=headers)
    with closing(connection), connection.getresponse() as response:
        yield response


def test_it_streams_and_stops_at_once_while_pages_are_open(
    committed_database: DatabaseUrls, live_cast: SimpleNamespace
) -> None:
    with processes(committed_database) as run, ExitStack() as stack:
        run.start("live")
        cookie = session_of(live_cast.developer)
        streams = [stack.enter_context(stream(run, cookie)) for _ in range(3)]
        assert [one.status for one in streams] == [200, 200, 200]
        assert streams[0].headers["Access-Control-Allow-Origin"] == run.url
        event = happen(live_cast.star, "ticket/7")
        expected = [b"retry: 1000", b"", b"event: change", f"id: {event.pk}".encode()]
        for one in streams:
            assert [one.readline().strip() for _ in expected] == expected
        assert run.end("live") < STOP_SECONDS
        assert b"bye" not in streams[0].read()
