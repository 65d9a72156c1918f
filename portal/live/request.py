"""What a browser asks for: the parts of an HTTP request that the stream looks at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import parse_cookie

from accounts.widget_identity import KEY_PREFIX, digest
from portal.live.listener import WIDGET

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

LONGEST_ID = 18  # digits that fit a bigint


@dataclass(frozen=True, slots=True)
class Request:
    """`after` is the last event the page knows; `resumes` whether it named one at all.

    The chat widget has no cookie: its key comes in a header, and goes before any session.
    """

    session_key: str
    origin: str
    fetch_site: str
    resumes: bool
    after: int | None

    @classmethod
    def of(cls, scope: Message) -> Request:
        headers = {name.decode("latin-1").lower(): value for name, value in scope["headers"]}
        text = {name: value.decode("latin-1") for name, value in headers.items()}
        query = parse_qs(scope["query_string"].decode("latin-1"))
        # What the browser itself has seen is newer than what the page was made with.
        place = text.get("last-event-id") or query.get("after", [""])[0]
        session_key = parse_cookie(text.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
        bearer = text.get("authorization", "").removeprefix("Bearer ")
        return cls(
            session_key=_widget(bearer) or _session(session_key),
            origin=text.get("origin", ""),
            fetch_site=text.get("sec-fetch-site", ""),
            resumes=bool(place),
            after=_event_id(place),
        )

    def comes_from(self, origin: str) -> bool:
        """Whether one of our own pages asks, as far as the browser tells.

        A page of the same origin sends no `Origin` with a GET; a foreign one always does, or is
        given away by `Sec-Fetch-Site`. Programs send neither.
        """
        if self.origin:
            return self.origin == origin
        return self.fetch_site in ("", "same-origin", "none")

    def headers(self, origin: str) -> list[Header]:
        """Of every answer: kept nowhere, passed on at once, readable by our own pages only."""
        found = [
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-content-type-options", b"nosniff"),
            (b"vary", b"Origin, Cookie"),
        ]
        if self.origin == origin:
            found += [
                (b"access-control-allow-origin", origin.encode()),
                (b"access-control-allow-credentials", b"true"),
            ]
        return found


def origin_of(url: str) -> str:
    """Return the origin of a URL as browsers write it: https://vigil.example"""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _session(key: str) -> str:
    return key if key.isascii() and key.isalnum() else ""


def _widget(bearer: str) -> str:
    """A name for the frame with that key; empty for what is none."""
    return WIDGET + digest(bearer) if bearer.startswith(KEY_PREFIX) else ""


def _event_id(text: str) -> int | None:
    fits = text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
    return int(text) if fits else None
