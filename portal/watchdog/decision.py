"""What is wrong, from what was observed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DATABASE_SILENT: Final = 15.0
ENGINE_SILENT: Final = 15.0  # it beats every two seconds
DEADLINE_LATE: Final = 30.0
CHORE_LATE: Final = 300.0
PAGE_LATE: Final = 60.0  # what is promised; a killed engine's page leaves after some 45
# With the 60 s it may take and the switch's 60 + 120 s (docs/operations.md) still within 5 minutes.
CANARY_EVERY: Final = 45.0
CANARY_LATE: Final = 60.0
CANARY_MISSING: Final = CANARY_EVERY + CANARY_LATE + 15.0
WORKER_SILENT: Final = 90.0  # it beats every half minute
MAIL_SILENT: Final = 30.0  # it beats every five seconds
MAIL_LATE: Final = 60.0
DISK_SILENT: Final = 60.0
CLOCK_JUMPED: Final = 30.0
MANY_MAILS: Final = 10  # one that failed is a wrong address; so many are not


@dataclass(frozen=True, slots=True)
class InDatabase:
    """What one look into the database found.

    All times are seconds. `engine_silent`, `worker_silent` and `mail_silent` are since their
    beats last changed, by the watchdog's own clock; the others how long the row waiting longest
    has been due, by the database's, None when none is. `lost_promises` are all that lie in
    quarantine, other failures those of the last 15 minutes; `clock_jumped` is by how much the
    database's clock ran away from ours in that time. `mailboxes_away` names mailboxes.
    """

    engine_silent: float
    worker_silent: float
    mail_silent: float = 0.0
    deadline_late: float | None = None
    chore_late: float | None = None
    page_late: float | None = None
    mail_late: float | None = None
    mailboxes_away: tuple[str, ...] = ()
    lost_promises: int = 0
    failed_deadlines: int = 0
    failed_pages: int = 0
    failed_mails: int = 0
    clock_jumped: float = 0.0


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything the decision is made from; ages are seconds by the watchdog's own clock.

    `watched` is for how long the watchdog has been awake and the database answering without a
    break: nobody is blamed for more than that. `database_age` and `disk_age` are since the last
    look that succeeded; `canary_waits` since the oldest canary was planted that has not come,
    `canary_age` since the last one came, `mailed_waits` and `mailed_age` the same of those that
    go by the mail server. `disk_free` and `disk_wanted` are bytes.
    """

    watched: float
    database_age: float
    database: InDatabase | None
    canary_waits: float | None
    canary_age: float
    mailed_waits: float | None = None
    mailed_age: float = 0.0
    disk_age: float = 0.0
    disk_free: int | None = None
    disk_wanted: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong; `key` stays the same while it lasts, `text` may count up."""

    key: str
    text: str


def troubles(seen: Observation) -> tuple[Trouble, ...]:
    """What is wrong now, the worst first; of causes and what follows from them, the causes."""
    return (
        *_paging(seen),
        *_late_work(seen),
        *_mail(seen),
        *_quarantine(seen),
        *_clock(seen),
        *_disk(seen),
    )


def _paging(seen: Observation) -> list[Trouble]:
    database = seen.database
    if seen.database_age > DATABASE_SILENT:
        text = f"The database has not answered for {span(seen.database_age)}: nothing works."
        return [Trouble("database", text)]
    if database is None:
        return []  # the first look is still under way
    silent = min(database.engine_silent, seen.watched)
    if silent > ENGINE_SILENT:
        text = f"No engine is at work for {span(silent)}: nobody is paged, no mail leaves."
        return [Trouble("engine", text)]
    found = []
    for key, late, limit, what in (
        ("deadlines", database.deadline_late, DEADLINE_LATE, "A promise or a ladder step"),
        ("pages", database.page_late, PAGE_LATE, "A page"),
        ("chores", database.chore_late, CHORE_LATE, "An announcement or a chore"),
    ):
        if late is not None and min(late, seen.watched) > limit:
            found.append(Trouble(key, f"{what} has been waiting for {span(late)}."))
    for key, waits, age, what in (
        ("canary", seen.canary_waits, seen.canary_age, "A trial page"),
        ("mail-out", seen.mailed_waits, seen.mailed_age, "A trial page by mail"),
    ):
        if min(waits or 0.0, seen.watched) > CANARY_LATE or min(age, seen.watched) > CANARY_MISSING:
            text = f"{what} has not come through; the last one did {span(age)} ago."
            found.append(Trouble(key, text))
    return found


def _late_work(seen: Observation) -> list[Trouble]:
    if seen.database is None or seen.database_age > DATABASE_SILENT:
        return []
    silent = min(seen.database.worker_silent, seen.watched)
    if silent <= WORKER_SILENT:
        return []
    text = f"The worker is silent for {span(silent)}: late work is not done. Pages still leave."
    return [Trouble("worker", text)]


def _mail(seen: Observation) -> list[Trouble]:
    """Who cannot reach us by mail may not be able to reach us at all."""
    database = seen.database
    if database is None or seen.database_age > DATABASE_SILENT:
        return []
    silent = min(database.mail_silent, seen.watched)
    if silent > MAIL_SILENT:
        text = f"The mail process is silent for {span(silent)}: no mail is taken in."
        return [Trouble("mail", text)]
    found = []
    if database.mail_late is not None and min(database.mail_late, seen.watched) > MAIL_LATE:
        text = f"A mail that came in has been waiting for {span(database.mail_late)}."
        found.append(Trouble("mail", text))
    if database.mailboxes_away:
        text = f"Mailboxes that cannot be read: {', '.join(database.mailboxes_away)}."
        found.append(Trouble("mailboxes", text))
    return found


def _quarantine(seen: Observation) -> list[Trouble]:
    database = seen.database
    if database is None:
        return []
    found = []
    if database.lost_promises:
        text = (
            f"{database.lost_promises} promises or ladder steps lie in quarantine: nobody is rung"
            " for them until they are tried again."
        )
        found.append(Trouble("promises", text))
    counts = {
        "deadlines": database.failed_deadlines,
        "pages": database.failed_pages,
        "mails": database.failed_mails if database.failed_mails >= MANY_MAILS else 0,
    }
    named = [f"{count} {what}" for what, count in counts.items() if count]
    if named:
        text = f"Given up after many tries and now in quarantine: {', '.join(named)}."
        found.append(Trouble("quarantine", text))
    return found


def _clock(seen: Observation) -> list[Trouble]:
    """All times are the database's clock's: what is due waits until that says so."""
    jumped = seen.database.clock_jumped if seen.database else 0.0
    if abs(jumped) <= CLOCK_JUMPED:
        return []
    how = "forward" if jumped > 0 else "back, so what was due waits until it is that time again"
    return [Trouble("clock", f"The database's clock jumped by {span(abs(jumped))} {how}.")]


def _disk(seen: Observation) -> list[Trouble]:
    if seen.disk_age > DISK_SILENT:
        text = f"The disk of the attachments has not answered for {span(seen.disk_age)}."
        return [Trouble("disk", text)]
    if seen.disk_free is not None and seen.disk_free < seen.disk_wanted:
        free = f"{seen.disk_free / 2**20:,.0f} MiB"
        return [Trouble("disk", f"The disk of the attachments is nearly full: {free} are left.")]
    return []


def span(seconds: float) -> str:
    """A length of time for a sentence: "45 s", "12 min", "3 h"."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
