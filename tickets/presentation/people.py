"""What is said of an engineer beside their name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from accounts.listing import listed
from accounts.models.staff_profile import Level
from tickets.oncall.duty import OnDuty

_BY_THEMSELVES: Final = {"zh": "中文", "zh-hans": "中文"}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A name and a note beneath: "L3 · IM core · 中文, English"."""

    name: str
    note: str


def languages(codes: Iterable[str]) -> str:
    """Each language by its own name."""
    return listed(_language(code) for code in codes)


def level_word(level: str) -> str:
    return str(Level(level).label) if level in Level.values else level


def on_duty_lines(found: Sequence[OnDuty]) -> list[PersonLine]:
    """One line a person, also when they stand in for several teams."""
    teams: dict[int, list[str]] = {}
    for shift in found:
        names = teams.setdefault(shift.person.pk, [])
        if shift.team.name not in names:
            names.append(shift.team.name)
    lines: dict[int, PersonLine] = {}
    for shift in found:
        profile = shift.profile
        parts = [level_word(profile.level) if profile else "", listed(teams[shift.person.pk])]
        parts.append(languages(profile.languages) if profile else "")
        note = " · ".join(part for part in parts if part)
        lines.setdefault(shift.person.pk, PersonLine(shift.person.name, note))
    return list(lines.values())


def responsible(spoken: Iterable[str], *, solved: bool) -> str:
    """The note below the owner's name."""
    word = _("Was responsible") if solved else _("Responsible until it is solved")
    known = languages(spoken)
    return f"{word} · {known}" if known else word


def _language(code: str) -> str:
    if code in _BY_THEMSELVES:
        return _BY_THEMSELVES[code]
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code
