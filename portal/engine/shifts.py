"""Shift changes, drills and handovers when their time has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from accounts.models import Deadline, User
from portal import handover_letters
from tickets import reachability, shift_end
from tickets.handover import News
from tickets.models import Handover, Roster
from tickets.oncall import shift_changes
from tickets.oncall.changes import Change, turn_of


def plan(row: Deadline, now: dt.datetime) -> None:
    """Duty was edited, or a new day began: plan the roster's next change anew."""
    _on(row, lambda roster: shift_changes.plan(roster, now))


def drill(row: Deadline, now: dt.datetime) -> None:
    """Ask those who come on duty soon, also when they are on duty for another roster."""

    def handle(roster: Roster) -> None:
        shift_changes.handle_ahead(
            roster,
            shift_changes.DRILL,
            roster.drill_minutes,
            now,
            lambda roster, change: _ask(roster, change, now),
        )

    _on(row, handle)


def notes(row: Deadline, now: dt.datetime) -> None:
    """Ask those who go off duty soon for notes on their urgent tickets."""

    def handle(roster: Roster) -> None:
        shift_changes.handle_ahead(
            roster,
            shift_changes.NOTES,
            roster.note_minutes,
            now,
            lambda roster, change: shift_end.ask_for_notes(roster, change, now),
        )

    _on(row, handle)


def change(row: Deadline, now: dt.datetime) -> None:
    """Propose the urgent tickets of those who went off duty to those who are on."""
    _on(
        row,
        lambda roster: shift_changes.handle_changes(
            roster, now, lambda roster, change: shift_end.propose_all(roster, change, now)
        ),
    )


def not_confirmed(row: Deadline, now: dt.datetime) -> None:
    reachability.not_confirmed(drill_id=row.data["drill"], now=now)


def not_accepted(row: Deadline, now: dt.datetime) -> None:
    shift_end.not_accepted(handover_id=row.data["handover"], now=now)


def tell(row: Deadline, now: dt.datetime) -> None:
    """Mail those concerned, if it still is of any use."""
    handover = (
        Handover.objects.select_related("ticket__organization", "roster")
        .filter(pk=row.data["handover"])
        .first()
    )
    if handover is not None:
        handover_letters.write(handover, News(row.data["news"]), now=now)


def _on(row: Deadline, handle: Callable[[Roster], None]) -> None:
    """A roster that was deleted meanwhile has no shifts."""
    roster = Roster.objects.select_related("team").filter(pk=row.data["roster"]).first()
    if roster is not None:
        handle(roster)


def _ask(roster: Roster, change: Change, now: dt.datetime) -> None:
    turns = shift_changes.turns(roster, change.at, change.at + shift_changes.WINDOWS[-1], now)
    coming = {int(str(pk)) for pk in change.coming}
    for person in User.objects.filter(pk__in=coming, is_active=True).order_by("pk"):
        turn = turn_of(turns, person.pk, change.at)
        if turn is not None:
            reachability.ask(
                roster=roster,
                person=person,
                starts_at=turn.starts_at,
                ends_at=turn.ends_at,
                now=now,
            )
