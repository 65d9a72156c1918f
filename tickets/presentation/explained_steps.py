"""The steps of an explanation, one short sentence each, in the reader's language and zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.templatetags.vigil import duration
from tickets.presentation.moments import moment, until_moment, working_time
from tickets.presentation.policy_words import policy_name
from tickets.presentation.reasons import pause_reason, reason_words
from tickets.sla import explanation as told
from tickets.sla.calendar import AroundTheClock


@dataclass(frozen=True, slots=True)
class StepLine:
    """`when` and what; `tone` is "", "kept", "urgent" or "faint" (nothing counted, or ahead)."""

    icon: str
    when: str
    text: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, when: `staff` are told names and policies, and of the customer as a third.

    `always`: what they read about is counted around the clock, so that days are days.
    """

    now: dt.datetime
    staff: bool
    always: bool = True

    def of(self, explained: told.Explanation) -> Reader:
        """The same, reading about that promise."""
        always = isinstance(explained.clock.terms.calendar, AroundTheClock)
        return replace(self, always=always)

    def amount(self, seconds: float) -> str:
        """A length of the time that counts."""
        return duration(seconds) if self.always else working_time(seconds)

    def at(self, at: dt.datetime) -> str:
        return moment(at, self.now, seconds=True)

    def between(self, a: dt.datetime, b: dt.datetime) -> str:
        return until_moment(a, b, self.now)

    def note(self, step: Any) -> str:
        """ "Zhao Min · an engineer answered · Premium/Urgent v3", as far as there is any of it."""
        parts = [reason_words(step.reason), policy_name(step.policy)]
        if self.staff:
            parts.insert(0, step.by)
        return " · ".join(part for part in parts if part)


def step_line(step: told.Step, reader: Reader) -> StepLine:
    """The sentence for one step."""
    if isinstance(step, told.Breached):
        text = _("the time ran out")
        return StepLine(
            "triangle-alert", reader.at(step.at), text, policy_name(step.policy), tone="urgent"
        )
    return _SENTENCES[type(step)](step, reader)


def _started(step: told.Started, reader: Reader) -> StepLine:
    if step.until is not None:
        words = {"name": step.by or _("An engineer"), "due": reader.at(step.until)}
        text = _("%(name)s promised the next update by %(due)s") % words
        return StepLine("calendar-clock", reader.at(step.at), text, policy_name(step.policy))
    text = _("the clock starts: %(time)s") % {"time": reader.amount(step.target_seconds)}
    return StepLine("arrow-right", reader.at(step.at), text, reader.note(step))


def _stretch(step: told.Stretch, reader: Reader) -> StepLine:
    when, tone = reader.between(step.start, step.end), "faint" if step.ahead else ""
    if step.is_closed:
        return StepLine("moon", when, _("closed, nothing counts"), tone="faint")
    length = duration if step.always else working_time
    words = {"time": length(step.open_seconds), "closed": duration(step.closed_seconds)}
    if step.always:
        text = _("%(time)s still to come") if step.ahead else _("%(time)s counted")
    elif step.is_open:
        text = _("open, %(time)s will count") if step.ahead else _("open, %(time)s counted")
    elif step.ahead:
        text = _("%(time)s of working time will count; closed for %(closed)s in between")
    else:
        text = _("%(time)s of working time counted; closed for %(closed)s in between")
    return StepLine("circle-dot", when, text % words, tone=tone)


def _paused(step: told.Paused, reader: Reader) -> StepLine:
    words = {
        "time": duration(step.seconds),
        "why": pause_reason(step.reason, staff=reader.staff),
    }
    who = step.by if reader.staff else ""
    if step.end is None:
        text = _("paused for %(time)s so far, %(why)s") % words
        return StepLine(
            "circle-pause", _("since %(at)s") % {"at": reader.at(step.start)}, text, who
        )
    text = _("paused %(time)s %(why)s") % words
    return StepLine("circle-pause", reader.between(step.start, step.end), text, who)


def _retargeted(step: told.Retargeted, reader: Reader) -> StepLine:
    words = {
        "before": reader.amount(step.before_seconds),
        "after": reader.amount(step.target_seconds),
        "used": reader.amount(step.used_seconds),
        "due": reader.at(step.due_at) if step.due_at else "",
    }
    if step.due_at is None:
        text = _("%(after)s in all instead of %(before)s, %(used)s of it used")
    else:
        text = _("%(after)s in all instead of %(before)s, %(used)s of it used: due %(due)s")
    return StepLine("tag", reader.at(step.at), text % words, reader.note(step))


def _due(step: told.Due, reader: Reader) -> StepLine:
    left = {"time": reader.amount(step.left_seconds)}
    if step.at is None:
        when = pgettext("no due time", "paused")
        return StepLine("clock", when, _("no due time; %(time)s are left") % left)
    return StepLine("clock", reader.at(step.at), _("due, %(time)s left") % left)


def _met(step: told.Met, reader: Reader) -> StepLine:
    note = reader.note(step)
    if step.late_seconds:
        text = _("done, %(time)s late") % {"time": duration(step.late_seconds)}
        return StepLine("check", reader.at(step.at), text, note, tone="urgent")
    text = _("done, with %(time)s to spare") % {"time": reader.amount(step.spare_seconds)}
    return StepLine("check", reader.at(step.at), text, note, tone="kept")


def _ended(step: told.Ended, reader: Reader) -> StepLine:
    return StepLine("circle", reader.at(step.at), _("no longer needed"), reader.note(step))


_SENTENCES: Final[dict[type[Any], Callable[[Any, Reader], StepLine]]] = {
    told.Started: _started,
    told.Stretch: _stretch,
    told.Paused: _paused,
    told.Retargeted: _retargeted,
    told.Due: _due,
    told.Met: _met,
    told.Ended: _ended,
}
