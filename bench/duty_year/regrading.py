"""Severity goes up and down: by the customer, by a manager's word, by an agreed proposal."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from accounts.viewer import Viewer
from bench.duty_year.diary import Act, Diary
from bench.duty_year.world import Customer, World
from tickets import severity
from tickets.models import SeverityChange, Ticket
from tickets.models.ticket import Severity

HOUR = 3600.0
LOWER = {
    Severity.URGENT: (Severity.IMPORTANT, Severity.NORMAL),
    Severity.IMPORTANT: (Severity.NORMAL,),
}


@dataclass
class Regrading:
    world: World
    diary: Diary
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)

    def plan(self, ticket: Ticket, customer: Customer) -> None:
        """Of a ticket just opened: some are graded anew once, some twice."""
        if ticket.severity != Severity.URGENT and self.chance.random() < 0.02:
            self._later(6, lambda at: self._raise(ticket, customer, at))
        if self.chance.random() < 0.05:
            self._later(3, lambda at: self._lower(ticket, customer.viewer, "a customer", at))
        if self.chance.random() < 0.03:
            self._later(3, lambda at: self._lower(ticket, self.world.manager, "a manager", at))
        if self.chance.random() < 0.03:
            self._later(3, lambda at: self._propose(ticket, customer, at))

    def _later(self, hours: float, act: Act) -> None:
        self.diary.after(self.chance.uniform(60, hours * HOUR), act)

    def _raise(self, ticket: Ticket, customer: Customer, now: dt.datetime) -> None:
        if self._change(ticket, customer.viewer, Severity.URGENT, now) is None:
            return
        self.counts["raised to urgent"] += 1
        if self.chance.random() < 0.2:
            self._later(2, lambda at: self._lower(ticket, customer.viewer, "a customer", at))

    def _lower(self, ticket: Ticket, by: Viewer, who: str, now: dt.datetime) -> None:
        ticket.refresh_from_db(fields=["severity"])
        lower = LOWER.get(Severity(ticket.severity))
        if lower and self._change(ticket, by, self.chance.choice(lower), now):
            self.counts[f"lowered by {who}"] += 1
            if self.chance.random() < 0.1:
                self._later(2, lambda at: self._again(ticket, by, at))

    def _again(self, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
        """It was urgent after all."""
        if self._change(ticket, by, Severity.URGENT, now):
            self.counts["raised to urgent"] += 1

    def _propose(self, ticket: Ticket, customer: Customer, now: dt.datetime) -> None:
        """An engineer proposes a lower severity; the customer answers it, or never does."""
        ticket.refresh_from_db(fields=["severity"])
        by = self.world.viewers[self.chance.choice(self.world.engineers).pk]
        lower = LOWER.get(Severity(ticket.severity))
        if not lower or self._change(ticket, by, lower[0], now) is None:
            return
        self.counts["lowering proposed"] += 1
        agree = self.chance.random() < 0.6
        if self.chance.random() < 0.8:
            self._later(2, lambda at: self._answer(ticket, customer.viewer, agree, at))

    def _answer(self, ticket: Ticket, by: Viewer, agree: bool, now: dt.datetime) -> None:
        try:
            severity.answer_proposal(ticket=ticket, by=by, agree=agree, now=now)
        except ValidationError:
            return
        self.counts["lowering agreed" if agree else "lowering refused"] += 1

    def _change(
        self, ticket: Ticket, by: Viewer, to: Severity, now: dt.datetime
    ) -> SeverityChange | None:
        try:
            return severity.change(ticket=ticket, by=by, to=to, reason="Works again.", now=now)
        except ValidationError:
            return None  # solved by then, or graded so already
