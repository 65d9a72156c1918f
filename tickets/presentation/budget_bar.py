"""Who spent the time of a solution, as one slim bar with words and figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from accounts.listing import listed
from accounts.templatetags.vigil import duration
from tickets import level_budgets
from tickets.models import Promise
from tickets.presentation.people import level_word
from tickets.sla.budgets import NOBODY, Held, LevelTime

WIDTH: Final = 1000  # of the drawing; the page scales it


@dataclass(frozen=True, slots=True)
class Share:
    """The part of one level: from `x` on, `width` wide; `tone` picks the colour."""

    label: str
    figure: str
    x: int
    width: int
    tone: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class BudgetBar:
    """`shares` from the left; what they leave free of the bar is time that is left."""

    shares: tuple[Share, ...]

    @property
    def words(self) -> str:
        """All of it in one text, for who cannot see the bar."""
        return listed(f"{share.label} {share.figure}" for share in self.shares)


def budget_bar(
    promises: Sequence[Promise], held: Sequence[Held], now: dt.datetime
) -> BudgetBar | None:
    """Of the latest promise of a solution; None without one, and before any time was spent.

    `promises` are all of a ticket, oldest first, with their ledgers and policies.
    """
    solutions = [one for one in promises if one.kind == Promise.Kind.RESOLUTION]
    if not solutions:
        return None
    try:
        levels = level_budgets.times(solutions[-1], held, now)
        levels.sort(key=lambda level: level.level)  # nobody, L1, L2, L3, lead: always in one place
    except ValueError:  # a ledger that makes no sense; the explanation says so
        return None
    spent = sum(level.seconds for level in levels)
    if not levels:
        return None
    scale = WIDTH / max(spent, solutions[-1].target_seconds)
    shares, x = [], 0.0
    for number, level in enumerate(levels):
        width = level.seconds * scale
        shares.append(
            Share(
                label=_("nobody yet") if level.level == NOBODY else level_word(level.level),
                figure=_figure(level),
                x=round(x),
                width=round(x + width) - round(x),
                tone="nobody" if level.level == NOBODY else str(number % 4 + 1),
                is_over=level.is_spent,
            )
        )
        x += width
    return BudgetBar(tuple(shares))


def _figure(level: LevelTime) -> str:
    if level.budget_seconds is None:
        return duration(level.seconds)
    words = {"spent": duration(level.seconds), "budget": duration(level.budget_seconds)}
    return _("%(spent)s of %(budget)s") % words
