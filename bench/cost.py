"""What some work costs: wall time, and the processor's time of Python and of the database.

The processor's time says more where other work runs beside.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil
from django.db import connection


@dataclass(frozen=True, slots=True)
class Cost:
    """`rate` is in pieces a second; the others are milliseconds of processor for each piece."""

    rate: float
    python: float
    database: float

    def __str__(self) -> str:
        return (
            f"{self.rate:.0f}/s (CPU ms each: Python {self.python:.2f},"
            f" database {self.database:.2f})"
        )


def cost(count: int, work: Callable[[], object]) -> Cost:
    """Do the work, which handles `count` pieces on this thread's connection."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])
    before, python, began = _busy(backend), time.process_time(), time.perf_counter()
    work()
    took, python = time.perf_counter() - began, time.process_time() - python
    busy = _busy(backend) - before
    return Cost(count / took, 1000 * python / count, 1000 * busy / count)


def _busy(process: psutil.Process) -> float:
    """Seconds the processor has worked for it."""
    times = process.cpu_times()
    return float(times.user + times.system)
