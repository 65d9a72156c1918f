"""The letter to a duty lead about gaps and loads: what is new stands at the top."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import letters
from accounts.listing import listed
from accounts.models import User
from accounts.templatetags.vigil import duration
from accounts.time_zones import zone_or_utc
from tickets.models import Team
from tickets.oncall.coverage_news import Told
from tickets.oncall.forecast import Forecast, Line
from tickets.oncall.loads import Load
from tickets.periods import Period
from tickets.presentation.coverage_words import need_words, period_words, strain_words

LINES: Final = 40  # of each kind; a longer list is read on the page


@dataclass(frozen=True, slots=True)
class Problems:
    """Gaps with their line, and impossible loads; `told` says which are no news."""

    gaps: tuple[tuple[Line, Period], ...]
    loads: tuple[Load, ...]
    told: Told

    @property
    def are_none(self) -> bool:
        return not self.gaps and not self.loads

    def new_gaps_before(self, end: dt.datetime) -> Problems:
        """Only gaps that begin before `end` and that nobody was told of."""
        gaps = tuple(
            (line, gap)
            for line, gap in self.gaps
            if gap[0] < end and not self.told.knows(line.need, gap)
        )
        return Problems(gaps, (), self.told)

    def of_teams(self, teams: set[int], found: Forecast) -> Problems:
        """What concerns these teams (their keys; 0 for what no team takes)."""
        return Problems(
            tuple(one for one in self.gaps if (one[0].team.pk if one[0].team else 0) in teams),
            tuple(
                load
                for load in self.loads
                if teams & {team.pk for team in teams_of(load.person, found)}
            ),
            self.told,
        )


def problems_of(found: Forecast, told: Told) -> Problems:
    """Every gap in what the teams want covered, and every load nobody can carry."""
    gaps = [(line, gap) for line in found.wanted for gap in found.gaps(line)]
    return Problems(tuple(gaps), tuple(found.impossible), told)


def teams_of(person: int, found: Forecast) -> list[Team]:
    """The teams on whose rosters the person stands."""
    rosters = {duty.roster for duty in found.duties if duty.person == person}
    return list({found.roster_teams[key].pk: found.roster_teams[key] for key in rosters}.values())


def post(problems: Problems, found: Forecast, *, to: User, at_once: bool, now: dt.datetime) -> None:
    """Mail it, in the reader's language and time zone."""
    zone = zone_or_utc(to.time_zone)
    with translation.override(to.language):
        letters.post(
            address=to.email,
            language=to.language,
            title=_title(problems, at_once=at_once),
            text=_text(problems, found, zone, to),
            subject="coverage",
            now=now,
        )


def _title(problems: Problems, *, at_once: bool) -> str:
    if at_once:
        return _("Coverage: nobody qualified on duty within 48 hours")
    parts = []
    if problems.gaps:
        number = len({gap for _line, gap in problems.gaps})
        parts.append(ngettext("%(number)d gap", "%(number)d gaps", number) % {"number": number})
    if problems.loads:
        number = len(problems.loads)
        parts.append(
            ngettext("%(number)d impossible load", "%(number)d impossible loads", number)
            % {"number": number}
        )
    return _("Coverage of the next 14 days: %(problems)s") % {"problems": listed(parts)}


def _text(problems: Problems, found: Forecast, zone: ZoneInfo, to: User) -> str:
    told = problems.told
    new = [one for one in problems.gaps if not told.knows(one[0].need, one[1])]
    old = [one for one in problems.gaps if told.knows(one[0].need, one[1])]
    new_loads = [load for load in problems.loads if not told.knows_load(load)]
    old_loads = [load for load in problems.loads if told.knows_load(load)]
    sections = [
        (_("New: nobody qualified is on duty"), _gap_lines(new, zone)),
        (_("New: more than anybody can carry"), _load_lines(new_loads, found)),
        (_("Told before: nobody qualified is on duty"), _gap_lines(old, zone)),
        (_("Told before: more than anybody can carry"), _load_lines(old_loads, found)),
    ]
    parts = [_("Hello %(name)s,") % {"name": to.name}]
    parts += [f"{title}:\n{_cut(lines)}" for title, lines in sections if lines]
    parts.append(
        _("Times are yours (%(zone)s). See and close the gaps here:\n%(link)s")
        % {"zone": zone.key, "link": settings.PUBLIC_URL + reverse("admin:coverage")}
    )
    return "\n\n".join(parts)


def _gap_lines(gaps: Iterable[tuple[Line, Period]], zone: ZoneInfo) -> list[str]:
    """By start; needs that share a gap stand on one line."""
    needs: dict[Period, list[str]] = {}
    for line, gap in gaps:
        needs.setdefault(gap, []).append(need_words(line))
    return [
        _("%(when)s (%(length)s): %(needs)s")
        % {
            "when": period_words(gap, zone),
            "length": duration(gap[1] - gap[0]),
            "needs": listed(needs[gap]),
        }
        for gap in sorted(needs)
    ]


def _load_lines(loads: Iterable[Load], found: Forecast) -> list[str]:
    return [
        _("%(name)s: %(strains)s")
        % {
            "name": found.people[load.person].name,
            "strains": listed(strain_words(strain, load) for strain in load.strains),
        }
        for load in loads
    ]


def _cut(lines: list[str]) -> str:
    shown = [f"- {line}" for line in lines[:LINES]]
    if len(lines) > LINES:
        shown.append(_("- and %(number)d more") % {"number": len(lines) - LINES})
    return "\n".join(shown)
