"""What is on record of rosters, read for reckoning: two queries, however many rosters.

Or none at all: `columns` are for a query that is made anyway, `from_columns` reads its answer.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

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
_VERSION = ("roster_id", "valid_from", "definition")
_TIMES = ("valid_from", "starts_at", "ends_at", "created_at", "cancelled_at")
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
    until = min(b, known_at)
    versions = _versions(keys, a, until).values(*_VERSION)
    if changes is None:
        altered = list(_changes(keys, a, b, until).values(*_CHANGE))
    else:
        altered = _in_order(changes)
    return _histories(keys, versions, altered)


def columns(a: dt.datetime, b: dt.datetime, *, known_at: dt.datetime) -> tuple[ArraySubquery, ...]:
    """What counts for [a, b) of all rosters, as columns of one row."""
    until = min(b, known_at)
    parts = ((_versions(None, a, until), _VERSION), (_changes(None, a, b, until), _CHANGE))
    return tuple(
        ArraySubquery(rows.values(row=JSONObject(**{name: name for name in names})))
        for rows, names in parts
    )


def from_columns(
    versions: list[dict[str, Any]], changes: list[dict[str, Any]]
) -> dict[int, History]:
    """The histories, from those columns as they were read."""
    return _histories(None, map(_timed, versions), list(map(_timed, changes)))


def _timed(row: dict[str, Any]) -> dict[str, Any]:
    """A row that was JSON, with its instants read again."""
    times = {name: dt.datetime.fromisoformat(row[name]) for name in _TIMES if row.get(name)}
    return row | times


def _histories(
    keys: list[int] | None, versions: Iterable[dict[str, Any]], changes: list[dict[str, Any]]
) -> dict[int, History]:
    written: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in versions:
        written[row["roster_id"]].append(row)
    found = {}
    for key in written if keys is None else keys:
        try:
            made = tuple(_version(row["valid_from"], row["definition"]) for row in written[key])
            altered = tuple(_change(row) for row in changes if row["roster_id"] in (key, None))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            log.exception("a roster cannot be reckoned with", roster=str(key))
            continue
        found[key] = History(made, altered)
    return found


def _versions(
    keys: list[int] | None, a: dt.datetime, until: dt.datetime
) -> QuerySet[RosterVersion]:
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
    )
    if keys is not None:
        rows = rows.filter(roster__in=keys)
    return rows.order_by("valid_from")


def _changes(
    keys: list[int] | None, a: dt.datetime, b: dt.datetime, until: dt.datetime
) -> QuerySet[DutyChange]:
    """Those of the rosters and those of all, in the order they were made."""
    return DutyChange.objects.filter(
        Q() if keys is None else Q(roster__in=keys) | Q(roster=None),
        Q(cancelled_at=None) | Q(cancelled_at__gt=a),
        starts_at__lt=b,
        ends_at__gt=a,
        created_at__lte=until,
    ).order_by("created_at", "id")


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
