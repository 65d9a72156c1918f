"""The page trail: who was rung, who acknowledged, who is next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.listing import listed
from accounts.models import ContactMethod, Event
from accounts.models.staff_profile import Level
from tickets.models import Escalation, Page
from tickets.oncall.ladder import Rung, next_in_line, thawed
from tickets.presentation.people import level_word
from tickets.presentation.step_words import about, why
from tickets.step_remarks import EMPTY, UNQUALIFIED

State = Escalation.State
Reason = Escalation.Reason
SHOWN: Final = 4
# Why it rings is said unless the ticket itself says so, or it is ours alone to know.
UNSAID: Final = (Reason.URGENT, Reason.HANDOVER)


class Step(StrEnum):
    """What a line of the trail tells."""

    RANG = "rang"
    RANG_NEXT = "rang-next"
    UNREACHABLE = "unreachable"
    EMPTY = "empty"
    UNQUALIFIED = "unqualified"
    ESCALATED = "escalated"
    AGAIN = "again"
    ACKNOWLEDGED = "acknowledged"
    EXHAUSTED = "exhausted"
    STOPPED = "stopped"


_ICONS: Final = {
    Step.RANG: "phone",
    Step.RANG_NEXT: "arrow-up",
    Step.UNREACHABLE: "phone-missed",
    Step.EMPTY: "triangle-alert",
    Step.UNQUALIFIED: "triangle-alert",
    Step.ESCALATED: "arrow-up",
    Step.AGAIN: "bell-ring",
    Step.ACKNOWLEDGED: "check",
    Step.EXHAUSTED: "phone-missed",
    Step.STOPPED: "circle",
}


@dataclass(frozen=True, slots=True)
class TrailLine:
    """`names` ("Zhao Min (L2), Ana Souza (L1)") and `channels` ("push and phone") are words.

    For a step passed over, `names` is what it should have rung and `why` why it rang nobody;
    for a ladder that began, `why` is what for.
    """

    step: Step
    at: dt.datetime
    names: str = ""
    channels: str = ""
    why: str = ""

    @property
    def icon(self) -> str:
        return _ICONS[self.step]


@dataclass(frozen=True, slots=True)
class Trail:
    """All lines, oldest first; `next_at` is when the next in line is rung, while it rings."""

    lines: tuple[TrailLine, ...]
    ringing: bool
    next_names: str
    next_at: dt.datetime | None

    @property
    def earlier(self) -> tuple[TrailLine, ...]:
        return self.lines[:-SHOWN]

    @property
    def recent(self) -> tuple[TrailLine, ...]:
        return self.lines[-SHOWN:]

    @property
    def earlier_in_words(self) -> str:
        count = len(self.earlier)
        return ngettext("%(count)d earlier call", "%(count)d earlier calls", count) % {
            "count": count
        }


def trail(
    escalations: Sequence[Escalation], pages: Iterable[Page], events: Iterable[Event] = ()
) -> Trail | None:
    """The trail of a ticket's escalations, oldest first; None before any was started.

    `events` are the ticket's, for eyes of ours only: they tell of steps that rang nobody.
    """
    if not escalations:
        return None
    of_escalation: dict[int, list[Page]] = {}
    for page in sorted(pages, key=lambda page: (page.rung_at, page.step, page.person_name)):
        of_escalation.setdefault(page.escalation_id, []).append(page)
    remarks: dict[int, list[Event]] = {}
    for event in events:
        if event.verb in (EMPTY, UNQUALIFIED):
            remarks.setdefault(event.data["escalation"], []).append(event)
    lines: list[TrailLine] = []
    before: Escalation | None = None
    for run in escalations:
        lines += _began(run, before)
        before = run
        lines += _lines(run, of_escalation.get(run.pk, []), remarks.get(run.pk, []))
    last = escalations[-1]
    ringing = last.state == State.RINGING
    return Trail(
        lines=tuple(lines),
        ringing=ringing,
        next_names=listed(last.next_names) if ringing else _after_owner(last),
        next_at=last.next_at if ringing else None,
    )


def person(name: str, level: str) -> str:
    """ "Zhao Min (L2)"; a lead's level is a word."""
    if not level:
        return name
    shown = Level(level).label if level in Level.values else level
    return _("%(name)s (%(level)s)") % {"name": name, "level": shown}


