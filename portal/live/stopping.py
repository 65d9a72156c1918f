"""What the process needs of the operating system: to hear that it must stop, and many sockets."""

from __future__ import annotations

import asyncio
import resource
import signal
import threading
from collections.abc import Callable
from types import FrameType


def on_stop(stop: Callable[[], None]) -> None:
    """Call `stop` on the loop at SIGTERM or SIGINT, beside whatever else happens then.

    The server ends only when its last request has, and a stream is a request without an end; it
    tells the application about the shutdown only afterwards. asyncio hears of signals through a
    file descriptor of its own, so the server's handlers on the loop stay in force.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()

    def told(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
        signal.siginterrupt(number, False)  # as asyncio has it: calls go on afterwards


def allow_many_connections() -> None:
    """Use as many file descriptors as the machine allows: each stream takes one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
