"""The time this process goes by; tests put their own in its place."""

from __future__ import annotations

import asyncio
import time


class Clock:
    def now(self) -> float:
        """Seconds since some moment, never going back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
