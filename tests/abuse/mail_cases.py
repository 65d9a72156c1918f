"""What the cases about mail share: our own server's word decides who is proven."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mails import OURS


@pytest.fixture(autouse=True)
def our_server_checks(settings: Any) -> None:
    settings.MAIL_PROOF, settings.MAIL_AUTHSERV_IDS = "authserv", frozenset({OURS})