def _began(run: Escalation, before: Escalation | None) -> list[TrailLine]:
    """What a ladder rings for; one that only goes on after a round without answer says nothing."""
    if run.level:
        return [TrailLine(Step.ESCALATED, run.started_at, names=level_word(run.level))]
    if run.reason in UNSAID:
        return []
    if before and (before.state, before.reason) == (State.EXHAUSTED, run.reason):
        return []
    return [TrailLine(Step.AGAIN, run.started_at, why=str(Reason(run.reason).label))]


def _lines(
    escalation: Escalation, pages: Sequence[Page], remarks: Sequence[Event]
) -> list[TrailLine]:
    lines: list[TrailLine] = []
    waiting = sorted(remarks, key=lambda event: int(event.data["step"]))
    answered = True
    for index, group in groupby(pages, key=lambda page: page.step):
        rung = list(group)
        while waiting and waiting[0].data["step"] <= index:
            lines.append(_remark(waiting.pop(0), rung[0].rung_at))
        lines.append(
            TrailLine(
                step=Step.RANG if answered else Step.RANG_NEXT,
                at=rung[0].rung_at,
                names=_names(rung),
                channels=_channels(rung),
            )
        )
        failed = [page for page in rung if page.state == Page.State.UNREACHABLE]
        if failed:
            at = max(page.ended_at or page.rung_at for page in failed)
            lines.append(TrailLine(Step.UNREACHABLE, at, names=_names(failed)))
        # Rung on while the next already is: a call goes up faster than the ladder.
        waits = any(page.state == Page.State.RINGING for page in rung)
        answered = waits or len(failed) == len(rung)
    if escalation.state == State.ACKNOWLEDGED and escalation.acknowledged_at:
        name = escalation.acknowledged_by_name
        lines.append(TrailLine(Step.ACKNOWLEDGED, escalation.acknowledged_at, names=name))
    elif escalation.state == State.EXHAUSTED and escalation.ended_at:
        lines.append(TrailLine(Step.EXHAUSTED, escalation.ended_at))
    elif escalation.state == State.STOPPED and escalation.ended_at:
        lines.append(TrailLine(Step.STOPPED, escalation.ended_at))
    return lines


def _remark(event: Event, at: dt.datetime) -> TrailLine:
    data = event.data
    return TrailLine(
        step=Step.EMPTY if event.verb == EMPTY else Step.UNQUALIFIED,
        at=at,
        names=about(data["kind"], data["about"]),
        why=why(data["why"]),
    )


def _names(pages: Iterable[Page]) -> str:
    return listed(person(page.person_name, page.person_level) for page in pages)


def _channels(pages: Sequence[Page]) -> str:
    kinds = dict.fromkeys(channel for page in pages for channel in page.channels)
    words = [
        str(ContactMethod.Kind(kind).label) if kind in ContactMethod.Kind.values else kind
        for kind in kinds
    ]
    if len(words) < 2:
        return "".join(words)
    return _("%(several)s and %(last)s") % {"several": listed(words[:-1]), "last": words[-1]}


def _after_owner(escalation: Escalation) -> str:
    """Who stands behind the one who acknowledged: the next step of the frozen ladder."""
    if escalation.state != State.ACKNOWLEDGED:
        return ""
    following = next_in_line(thawed(escalation.ladder), escalation.step)
    return listed(_rung(rung) for rung in following.people) if following else ""


def _rung(rung: Rung) -> str:
    return person(rung.name, rung.level)
