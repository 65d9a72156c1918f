"""A small client for the server API v3. Python 3.9 or newer, nothing else to install."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from typing import Any

BASE = "https://api.im.vigil.example"
BATCH = 100  # messages in one call
TRIES = 5


class VigilError(Exception):
    """What the server answered: code 4290, name ERR_APP_RATE_LIMIT, and a request id."""

    def __init__(self, status: int, answer: dict[str, Any]) -> None:
        super().__init__(f"{answer.get('code')} {answer.get('name')}: {answer.get('message')}")
        self.status = status
        self.code = answer.get("code")
        self.request_id = answer.get("request_id")


def authorization(
    app: str, kid: str, certificate: bytes, method: str, path: str, body: bytes, *, ts: int, nonce: str
) -> str:
    """The header Authorization. `path` includes the query; `ts` is Unix seconds."""
    digest = hashlib.sha256(body).hexdigest()
    text = "\n".join([method, path, str(ts), nonce, digest])
    sig = hmac.new(certificate, text.encode(), hashlib.sha256).hexdigest()
    return f"VIGIL-HMAC-SHA256 app={app},kid={kid},ts={ts},nonce={nonce},sig={sig}"


class Api:
    def __init__(
        self,
        app: str,
        kid: str,
        certificate: bytes,
        *,
        base: str = BASE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._app, self._kid, self._certificate = app, kid, certificate
        self._base, self._sleep = base, sleep

    def call(self, method: str, path: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
        """One call. Waits and tries again on 429 and 5xx, at most five times."""
        body = json.dumps(data).encode() if data is not None else b""
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(method, path, body)
            except urllib.error.HTTPError as error:
                answer = _read_error(error)
                if attempt == TRIES or (error.code != 429 and error.code < 500):
                    raise VigilError(error.code, answer) from error
                wait = float(error.headers.get("retry-after") or 2**attempt)
                self._sleep(wait + random.random())  # not all workers at once
        raise AssertionError("not reached")

    def _once(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        header = authorization(
            self._app,
            self._kid,
            self._certificate,
            method,
            path,
            body,
            ts=int(time.time()),
            nonce=secrets.token_hex(16),  # new for every try, or 7007
        )
        request = urllib.request.Request(
            self._base + path,
            data=body or None,
            method=method,
            headers={"authorization": header, "content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            result: dict[str, Any] = json.load(response)
            return result

    def send_text(self, conversation: str, sender: str, text: str, *, client_id: str) -> str:
        """Returns the message id. The same client_id within 24 hours sends once."""
        sent = self.call(
            "POST",
            "/v3/messages",
            {
                "conversation": conversation,
                "sender": sender,
                "client_id": client_id,
                "body": {"type": "text", "text": text},
            },
        )
        return str(sent["id"])

    def send_many(self, messages: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Sends in full batches of 100; yields one result for each message, in order."""
        batch: list[dict[str, Any]] = []
        for message in messages:
            batch.append(message)
            if len(batch) == BATCH:
                yield from self._send_batch(batch)
                batch = []
        if batch:
            yield from self._send_batch(batch)

    def _send_batch(self, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        results = self.call("POST", "/v3/messages/batch", {"messages": batch})["results"]
        return list(results)


def _read_error(error: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        answer = json.loads(error.read())
    except ValueError:  # a proxy's own page
        return {"message": error.reason}
    return answer if isinstance(answer, dict) else {"message": str(answer)}
