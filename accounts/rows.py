"""Insert and update rows by statements that are put together once for each kind of row.

Django works out the SQL of each `save` anew, which takes several times as long as the database
takes to carry it out. For rows that every message writes, these do the same as `save` and
`bulk_create`, without signals, which nothing here listens to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field as each
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

from accounts.row_statements import insert_of, update_of


@dataclass(slots=True)
class _Gathered:
    """Rows that are not written yet, by their kind; `drawn` are keys nobody has yet.

    `changed`: rows to update, by their kind and the fields.
    """

    rows: dict[type[Model], list[Model]]
    named: Collection[type[Model]]
    updated: Collection[type[Model]]
    ignoring: set[type[Model]] = each(default_factory=set)
    drawn: dict[type[Model], list[int]] = each(default_factory=dict)
    changed: dict[tuple[type[Model], tuple[str, ...]], dict[Any, Model]] = each(
        default_factory=dict
    )


_gathered: Final[ContextVar[_Gathered | None]] = ContextVar("gathered_rows", default=None)
_DRAWN: Final = 32  # keys at a time


@contextmanager
def together(
    *kinds: type[Model],
    named: Collection[type[Model]] = (),
    updated: Collection[type[Model]] = (),
) -> Iterator[None]:
    """Insert rows of these kinds by one statement for each kind: at the end, in this order.

    For many verbs in one transaction of which none reads what another wrote. The kinds that
    other rows name are `named`: their keys are drawn beforehand. Rows of the kinds `updated`
    are stored likewise, as they are at the end. Nothing is written when it ends with an error.
    The role needs the right to use the sequences of the named kinds. One within another would
    hide its rows from it, so that is a `RuntimeError`.
    """
    if _gathered.get() is not None:
        raise RuntimeError("Rows are gathered already.")
    token = _gathered.set(_Gathered({kind: [] for kind in kinds}, named, updated))
    try:
        yield
        write_gathered()
    finally:
        _gathered.reset(token)


def write_gathered() -> None:
    """Write what has been gathered so far; for who goes on with a statement about such a row."""
    gathered = _gathered.get()
    if gathered is None:
        return
    for kind, rows in gathered.rows.items():
        waiting, rows[:] = list(rows), []
        _write(waiting, ignore_conflicts=kind in gathered.ignoring)
    changed, gathered.changed = gathered.changed, {}
    for (_kind, fields), found in changed.items():
        _store(list(found.values()), fields)


def insert(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> int:
    """Insert rows of one kind by one statement, and give them their keys; returns how many.

    With `ignore_conflicts` a row that is there already stays as it is; no keys are given then.
    """
    if not rows:
        return 0
    gathered, kind = _gathered.get(), type(rows[0])
    if gathered is None or kind not in gathered.rows:
        return _write(rows, ignore_conflicts=ignore_conflicts)
    if kind in gathered.named:
        for row in rows:
            row.pk = _draw(gathered, kind)
    if ignore_conflicts:
        gathered.ignoring.add(kind)
    gathered.rows[kind].extend(rows)
    return len(rows)


def _draw(gathered: _Gathered, kind: type[Model]) -> int:
    keys = gathered.drawn.setdefault(kind, [])
    if not keys:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(
                "select nextval(pg_get_serial_sequence(%s, %s)) from generate_series(1, %s)",
                [kind._meta.db_table, kind._meta.pk.column, _DRAWN],
            )
            keys.extend(key for (key,) in reversed(cursor.fetchall()))
    return keys.pop()


def _write(rows: Sequence[Model], *, ignore_conflicts: bool) -> int:
    if not rows:
        return 0
    is_named = rows[0].pk is not None
    how, database = insert_of(type(rows[0]), with_key=is_named), connections[DEFAULT_DB_ALIAS]
    marks, values = [], []
    for row in rows:
        own = []
        for field in how.fields:
            value = getattr(row, field.attname)
            if isinstance(value, DatabaseDefault):
                own.append("default")
            else:
                own.append("%s")
                values.append(field.get_db_prep_save(value, database))
        marks.append(f"({', '.join(own)})")
    end = " on conflict do nothing" if ignore_conflicts else how.returning
    with database.cursor() as cursor:
        cursor.execute(f"{how.into}{', '.join(marks)}{end}", values)
        count: int = cursor.rowcount
        kept = [] if ignore_conflicts or not how.returned else cursor.fetchall()
    for row, found in zip(rows, kept, strict=False):
        for field, value in zip(how.returned, found, strict=True):
            setattr(row, field.attname, value)
    for row in rows:
        row._state.adding, row._state.db = False, database.alias
    return count


def update(row: Model, fields: tuple[str, ...]) -> None:
    """Store these fields of a row. DatabaseError when it is gone, or not visible in this role."""
    gathered, kind = _gathered.get(), type(row)
    if gathered is not None and kind in gathered.updated:
        gathered.changed.setdefault((kind, fields), {})[row.pk] = row
    else:
        _store([row], fields)


def _store(rows: Sequence[Model], fields: tuple[str, ...]) -> None:
    how, database = update_of(type(rows[0]), fields), connections[DEFAULT_DB_ALIAS]
    values = [
        one.get_db_prep_save(getattr(row, one.attname), database)
        for row in rows
        for one in how.columns
    ]
    with database.cursor() as cursor:
        cursor.execute(how.of(len(rows)), values)
        if cursor.rowcount != len(rows):
            kind = rows[0]._meta.label
            raise DatabaseError(f"There is no such row to update: {kind} {[r.pk for r in rows]}.")
