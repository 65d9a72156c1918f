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
from accounts.models import ContactMethod
from accounts.models.staff_profile import Level
from tickets.models import Escalation, Page
from tickets.oncall.ladder import Rung, next_in_line, thawed

State = Escalation.State
SHOWN: Final = 4


class Step(StrEnum):
    """What a line of the trail tells."""

    RANG = "rang"
    RANG_NEXT = "rang-next"
    ACKNOWLEDGED = "acknowledged"
    EXHAUSTED = "exhausted"
    STOPPED = "stopped"


_ICONS: Final = {
    Step.RANG: "phone",
    Step.RANG_NEXT: "arrow-up",
    Step.ACKNOWLEDGED: "check",
    Step.EXHAUSTED: "phone-missed",
    Step.STOPPED: "circle",
}


@dataclass(frozen=True, slots=True)
class TrailLine:
    """`names` ("Zhao Min (L2), Ana Souza (L1)") and `channels` ("push and phone") are words."""

    step: Step
    at: dt.datetime
    names: str = ""
    channels: str = ""

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


def trail(escalations: Sequence[Escalation], pages: Iterable[Page]) -> Trail | None:
    """The trail of a ticket's escalations, oldest first; None before any was started."""
    if not escalations:
        return None
    of_escalation: dict[int, list[Page]] = {}
    for page in sorted(pages, key=lambda page: (page.rung_at, page.step, page.person_name)):
        of_escalation.setdefault(page.escalation_id, []).append(page)
    lines: list[TrailLine] = []
    for escalation in escalations:
        lines += _lines(escalation, of_escalation.get(escalation.pk, []))
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


def _lines(escalation: Escalation, pages: Sequence[Page]) -> list[TrailLine]:
    lines: list[TrailLine] = []
    for _index, group in groupby(pages, key=lambda page: page.step):
        rung = list(group)
        lines.append(
            TrailLine(
                step=Step.RANG_NEXT if lines else Step.RANG,
                at=rung[0].rung_at,
                names=listed(person(page.person_name, page.person_level) for page in rung),
                channels=_channels(rung),
            )
        )
    if escalation.state == State.ACKNOWLEDGED and escalation.acknowledged_at:
        name = escalation.acknowledged_by_name
        lines.append(TrailLine(Step.ACKNOWLEDGED, escalation.acknowledged_at, names=name))
    elif escalation.state == State.EXHAUSTED and escalation.ended_at:
        lines.append(TrailLine(Step.EXHAUSTED, escalation.ended_at))
    elif escalation.state == State.STOPPED and escalation.ended_at:
        lines.append(TrailLine(Step.STOPPED, escalation.ended_at))
    return lines


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
