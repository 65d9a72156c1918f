"""Whether promises are at risk because the machinery behind them fails, for pages and `/healthz`.

Pages ask on every view, so what was read is kept for a few seconds; and it is read over a
connection outside the request's transaction, so that no reader's role matters.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Final

import psycopg
from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg_pool import PoolTimeout

from portal import process_beats, shared_cache
from portal.engine import health
from portal.engine.health import EngineStatus
from portal.process_beats import ProcessBeat
from portal.startup_checks import Cursor

KEPT_SECONDS: Final = 5.0
WATCHDOG_SILENT: Final = 30.0  # it beats every three seconds
WORKER_SILENT: Final = 90.0  # every half minute
MAIL_SILENT: Final = 30.0  # every five seconds
PAGING: Final = frozenset({"database", "engine", "deadlines", "pages", "canary", "promises"})


@dataclass(frozen=True)
class AlarmState:
    """What engine, worker, mail and watchdog say of themselves; ages are seconds."""

    engine: EngineStatus
    beats: dict[str, ProcessBeat] = field(default_factory=dict)

    @property
    def worker_is_ok(self) -> bool:
        return self._is_fresh("worker", WORKER_SILENT)

    @property
    def mail_is_ok(self) -> bool:
        """Whether mail is taken in; a mailbox that is away is a trouble of its own."""
        return self._is_fresh("mail", MAIL_SILENT)

    @property
    def watchdog_is_ok(self) -> bool:
        return self._is_fresh("watchdog", WATCHDOG_SILENT)

    @property
    def troubles(self) -> tuple[str, ...]:
        """Keys of what a living watchdog finds wrong."""
        return self.beats["watchdog"].troubles if self.watchdog_is_ok else ()

    @property
    def is_ok(self) -> bool:
        processes = self.engine.is_ok and self.worker_is_ok and self.mail_is_ok
        return processes and self.watchdog_is_ok and not self.troubles

    @cached_property
    def paging_is_delayed(self) -> bool:
        """Whether promises are at risk."""
        return not self.engine.is_ok or not PAGING.isdisjoint(self.troubles)

    @property
    def lines(self) -> list[str]:
        """What staff should know, the worst first; nothing when all is well."""
        found = []
        if self.engine.state == "silent":
            age = self.engine.beat_age
            found.append(
                _("Paging is delayed: no engine is running.")
                if age is None
                else _("Paging is delayed: engine silent for %(span)s.") % {"span": spoken(age)}
            )
        elif self.engine.state == "late":
            late = spoken(self.engine.late_by or 0.0)
            found.append(
                _("Paging is delayed: something due has waited for %(span)s.") % {"span": late}
            )
        elif "promises" in self.troubles:
            found.append(_("Promises lie in quarantine: nobody is rung for them."))
        elif self.paging_is_delayed:
            found.append(_("Paging is delayed: a trial page or a real one does not come through."))
        if found:
            words = {"trouble": found[0]}
            found[0] = _("%(trouble)s Watch the queue: people may not be rung.") % words
        elif "mail-out" in self.troubles:
            found.append(_("A trial page by mail does not come through: mail may not leave."))
        if not self.watchdog_is_ok:
            beat = self.beats.get("watchdog")
            found.append(
                _("No watchdog is running: nobody is told when paging stops.")
                if beat is None
                else _("The watchdog is silent for %(span)s: nobody is told when paging stops.")
                % {"span": spoken(beat.age)}
            )
        if mail := self._mail_line():
            found.append(mail)
        return found

    @property
    def emergency_line(self) -> str:
        return settings.EMERGENCY_LINE

    def _mail_line(self) -> str:
        """Customers who write to us do not know that nobody reads it, so staff must."""
        beat = self.beats.get("mail")
        if beat is None:
            return _("No mail process is running: no mail is taken in.")
        if not self.mail_is_ok:
            text = _("The mail process is silent for %(span)s: no mail is taken in.")
            return text % {"span": spoken(beat.age)}
        if "mail" in self.troubles:
            return _("Mail that came in waits to be understood for too long.")
        if "mailboxes" in self.troubles:
            return _("A mailbox cannot be read: mail sent there does not come in.")
        return ""

    def _is_fresh(self, process: str, limit: float) -> bool:
        beat = self.beats.get(process)
        return beat is not None and beat.age <= limit


class _Kept:
    """The state as it was read last."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.state: AlarmState | None = None
        self.read_at = 0.0


_kept = _Kept()


def current() -> AlarmState | None:
    """The state, at most a few seconds old; None when the database does not tell."""
    if time.monotonic() - _kept.read_at < KEPT_SECONDS:
        return _kept.state
    if not _kept.lock.acquire(blocking=False):
        return _kept.state  # somebody else is reading it at this moment
    try:
        with shared_cache.own_connections().connection() as connection:
            _kept.state = read(connection.cursor())
    except (psycopg.Error, PoolTimeout):
        _kept.state = None  # the page has a database of its own to say so, if it is away
    finally:
        _kept.read_at = time.monotonic()
        _kept.lock.release()
    return _kept.state


def read(cursor: Cursor) -> AlarmState:
    """Two small queries, as the login itself or any role that may read the beats."""
    return AlarmState(health.read(cursor), process_beats.read(cursor))


def spoken(seconds: float) -> str:
    """A length of time in the reader's language: "45 s", "3 min"."""
    if seconds < 120:
        return _("%(count)d s") % {"count": round(seconds)}
    minutes = round(seconds / 60)
    return ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
