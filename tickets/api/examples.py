"""Requests as an integrator would send them, for the API's description."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import OpenApiExample

EXAMPLE_TICKET: Final = OpenApiExample(
    "A monitoring system reports an outage",
    request_only=True,
    value={
        "subject": "Messages in large rooms stopped at 02:50 UTC",
        "body": "Rooms above 5,000 members receive nothing. Smaller rooms are fine.",
        "severity": "urgent",
        "product": "im",
        "platform": "android",
        "sdk_version": "4.2.1",
        "environment": "production",
    },
)
EXAMPLE_REPLY: Final = OpenApiExample(
    "An answer",
    request_only=True,
    value={"body": "The logs of room 88123 from 02:48 to 02:55 are in our bucket."},
)
