"""The telephone provider for bench scripts: calls our webhooks over HTTP and holds recordings.

Calls are those of `tests.telephone`, sent to a running site; recordings are served as the
provider serves them, to who logs in with the account.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests
from django.conf import settings

from tests.telephone import ACCOUNT, ENVIRONMENT, TOKEN

TIMEOUT_SECONDS = 30
SOUND = b"ID3\x04" + bytes(range(256)) * 64


class Answer:
    """A response as Django's test client gives it."""

    def __init__(self, response: requests.Response) -> None:
        self.status_code, self.content = response.status_code, response.content
        self._headers = response.headers

    def __getitem__(self, name: str) -> str:
        return self._headers[name]


@dataclass
class Line:
    """Sends webhooks to the site at `url`; in the place of Django's test client."""

    url: str

    def post(self, path: str, body: str, *, content_type: str, headers: dict[str, str]) -> Answer:
        sent = {"Content-Type": content_type, **headers}
        return Answer(
            requests.post(self.url + path, data=body, headers=sent, timeout=TIMEOUT_SECONDS)
        )


@dataclass
class Store:
    """What the provider keeps: recordings by their number; `fetched` counts."""

    address: str = ""
    fetched: list[str] = field(default_factory=list)


@contextmanager
def recordings() -> Iterator[Store]:
    """Yield the provider's store; every recording exists, and not every first fetch succeeds."""
    store = Store()
    login = "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    seen: set[str] = set()

    class Fetch(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802  named by the base class
            if self.headers.get("Authorization") != login:
                self._answer(401, b"")
            elif self.path not in seen:
                seen.add(self.path)
                self._answer(404, b"")  # not ready yet, as it happens
            else:
                store.fetched.append(self.path)
                self._answer(200, SOUND)

        def _answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Fetch) as server:
        store.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()


def environment(store: Store) -> dict[str, str]:
    """What a site needs to have this hotline."""
    return ENVIRONMENT | {"VIGIL_TWILIO_API": store.address}


def reach(url: str) -> Line:
    """A line to the site; what is signed names its address."""
    settings.PUBLIC_URL = url
    settings.TWILIO_AUTH_TOKEN = TOKEN
    return Line(url)
