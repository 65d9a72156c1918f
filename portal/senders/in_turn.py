"""Try one way after the other until one takes the message."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog
from django.db.utils import Error as DatabaseError

from portal.senders import PermanentFailure, TemporaryFailure

log = structlog.get_logger(__name__)


def first_to_take(ways: Sequence[Callable[[], None]], *, key: str) -> tuple[int, str]:
    """The place of the way that took it, and what those before it said.

    The failure of a single way is raised as it is. When all of several fail it is
    `PermanentFailure` if each refused for good, and `TemporaryFailure` otherwise, with all
    their words. An error of our own database is nobody's refusal and ends it at once.
    """
    failures: list[Exception] = []
    for place, way in enumerate(ways):
        try:
            way()
        except DatabaseError:
            raise
        except Exception as problem:
            failures.append(problem)
            if len(ways) == 1:
                raise
            log.warning("one way failed", key=key, way=place, problem=said(problem))
        else:
            return place, _words(failures)
    is_final = all(isinstance(one, PermanentFailure) for one in failures)
    kind = PermanentFailure if is_final else TemporaryFailure
    raise kind(_words(failures)) from failures[-1]


def said(problem: Exception) -> str:
    """A failure in one line; never with the address, which may be a secret."""
    return f"{type(problem).__name__}: {problem}"[:240]


def _words(failures: Sequence[Exception]) -> str:
    return " Fallback: ".join(said(one) for one in failures)
