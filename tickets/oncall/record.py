"""What is on record of rosters, read for reckoning: two queries, however many rosters."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from django.db.models import Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from tickets.models import DutyChange, Roster, RosterVersion
from tickets.oncall import definition
from tickets.oncall.history import Change, History, Mark, Named, Version
from tickets.oncall.rotation import Shift
from tickets.oncall.schedule import Override, TemporarySchedule

log = structlog.get_logger(__name__)

# What reckoning needs and no more: customers' role may read these columns and no others.
_CHANGE = (
    *("id", "kind", "roster_id", "person_id", "replaces_id", "starts_at", "ends_at"),
    *("shifts", "created_at", "cancelled_at"),
)
_MARKS: Mapping[str, Mark] = {
    DutyChange.Kind.OVERRIDE: Mark.OVERRIDE,
    DutyChange.Kind.SWAP: Mark.SWAP,
    DutyChange.Kind.DRILL: Mark.DRILL,
    DutyChange.Kind.LEAVE: Mark.STAND_IN,
    DutyChange.Kind.TEMPORARY: Mark.TEMPORARY,
}


def histories(
    rosters: Iterable[Roster] | None,
    a: dt.datetime,
    b: dt.datetime,
    *,
    known_at: dt.datetime,
    changes: Iterable[DutyChange] | None = None,
) -> dict[int, History]:
    """What counts for [a, b) of each roster (None: of all), by its key; a lies before b.

    `changes` spares the query for them when all of that time were read already.

    A roster whose record cannot be read has no history here, and the log says why: whoever
    pages goes on to the next step.
    """
    keys = None if rosters is None else [one.pk for one in rosters]
    if keys == []:
        return {}
    versions = _versions(keys, a, min(b, known_at))
    rows = _changes(keys, a, b, min(b, known_at)) if changes is None else _in_order(changes)
    found = {}
    for key in versions if keys is None else keys:
        try:
            made = tuple(_version(*row) for row in versions[key])
            altered = tuple(_change(row) for row in rows if row["roster_id"] in (key, None))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            log.exception("a roster cannot be reckoned with", roster=str(key))
            continue
        found[key] = History(made, altered)
    return found


def _versions(
    keys: list[int] | None, a: dt.datetime, until: dt.datetime
) -> dict[int, list[tuple[dt.datetime, Any]]]:
    """The version in force at `a` and those that came after it, up to `until`."""
    in_force = (
        RosterVersion.objects.filter(roster=OuterRef("roster"), valid_from__lte=min(a, until))
        .order_by()
        .values("roster")
        .annotate(last=Max("valid_from"))
        .values("last")
    )
    rows = RosterVersion.objects.filter(
        Q(valid_from__gte=Coalesce(Subquery(in_force), dt.datetime.min.replace(tzinfo=dt.UTC))),
        valid_from__lte=until,
    ).order_by("valid_from")
    if keys is not None:
        rows = rows.filter(roster__in=keys)
    found: dict[int, list[tuple[dt.datetime, Any]]] = defaultdict(list)
    for key, valid_from, written in rows.values_list("roster_id", "valid_from", "definition"):
        found[key].append((valid_from, written))
    return found


def _changes(
    keys: list[int] | None, a: dt.datetime, b: dt.datetime, until: dt.datetime
) -> list[dict[str, Any]]:
    """Those of the rosters and those of all, in the order they were made."""
    rows = DutyChange.objects.filter(
        Q() if keys is None else Q(roster__in=keys) | Q(roster=None),
        Q(cancelled_at=None) | Q(cancelled_at__gt=a),
        starts_at__lt=b,
        ends_at__gt=a,
        created_at__lte=until,
    )
    return list(rows.order_by("created_at", "id").values(*_CHANGE))


def _in_order(changes: Iterable[DutyChange]) -> list[dict[str, Any]]:
    rows = [{name: getattr(change, name) for name in _CHANGE} for change in changes]
    return sorted(rows, key=lambda row: (row["created_at"], row["id"]))


def _version(valid_from: dt.datetime, written: Any) -> Version:
    plan = definition.read(written)
    people = tuple(Named(one.key, one.name) for layer in plan.layers for one in layer.members)
    return Version(valid_from, plan.pure(), people)


def _change(row: dict[str, Any]) -> Change:
    span = (row["starts_at"], row["ends_at"])
    made: Override | TemporarySchedule
    if row["kind"] == DutyChange.Kind.TEMPORARY:
        made = TemporarySchedule(*span, shifts=read_shifts(row["shifts"]))
    else:
        made = Override(row["person_id"], *span, replaces=row["replaces_id"])
    return Change(made, row["created_at"], row["cancelled_at"], _MARKS[row["kind"]])


def read_shifts(written: Iterable[Mapping[str, Any]]) -> tuple[Shift, ...]:
    """The shifts of a temporary schedule as they stand in its row."""
    return tuple(
        Shift(
            one["member"],
            dt.datetime.fromisoformat(one["starts_at"]),
            dt.datetime.fromisoformat(one["ends_at"]),
        )
        for one in written
    )
