"""How tickets come in, and what engineers and customers do about them: in time, late, or never."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from bench.duty_year.diary import Diary
from bench.duty_year.world import Customer, World
from tickets import escalation, lifecycle, severity
from tickets.models import Page, Ticket
from tickets.models.ticket import Severity

SHARES: Final = {Severity.URGENT: 0.06, Severity.IMPORTANT: 0.24, Severity.NORMAL: 0.70}
MINUTE, HOUR = 60.0, 3600.0
HEARS: Final = 0.75  # whoever is rung hears it that often
FALLS_SILENT: Final = 0.06  # whoever took an urgent ticket then writes nothing
IS_LATE: Final = 0.07  # an update, or an answer nobody was rung for


@dataclass
class TicketsLife:
    """Puts down what people do; each act is one verb in one transaction."""

    world: World
    diary: Diary
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)
    _taken: set[int] = field(default_factory=set)

    def arrive(self, customer: Customer, graded: Severity, now: dt.datetime) -> None:
        with acting_as(DatabaseRole.ENGINE):
            ticket = lifecycle.open_ticket(
                by=customer.viewer,
                organization=customer.organization,
                subject="Messages do not arrive",
                body="Since a while nothing arrives.",
                severity=graded,
                now=now,
            )
        self.counts[f"{graded} tickets"] += 1
        if graded != Severity.URGENT:
            self._answered_from_the_queue(ticket, customer, graded)
            if self.chance.random() < 0.02:
                self.diary.after(
                    self.chance.uniform(60, 6 * HOUR), lambda at: self._raise(ticket, customer, at)
                )

    def rung(self, page: Page, now: dt.datetime) -> None:
        """A page reaches somebody, who takes the ticket, or does not hear it."""
        self.counts["pages"] += 1
        if self.chance.random() > HEARS:
            return
        viewer, ticket = self.world.viewers[page.person_id], page.ticket
        delay = min(170.0, self.chance.lognormvariate(3.8, 0.6))
        self.diary.after(delay, lambda at: self._take(ticket, viewer, at))

    def _take(self, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
        try:
            with acting_as(DatabaseRole.ENGINE):
                answer = escalation.acknowledge(ticket=ticket, by=by, now=now)
        except escalation.NothingRinging:
            return
        if not answer.taken:
            return
        self.counts["acknowledged"] += 1
        if self.chance.random() < FALLS_SILENT:
            self.counts["fell silent"] += 1
            return
        self._taken.add(ticket.pk)
        solved = now + dt.timedelta(seconds=self.chance.lognormvariate(8.3, 0.7))
        self.diary.after(
            self.chance.uniform(MINUTE, 8 * MINUTE),
            lambda at: self._update(ticket, by, solved, at),
        )

    def _update(self, ticket: Ticket, by: Viewer, solved: dt.datetime, now: dt.datetime) -> None:
        """Write, and again within half an hour, until it is solved."""
        if not self._write(ticket, by, now):
            return
        if now >= solved:
            self.diary.after(MINUTE, lambda at: self._resolve(ticket, by, at))
            return
        is_late = self.chance.random() < IS_LATE
        minutes = self.chance.uniform(32, 70) if is_late else self.chance.uniform(8, 14.5)
        self.diary.after(minutes * MINUTE, lambda at: self._update(ticket, by, solved, at))

    def _answered_from_the_queue(
        self, ticket: Ticket, customer: Customer, graded: Severity
    ) -> None:
        """Without being rung: usually in time, sometimes too late."""
        target = {"standard": 4, "premium": 1, "enterprise": 1}[customer.organization.plan] * HOUR
        target = target if graded == Severity.IMPORTANT else 8 * HOUR
        is_late = self.chance.random() < IS_LATE
        wait = target * (self.chance.uniform(1.01, 1.5) if is_late else self.chance.random() * 0.9)
        by = self.world.viewers[self.chance.choice(self.world.engineers).pk]
        self.diary.after(wait, lambda at: self._answer(ticket, customer, by, at))

    def _answer(self, ticket: Ticket, customer: Customer, by: Viewer, now: dt.datetime) -> None:
        if ticket.pk in self._taken:
            return
        asks = self.chance.random() < 0.4
        if not self._write(ticket, by, now, ask=asks):
            return
        if asks:
            self.diary.after(
                self.chance.lognormvariate(8.5, 1.0),
                lambda at: self._write(ticket, customer.viewer, at),
            )
        self.diary.after(
            self.chance.uniform(0.5, 20) * HOUR, lambda at: self._resolve(ticket, by, at)
        )
        if self.chance.random() < 0.05:
            self.diary.after(
                self.chance.uniform(21, 80) * HOUR,
                lambda at: self._reopen(ticket, customer, by, at),
            )

    def _write(self, ticket: Ticket, by: Viewer, now: dt.datetime, *, ask: bool = False) -> bool:
        """Write a reply; False when the ticket is past that."""
        try:
            with acting_as(DatabaseRole.ENGINE):
                lifecycle.reply(
                    ticket=ticket, by=by, body="We look into it.", now=now, ask_customer=ask
                )
        except ValidationError:
            return False
        return True

    def _resolve(self, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
        try:
            with acting_as(DatabaseRole.ENGINE):
                lifecycle.resolve(ticket=ticket, by=by, now=now)
            self.counts["resolved"] += 1
        except ValidationError:
            pass  # solved by somebody else, or the customer wrote again and waits

    def _reopen(self, ticket: Ticket, customer: Customer, by: Viewer, now: dt.datetime) -> None:
        try:
            with acting_as(DatabaseRole.ENGINE):
                lifecycle.reopen(ticket=ticket, by=customer.viewer, now=now)
        except ValidationError:
            return
        self.counts["reopened"] += 1
        self.diary.after(HOUR / 3, lambda at: self._write(ticket, by, at))
        self.diary.after(2 * HOUR, lambda at: self._resolve(ticket, by, at))

    def _raise(self, ticket: Ticket, customer: Customer, now: dt.datetime) -> None:
        try:
            with acting_as(DatabaseRole.ENGINE):
                severity.change(
                    ticket=ticket, by=customer.viewer, to=Severity.URGENT, reason="", now=now
                )
            self.counts["raised to urgent"] += 1
        except ValidationError:
            pass  # solved by then
