"""Who counts as being in a chat: reckoned from when their page last said it was open."""

from __future__ import annotations

import datetime as dt
from typing import Final

# Pages say so every 20 seconds while they are seen; one lost in between changes nothing.
BEAT_SECONDS: Final = 20
HERE_FOR: Final = dt.timedelta(seconds=60)
# Shown for a moment; told again no sooner than this by one person.
TYPING_EVERY_SECONDS: Final = 2
# Whoever is gone for so long reads what they missed by mail.
LEFT_AFTER: Final = dt.timedelta(minutes=2)


def is_here(seen_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether that side is looking at the chat, as the other side is shown it."""
    return seen_at is not None and now - seen_at < HERE_FOR


def left_at(seen_at: dt.datetime | None) -> dt.datetime | None:
    """When that side counts as having left; None if it was never there. UTC."""
    return None if seen_at is None else seen_at + LEFT_AFTER


def has_left(seen_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether what is written now goes to that side by mail at once."""
    left = left_at(seen_at)
    return left is None or left <= now
