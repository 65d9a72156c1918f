"""How tickets come in, and what engineers and customers do about them: in time, late, or never."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError

from accounts.viewer import Viewer
from bench.duty_year.diary import Diary
from bench.duty_year.regrading import Regrading
from bench.duty_year.world import Customer, World
from tickets import calling_help, escalation, handover, lifecycle
from tickets.models import Handover, Page, Ticket
from tickets.models.ticket import Severity

SHARES: Final = {Severity.URGENT: 0.06, Severity.IMPORTANT: 0.24, Severity.NORMAL: 0.70}
MINUTE, HOUR = 60.0, 3600.0
HEARS: Final = 0.75  # whoever is rung hears it that often
FALLS_SILENT: Final = 0.06  # whoever took an urgent ticket then writes nothing
CALLS_OTHERS: Final = 0.08
WRITES_A_NOTE: Final = 0.6
ACCEPTS: Final = 0.75
IS_LATE: Final = 0.07  # an update, or an answer nobody was rung for


@dataclass
class TicketsLife:
    """Puts down what people do; each act is one verb in one transaction."""

    world: World
    diary: Diary
    chance: random.Random
    regrading: Regrading
    counts: Counter[str] = field(default_factory=Counter)
    _taken: set[int] = field(default_factory=set)

    def arrive(self, customer: Customer, graded: Severity, now: dt.datetime) -> None:
        ticket = lifecycle.open_ticket(
            by=customer.viewer,
            organization=customer.organization,
            subject="Messages do not arrive",
            body="Since a while nothing arrives.",
            severity=graded,
            now=now,
        )
        self.counts[f"{graded} tickets"] += 1
        self.regrading.plan(ticket, customer)
        if graded != Severity.URGENT:
            self._answered_from_the_queue(ticket, customer, graded)

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
        if self.chance.random() < CALLS_OTHERS:
            self.diary.after(
                self.chance.uniform(2, 20) * MINUTE, lambda at: self._call(ticket, by, at)
            )
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
            lifecycle.reply(
                ticket=ticket, by=by, body="We look into it.", now=now, ask_customer=ask
            )
        except ValidationError:
            return False
        return True

    def _resolve(self, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
        try:
            lifecycle.resolve(ticket=ticket, by=by, now=now)
            self.counts["resolved"] += 1
        except ValidationError:
            pass  # solved by somebody else, or the customer wrote again and waits

    def _reopen(self, ticket: Ticket, customer: Customer, by: Viewer, now: dt.datetime) -> None:
        try:
            lifecycle.reopen(ticket=ticket, by=customer.viewer, now=now)
        except ValidationError:
            return
        self.counts["reopened"] += 1
        self.diary.after(HOUR / 3, lambda at: self._write(ticket, by, at))
        self.diary.after(2 * HOUR, lambda at: self._resolve(ticket, by, at))

    def _call(self, ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
        """Call people of a higher level, or whoever is on duty, to help."""
        try:
            if self.chance.random() < 0.7:
                level = self.chance.choice(["L2", "L3", "lead"])
                calling_help.escalate(ticket=ticket, by=by, level=level, reason="Stuck.", now=now)
            else:
                calling_help.ring_by_hand(ticket=ticket, by=by, now=now)
        except ValidationError:
            return
        self.counts["called others"] += 1

    def told(self, handover_id: int, news: str) -> None:
        """Whoever goes off duty is asked for a note, whoever comes on is offered a ticket."""
        if news == handover.News.NOTE_WANTED and self.chance.random() < WRITES_A_NOTE:
            self.diary.after(
                self.chance.uniform(1, 9) * MINUTE, lambda at: self._note(handover_id, at)
            )
        if news == handover.News.OFFERED and self.chance.random() < ACCEPTS:
            self.diary.after(
                self.chance.uniform(0.5, 12) * MINUTE, lambda at: self._accept(handover_id, at)
            )

    def _note(self, handover_id: int, now: dt.datetime) -> None:
        row = Handover.objects.select_related("ticket").get(pk=handover_id)
        by = self.world.viewers[row.from_person_id]
        try:
            handover.write_note(handover=row, by=by, note="The proxy drops frames.", now=now)
        except ValidationError:
            return
        self.counts["handover notes"] += 1

    def _accept(self, handover_id: int, now: dt.datetime) -> None:
        """It may be somebody else's by then, or solved."""
        row = Handover.objects.select_related("ticket").get(pk=handover_id)
        if row.to_person_id is None or not row.is_proposed:
            return
        by = self.world.viewers[row.to_person_id]
        try:
            handover.accept(handover=row, by=by, now=now)
        except ValidationError:
            return
        self.counts["handed over"] += 1
        ticket = row.ticket
        solved = now + dt.timedelta(seconds=self.chance.lognormvariate(8.0, 0.7))
        self.diary.after(
            self.chance.uniform(MINUTE, 8 * MINUTE),
            lambda at: self._update(ticket, by, solved, at),
        )
