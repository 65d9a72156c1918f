"""What a customer's backend does for the chat widget: sign who is there."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import jwt


def signed(
    secret: str, *, email: str, now: dt.datetime, organization: str = "STAR", **claims: Any
) -> str:
    """A token as docs/widget.md says; `claims` replace the usual ones, None leaves one out."""
    seconds = int(now.timestamp())
    usual: dict[str, Any] = {
        "iss": organization,
        "aud": "vigil-widget",
        "sub": email,
        "iat": seconds,
        "exp": seconds + 300,
        "jti": uuid.uuid4().hex,
    }
    told = {name: value for name, value in (usual | claims).items() if value is not None}
    return jwt.encode(told, secret, algorithm="HS256")
