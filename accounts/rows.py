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
from functools import cache
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.models import AutoField, Model
from django.db.models.expressions import DatabaseDefault


@dataclass(frozen=True, slots=True)
class _Insert:
    """`fields` are written and `returned` read back; the database counts automatic keys."""

    into: str
    fields: tuple[Any, ...]
    returned: tuple[Any, ...]
    returning: str


@dataclass(slots=True)
class _Gathered:
    """Rows that are not written yet, by their kind; `drawn` are keys nobody has yet."""

    rows: dict[type[Model], list[Model]]
    named: Collection[type[Model]]
    ignoring: set[type[Model]] = each(default_factory=set)
    drawn: dict[type[Model], list[int]] = each(default_factory=dict)


_gathered: Final[ContextVar[_Gathered | None]] = ContextVar("gathered_rows", default=None)
_DRAWN: Final = 32  # keys at a time


@contextmanager
def together(*kinds: type[Model], named: Collection[type[Model]] = ()) -> Iterator[None]:
    """Insert rows of these kinds by one statement for each kind: at the end, in this order.

    For many verbs in one transaction of which none reads what another wrote. The kinds that
    other rows name are `named`: their keys are drawn beforehand. Nothing is written when it
    ends with an error. The role needs the right to use the sequences of the named kinds. One
    within another would hide its rows from it, so that is a `RuntimeError`.
    """
    if _gathered.get() is not None:
        raise RuntimeError("Rows are gathered already.")
    token = _gathered.set(_Gathered({kind: [] for kind in kinds}, named))
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
    how, database = _insert_of(type(rows[0]), with_key=is_named), connections[DEFAULT_DB_ALIAS]
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
    statement, columns = _update_of(type(row), fields)
    database = connections[DEFAULT_DB_ALIAS]
    values = [one.get_db_prep_save(getattr(row, one.attname), database) for one in columns]
    with database.cursor() as cursor:
        cursor.execute(statement, [*values, row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError(f"There is no such row to update: {row._meta.label} {row.pk}.")


@cache
def _insert_of(model: type[Model], *, with_key: bool) -> _Insert:
    meta, quoted = model._meta, connection.ops.quote_name
    fields = tuple(
        one for one in meta.concrete_fields if with_key or not isinstance(one, AutoField)
    )
    returned = () if with_key else tuple(meta.db_returning_fields)
    written, read = _columns(fields), _columns(returned)
    return _Insert(
        into=f"insert into {quoted(meta.db_table)} ({written}) values ",  # noqa: S608
        fields=fields,
        returned=returned,
        returning=f" returning {read}" if read else "",
    )


@cache
def _update_of(model: type[Model], fields: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    meta, quoted = model._meta, connection.ops.quote_name
    columns: tuple[Any, ...] = tuple(meta.get_field(name) for name in fields)
    marks = ", ".join("%s" for _one in columns)
    wanted = f"({_columns(columns)}) = row({marks})"
    key = _columns((meta.pk,))
    return f"update {quoted(meta.db_table)} set {wanted} where {key} = %s", columns  # noqa: S608


def _columns(fields: Sequence[Any]) -> str:
    return ", ".join(connection.ops.quote_name(one.column) for one in fields)
