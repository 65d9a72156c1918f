"""Insert and update rows by statements that are put together once for each kind of row.

Django works out the SQL of each `save` anew, which takes several times as long as the database
takes to carry it out. For rows that every message writes, these do the same as `save` and
`bulk_create`, without signals, which nothing here listens to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

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


def insert(rows: Sequence[Model], *, ignore_conflicts: bool = False) -> int:
    """Insert rows of one kind by one statement, and give them their keys; returns how many.

    With `ignore_conflicts` a row that is there already stays as it is; no keys are given then.
    """
    if not rows:
        return 0
    how, database = _insert_of(type(rows[0])), connections[DEFAULT_DB_ALIAS]
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
def _insert_of(model: type[Model]) -> _Insert:
    meta, quoted = model._meta, connection.ops.quote_name
    fields = tuple(one for one in meta.concrete_fields if not isinstance(one, AutoField))
    returned = tuple(meta.db_returning_fields)
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
