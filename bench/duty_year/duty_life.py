"""Leave, swaps, overrides and edited rosters, at random, by the verbs people use."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from bench.duty_year.by_hand import Days
from bench.duty_year.diary import Diary
from bench.duty_year.world import World
from tickets import duty_changes, reachability, rosters, swaps
from tickets.models import DutyChange, ReachabilityDrill
from tickets.oncall import duty
from tickets.oncall.definition import RosterPlan

DAY = dt.timedelta(days=1)
HEARS_A_DRILL = 0.97


@dataclass
class DutyLife:
    """Puts down a year of changes to the rosters; what is refused is counted, not forced."""

    world: World
    diary: Diary
    chance: random.Random
    counts: Counter[str] = field(default_factory=Counter)

    def plan(self, start: dt.datetime, length: dt.timedelta) -> None:
        share = length / dt.timedelta(days=365)
        acts = (
            (self._leave, 6 * len(self.world.engineers)),
            (self._swap, 150),
            (self._override, 60),
            (self._cancel, 25),
            (self._edit, 8),
        )
        for act, times in acts:
            for _time in range(round(times * share)):
                self.diary.at(start + self.chance.random() * length, act)

    def drilled(self, drill: ReachabilityDrill) -> None:
        """Somebody is asked whether they can be reached."""
        if self.chance.random() < HEARS_A_DRILL:
            self.diary.after(self.chance.uniform(5, 240), lambda at: self._confirm(drill, at))

    def _confirm(self, drill: ReachabilityDrill, now: dt.datetime) -> None:
        viewer = self.world.viewers[drill.person_id]
        self._try("drills confirmed", lambda: reachability.confirm(drill=drill, by=viewer, now=now))

    def _leave(self, now: dt.datetime) -> None:
        person, other = self._two()
        starts = now + self.chance.uniform(0.2, 30) * DAY
        ends = starts + self.chance.uniform(0.5, 6) * DAY
        self._try(
            "leaves",
            lambda: duty_changes.take_leave(
                person=person,
                by=self.world.viewers[person.pk],
                starts_at=starts,
                ends_at=ends,
                now=now,
                stand_in=other if self.chance.random() < 0.6 else None,
            ),
        )

    def _swap(self, now: dt.datetime) -> None:
        roster = self.chance.choice(self.world.rosters)
        found = duty.shifts([roster], now + DAY / 4, now + 14 * DAY, known_at=now)[roster.pk]
        coming = [shift for shift in found if shift.starts_at > now + DAY / 4]
        if not coming:
            return
        shift = self.chance.choice(coming)
        asker = next((one for one in self.world.engineers if one.pk == shift.member), None)
        asked = self.chance.choice(self.world.engineers)
        if asker is None:
            return
        swap = self._try(
            "swaps asked",
            lambda: swaps.ask(
                roster=roster,
                by=self.world.viewers[asker.pk],
                asked=asked,
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
                now=now,
            ),
        )
        if isinstance(swap, swaps.Swap) and self.chance.random() < 0.7:
            by = self.world.viewers[asked.pk]
            self.diary.after(
                self.chance.uniform(60, 18_000),
                lambda at: self._try(
                    "swaps accepted", lambda: swaps.accept(swap=swap, by=by, now=at)
                ),
            )

    def _override(self, now: dt.datetime) -> None:
        roster, person = self.chance.choice(self.world.rosters), self._two()[0]
        starts = now + self.chance.uniform(0, 5) * DAY
        there = duty.shifts([roster], starts, starts + DAY / 24, known_at=now)[roster.pk]
        held = next((u for u in self.world.engineers if there and u.pk == there[0].member), None)
        ends = starts + DAY / 24 * self.chance.uniform(0.3, 1) if held else starts + DAY / 6
        self._try(
            "overrides",
            lambda: duty_changes.override(
                roster=roster,
                by=self.world.manager,
                person=person,
                replaces=held,
                starts_at=starts,
                ends_at=ends,
                now=now,
            ),
        )

    def _cancel(self, now: dt.datetime) -> None:
        standing = DutyChange.objects.filter(
            cancelled_at=None, ends_at__gt=now, kind__in=["leave", "override"]
        )
        changes = list(standing.order_by("pk"))
        if changes:
            change, by = self.chance.choice(changes), self.world.manager
            self._try("taken back", lambda: duty_changes.cancel(change=change, by=by, now=now))

    def _edit(self, now: dt.datetime) -> None:
        """Change the order of a site's people, from now on."""
        roster = self.chance.choice(self.world.rosters[:3])
        known = self.world.by_hand.versions[roster.pk][-1][1]
        if not isinstance(known, Days):
            return
        order = self.chance.sample(known.people, len(known.people))

        def edit() -> object:
            plan = rosters.current_plan(roster)
            if plan is None:
                raise ValidationError("The roster cannot be read.")
            layer = plan.layers[0]
            members = {member.key: member for member in layer.members}
            layers = (replace(layer, members=tuple(members[key] for key in order)),)
            return rosters.edit(
                roster=roster,
                name=roster.name,
                plan=RosterPlan(plan.time_zone, layers),
                by=self.world.manager,
                now=now,
            )

        if self._try("rosters edited", edit) is not None:
            self.world.by_hand.add(roster.pk, replace(known, people=tuple(order)), since=now)

    def _two(self) -> list[User]:
        return self.chance.sample(self.world.engineers, 2)

    def _try(self, what: str, verb: Callable[[], object]) -> object:
        try:
            done = verb()
        except (ValidationError, PermissionDenied):
            self.counts[f"{what}, refused"] += 1
            return None
        self.counts[what] += 1
        return done
