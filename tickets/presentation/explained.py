"""Every promise of a ticket explained: one sentence each, and the steps behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from django.utils import timezone
from django.utils.translation import gettext as _

from tickets import ledger
from tickets.models import Promise
from tickets.presentation.explained_steps import Reader, StepLine, step_line
from tickets.presentation.explained_summary import summary
from tickets.presentation.promise_cells import Status, status_icon, status_of

# An urgent ticket gets an update every half an hour: of these the last are told step by step,
# those before in one sentence each, and the oldest are only counted.
UPDATES_WITH_STEPS: Final = 6
UPDATES_TOLD: Final = 60

Kind = Promise.Kind
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ExplainedPromise:
    """`sentence` sums it up; `lines` are the steps, none for an update long past."""

    key: int
    label: str
    status: Status
    sentence: str
    lines: tuple[StepLine, ...] = ()

    @property
    def icon(self) -> str:
        return status_icon(self.status)


@dataclass(frozen=True, slots=True)
class ExplainedPromises:
    """`headline` is the sentence of the promise that runs out next, empty when none runs.

    `present` are those of this cycle, `earlier` those of the cycles before and the updates
    already given; `left_out` says how many updates more there were.
    """

    headline: str
    present: tuple[ExplainedPromise, ...]
    earlier: tuple[ExplainedPromise, ...]
    left_out: int = 0

    @property
    def zone(self) -> str:
        """The reader's time zone, in which every time is told."""
        return timezone.get_current_timezone_name()


def explained(
    promises: Sequence[Promise], now: dt.datetime, *, staff: bool = False
) -> ExplainedPromises:
    """`promises` are all of a ticket, oldest first, with their ledgers (`ledger.with_rows`)."""
    reader = Reader(now=now, staff=staff)
    updates = [one for one in promises if one.kind == Kind.UPDATE and not one.is_open]
    with_steps = {one.pk for one in updates[-UPDATES_WITH_STEPS:]}
    left_out = {one.pk for one in updates[:-UPDATES_TOLD]}
    past = {one.pk for one in updates}
    cycle = max((one.cycle for one in promises), default=1)
    present: list[ExplainedPromise] = []
    earlier: list[ExplainedPromise] = []
    in_order = sorted(promises, key=lambda one: (list(Kind).index(Kind(one.kind)), one.pk))
    for promise in in_order:
        if promise.cycle == cycle and promise.pk not in past:
            present.append(_explained(promise, reader, brief=False))
    for promise in promises:
        if promise.pk in left_out or (promise.cycle == cycle and promise.pk not in past):
            continue
        brief = promise.pk in past and promise.pk not in with_steps
        earlier.append(_explained(promise, reader, brief=brief))
    return ExplainedPromises(
        headline=_headline(promises, present),
        present=tuple(present),
        earlier=tuple(reversed(earlier)),
        left_out=len(left_out),
    )


def _headline(promises: Sequence[Promise], told: Sequence[ExplainedPromise]) -> str:
    running = [one for one in promises if one.is_open and one.due_at]
    first = min(running, key=lambda one: one.due_at or dt.datetime.max, default=None)
    return next((one.sentence for one in told if first and one.key == first.pk), "")


def _explained(promise: Promise, reader: Reader, *, brief: bool) -> ExplainedPromise:
    label, status = promise.label, status_of(promise, reader.now)
    try:
        found = ledger.explanation(promise, reader.now)
    except ValueError:  # the page of a ticket is shown also when one ledger makes no sense
        log.exception("a ledger cannot be replayed", promise=promise.pk)
        sentence = _("the ledger of this promise cannot be followed")
        return ExplainedPromise(promise.pk, label, status, sentence)
    lines = () if brief else found.steps
    reader = reader.of(found)
    return ExplainedPromise(
        key=promise.pk,
        label=label,
        status=status,
        sentence=summary(found, reader),
        lines=tuple(step_line(step, reader) for step in lines),
    )
