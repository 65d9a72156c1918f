"""Refuse connections into our own network while a message goes to an address somebody chose.

The check is made at the connection itself, with the very address that is connected to: neither
a redirection nor a name that leads elsewhere the second time it is asked gets past it.
"""

from __future__ import annotations

import contextvars
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts import outward


@dataclass
class Guard:
    """What was refused within the block."""

    refused: bool = False


class LeadsInside(OSError):
    """The connection would have led into our own network."""


_guard: contextvars.ContextVar[Guard | None] = contextvars.ContextVar("outward_only", default=None)


@contextmanager
def outward_only() -> Iterator[Guard]:
    """In this block, this thread connects to no machine inside but those the settings allow."""
    guard = Guard()
    token = _guard.set(guard)
    try:
        yield guard
    finally:
        _guard.reset(token)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in ("socket.connect", "socket.sendto"):
        return
    guard = _guard.get()
    if guard is not None and not _may_connect(arguments[1]):
        guard.refused = True
        raise LeadsInside("This address leads into our own network.")


def _may_connect(target: Any) -> bool:
    """Whether that is an IP address outside; a path on this machine or a bare name never is."""
    if not isinstance(target, tuple) or not isinstance(target[0], str):
        return False
    address = outward.literal(target[0])
    return address is not None and outward.is_outside(address, allowed=settings.PAGES_INSIDE)


sys.addaudithook(_watch)  # Python tells it of every connection before it is made
