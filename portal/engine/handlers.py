"""Which function handles which kind of deadline.

A handler runs in the engine's transaction, with the row locked and `now` from the database's
clock. The row may be late, may be handled again after a failure, and other rows about the
same ticket may be handled at the same moment: so each handler first takes the ticket's lock
and looks whether there still is something to do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from accounts import staffing
from accounts.models import Deadline
from knowledge import announcing
from portal import chat_letters, release_letters
from portal.engine import (
    budgets,
    calendar_chores,
    chores,
    ladders,
    mail_chores,
    promises,
    shifts,
)
from portal.watchdog import canary
from tickets import coverage_recheck, coverage_watch, enquiries, enquiry_files, swaps
from tickets.hotline import connecting
from tickets.intake import bounced

Handler = Callable[[Deadline, dt.datetime], None]

HANDLERS: Final[dict[str, Handler]] = {
    "promise.due": promises.due,
    "promise.warn": promises.warn,
    promises.TELL: promises.tell_customers,
    "date.reached": promises.date_reached,
    "ladder.start": ladders.start,
    "ladder.step": ladders.step,
    "ladder.acknowledge": ladders.acknowledge,
    "ladder.stop": ladders.stop,
    "ladder.silence": ladders.fell_silent,
    "ladder.report": ladders.report,
    "page.unreachable": ladders.unreachable,
    connecting.SPOKEN: ladders.spoken,
    "shift.plan": shifts.plan,
    "shift.drill": shifts.drill,
    "shift.notes": shifts.notes,
    "shift.change": shifts.change,
    "drill.confirm": shifts.not_confirmed,
    "handover.accept": shifts.not_accepted,
    "handover.tell": shifts.tell,
    "budget.plan": budgets.plan,
    "budget.spent": budgets.spent,
    "ticket.close": chores.close_ticket,
    "event.announce": chores.announce_event,
    "draft.expire": chores.expire_draft,
    enquiry_files.EXPIRE: chores.expire_enquiry_file,
    "file.remove": chores.remove_file,
    "files.sweep": chores.sweep_files,
    coverage_watch.DAILY: chores.warn_of_coverage,
    coverage_recheck.RECHECK: chores.recheck_coverage,
    staffing.CHANGED: chores.recheck_coverage,
    swaps.EXPIRE: chores.expire_swap,
    calendar_chores.CHECK: calendar_chores.check,
    chat_letters.KIND: chat_letters.unread,
    bounced.TELL: mail_chores.tell_of_bounce,
    enquiries.CONFIRM: mail_chores.confirm_enquiry,
    canary.KIND: canary.release,
    announcing.TELL: release_letters.tell,
}

# What customers were promised, and who answers for it, goes before all else, in a lane of its own.
PROMISE_KINDS: Final = frozenset(
    {
        *("promise.due", "promise.warn", "date.reached"),
        *("ladder.start", "ladder.step", "ladder.acknowledge", "ladder.stop"),
        *("ladder.silence", "page.unreachable", connecting.SPOKEN),
        *("shift.plan", "shift.drill", "shift.notes", "shift.change"),
        *("drill.confirm", "handover.accept"),
        canary.KIND,
    }
)
