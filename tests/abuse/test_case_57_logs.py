"""Case 57: nobody writes lines into the log, and no token or message gets into it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from portal import structured_logging
from tests.api.conftest import NEW, Caller

FORGED = "x\r\n2026-11-23 [error] all tickets deleted\x1b[2J\x1b]0;pwned\x07\u2028\x85"
ESCAPES = ("\r", "\x1b", "\x07", "\u2028", "\x85")


@pytest.fixture(params=[True, False], ids=["json", "console"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that is logged, as production or a developer would see it."""
    structured_logging.configure(as_json=request.param, level="DEBUG")
    (handler,) = [
        handler
        for handler in logging.getLogger().handlers
        if type(handler) is logging.StreamHandler
    ]
    written = io.StringIO()
    handler.setStream(written)
    yield written
    structured_logging.configure(as_json=False, level="INFO")


def test_case_57_no_line_is_forged(api: Caller, log: io.StringIO) -> None:
    api.get("/api/v1/tickets/" + "%0d%0a%1b[31mforged/")
    api.send("tickets/", NEW | {"subject": FORGED, "severity": FORGED})
    api.get("/api/v1/tickets/", headers={"User-Agent": FORGED, "Authorization": f"Bearer {FORGED}"})
    logging.getLogger("django.request").warning("Not Found: %s", FORGED)
    written = log.getvalue()
    assert "all tickets deleted" in written
    assert not [escape for escape in ESCAPES if escape in written]
    assert not [line for line in written.splitlines() if line.startswith("2026-11-23 [error]")]


def test_case_57_no_token_and_no_message_is_logged(
    api: Caller, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret: Any = api.defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    api.send("tickets/", NEW | {"body": "CANARY-OF-THE-BODY"})
    api.send("tickets/", NEW | {"body": "CANARY-OF-THE-BODY", "severity": "wrong"})

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("tickets.promises.start", fail)
    api.raise_request_exception = False
    assert api.send("tickets/", NEW | {"body": "CANARY-OF-THE-BODY"}).status_code == 500
    written = log.getvalue()
    assert "a fault of ours" in written
    assert secret not in written
    assert secret[10:30] not in written
    assert "CANARY" not in written
