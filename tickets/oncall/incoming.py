"""Who takes over a ticket when a shift changes."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from accounts.models import User
from tickets.models import Handover, Roster, Ticket
from tickets.oncall import duty, shift_changes
from tickets.oncall.changes import Change, on_at
from tickets.oncall.qualification import qualifies
from tickets.oncall.skills import need_of, skills_of


def who_takes(
    ticket: Ticket, roster: Roster, change: Change, *, but: int, now: dt.datetime
) -> User | None:
    """The qualified person on duty on the same roster, else the lead, else whoever is there.

    Of several, somebody who comes on with the change and has the fewest handovers waiting. A
    ticket of another team's product goes to that team's rosters. None when nobody is there.
    """
    team = duty.team_for(ticket)
    rosters = [roster] if team is None or roster.team_id == team.pk else [*team.rosters.all()]
    on: list[int] = []
    for one in rosters:
        turns = shift_changes.turns(one, now, now + shift_changes.INSTANT, now)
        on += [int(str(pk)) for pk in on_at(turns, now)]
    people = {
        person.pk: person
        for person in User.objects.filter(pk__in=on, is_active=True, is_staff=True).exclude(pk=but)
    }
    waiting = Counter(
        Handover.objects.standing().filter(to_person__in=people).values_list("to_person", flat=True)
    )
    line = sorted(people, key=lambda pk: (pk not in change.coming, waiting[pk], pk))
    need, skills = need_of(ticket), skills_of(line)
    qualified = [pk for pk in line if qualifies(skills[pk], need)]
    if qualified:
        return people[qualified[0]]
    lead = next((one.pk for one in duty.leads(team) if one.pk != but), None)
    if lead is not None:
        return User.objects.get(pk=lead)
    return people[line[0]] if line else None
