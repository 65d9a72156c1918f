"""Play the demo's conversations through the same verbs real ones go through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Deadline, Delivery, Organization, User
from accounts.viewer import SYSTEM, Viewer
from knowledge.models import Product
from portal.demo.people import read
from tickets import attachments, escalation, lifecycle, ownership, severity
from tickets.lifecycle.ending import CLOSES_AFTER
from tickets.models import Escalation, Ticket
from tickets.models.ticket import Severity

Scene = Callable[[dt.datetime], object]

# Told or rung when it happened, in the story; the engine must not do so again today.
PAST = (
    "event.announce",
    "ladder.start",
    "ladder.acknowledge",
    "ladder.stop",
    "ladder.silence",
    "ladder.report",
)
AGREES_AFTER = dt.timedelta(minutes=4)


class Story:
    """One customer's tickets, each played minute by minute up to `now`."""

    def __init__(
        self,
        organization: Organization,
        staff: dict[str, User],
        products: dict[str, Product],
        now: dt.datetime,
    ) -> None:
        self.organization, self.products, self.now = organization, products, now
        self._people = {key: Viewer.of(person) for key, person in staff.items()}

    def person(self, key: str) -> Viewer:
        """A key of staff, or a member's e-mail address."""
        if key not in self._people:
            self._people[key] = Viewer.of(User.objects.get(email=key))
        return self._people[key]

    def play(self) -> int:
        """Play all tickets of the organization; returns how many."""
        rows = read(f"tickets/{self.organization.slug}.json")
        for row in rows:
            self._play_ticket(row)
        return len(rows)

    def _play_ticket(self, row: dict[str, Any]) -> None:
        opened = self.now - dt.timedelta(minutes=row["opened_ago"])
        ticket = self._open(row, opened)
        scenes: list[tuple[float, Scene]] = self._trail(ticket, row)
        last_by_staff = [m for m in row["messages"] if m["kind"] == "reply"][-1]
        for message in row["messages"][1:]:
            asks = row["state"] == "waiting" and message is last_by_staff
            scenes.append((message["at"], partial(self._write, ticket, message, asks)))
        for change in row["severity_changes"]:
            scenes.append((change["at"], partial(self._regrade, ticket, row, change)))
        if row["solved_at"] is not None:
            solver = self.person(row["owner"])
            scenes.append(
                (row["solved_at"], lambda t: lifecycle.resolve(ticket=ticket, by=solver, now=t))
            )
        for minutes, scene in sorted(scenes, key=lambda scene: scene[0]):
            scene(opened + dt.timedelta(minutes=minutes))
        for key in row["followers"]:
            ownership.follow(ticket=ticket, by=self.person(key), now=opened)
        self._settle(ticket, row)

    def _open(self, row: dict[str, Any], opened: dt.datetime) -> Ticket:
        reporter = self.person(row["reporter"])
        Organization.objects.filter(pk=self.organization.pk).update(ticket_count=row["number"] - 1)
        first = row["messages"][0]
        severities = [change["from"] for change in row["severity_changes"]] + [row["severity"]]
        return lifecycle.open_ticket(
            by=reporter,
            organization=self.organization,
            subject=row["subject"],
            body=first["body"],
            severity=Severity(severities[0]),
            now=opened,
            product=self.products[row["product"]],
            platform=row["platform"],
            sdk_version=row["sdk_version"],
            environment=row["environment"],
            attachment_ids=self._files(reporter, first, opened),
        )

    def _files(self, by: Viewer, message: dict[str, Any], now: dt.datetime) -> list[Any]:
        return [
            attachments.keep(
                by=by,
                organization_id=self.organization.pk,
                upload=SimpleUploadedFile(file["name"], file["text"].encode()),
                now=now,
            ).pk
            for file in message.get("attachments", ())
        ]

    def _write(self, ticket: Ticket, message: dict[str, Any], asks: bool, now: dt.datetime) -> None:
        by = self.person(message["author"])
        files = self._files(by, message, now)
        if message["kind"] == "note":
            lifecycle.add_note(
                ticket=ticket, by=by, body=message["body"], now=now, attachment_ids=files
            )
            return
        minutes = message.get("next_update_in")
        lifecycle.reply(
            ticket=ticket,
            by=by,
            body=message["body"],
            now=now,
            ask_customer=asks,
            attachment_ids=files,
            next_update_at=self.now + dt.timedelta(minutes=minutes) if minutes else None,
        )

    def _trail(self, ticket: Ticket, row: dict[str, Any]) -> list[tuple[float, Scene]]:
        """The ladder, rung by the roster as it is; who takes it is in the story."""
        scenes: list[tuple[float, Scene]] = []
        for number, step in enumerate(row.get("trail", ())):
            minute = step["at_seconds"] / 60
            if number == 0:
                scenes.append((minute, partial(_ring, ticket)))
            elif step["action"] == "no_answer":
                scenes.append((minute, partial(_nobody_answers, ticket)))
            elif step["action"] == "acknowledged":
                scenes.append((minute, partial(_acknowledge, ticket, self.person(step["who"]))))
        return scenes

    def _regrade(
        self, ticket: Ticket, row: dict[str, Any], change: dict[str, Any], now: dt.datetime
    ) -> None:
        by = self.person(change["by"])
        made = severity.change(
            ticket=ticket, by=by, to=Severity(change["to"]), reason=change["reason"], now=now
        )
        if made.outcome == made.Outcome.PROPOSED:
            reporter = self.person(row["reporter"])
            severity.answer_proposal(ticket=ticket, by=reporter, agree=True, now=now + AGREES_AFTER)

    def _settle(self, ticket: Ticket, row: dict[str, Any]) -> None:
        ticket.refresh_from_db()
        owner = self.person(row["owner"]).user if row["owner"] else None
        if owner is not None and ticket.owner_id != owner.pk and ticket.is_unsolved:
            ownership.assign(ticket=ticket, by=self.person(row["owner"]), owner=owner, now=self.now)
        if row["state"] == "closed" and ticket.resolved_at:
            closes = min(self.now, ticket.resolved_at + CLOSES_AFTER)
            lifecycle.close(ticket=ticket, by=SYSTEM, now=closes)
        Deadline.objects.filter(subject=ticket.event_subject, kind__in=PAST).update(
            settled_at=timezone.now()
        )
        Delivery.objects.filter(
            organization=self.organization, sent_at=None, due_at__lte=self.now
        ).update(sent_at=self.now)


def _ring(ticket: Ticket, now: dt.datetime) -> None:
    escalation.start(ticket=ticket, reason=Escalation.Reason.URGENT, now=now)


def _acknowledge(ticket: Ticket, by: Viewer, now: dt.datetime) -> None:
    escalation.acknowledge(ticket=ticket, by=by, now=now)


def _nobody_answers(ticket: Ticket, now: dt.datetime) -> None:
    ringing = Escalation.objects.filter(ticket=ticket, state=Escalation.State.RINGING).first()
    if ringing is not None:
        escalation.next_step(escalation=ringing, index=ringing.step + 1, now=now)
