"""The statements that insert and update rows of a model, put together once for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.db import connection
from django.db.models import AutoField, Field, Model

_LENGTH: Final = re.compile(r"\([\d, ]+\)")


@dataclass(frozen=True, slots=True)
class Insert:
    """`fields` are written and `returned` read back; the database counts automatic keys."""

    into: str
    fields: tuple[Any, ...]
    returned: tuple[Any, ...]
    returning: str


@dataclass(frozen=True, slots=True)
class Update:
    """The first of the `columns` is the key."""

    begin: str
    marks: str
    end: str
    columns: tuple[Any, ...]

    def of(self, count: int) -> str:
        return f"{self.begin}{', '.join([self.marks] * count)}{self.end}"


@cache
def insert_of(model: type[Model], *, with_key: bool) -> Insert:
    meta, quoted = model._meta, connection.ops.quote_name
    fields = tuple(
        one for one in meta.concrete_fields if with_key or not isinstance(one, AutoField)
    )
    returned = () if with_key else tuple(meta.db_returning_fields)
    written, read = _columns(fields), _columns(returned)
    return Insert(
        into=f"insert into {quoted(meta.db_table)} ({written}) values ",  # noqa: S608
        fields=fields,
        returned=returned,
        returning=f" returning {read}" if read else "",
    )


@cache
def update_of(model: type[Model], fields: tuple[str, ...]) -> Update:
    meta, quoted = model._meta, connection.ops.quote_name
    columns: tuple[Any, ...] = (meta.pk, *(meta.get_field(name) for name in fields))
    # Alone in a list of values, what is null or a word would have no type.
    marks = ", ".join(f"%s::{_type_of(one)}" for one in columns)
    wanted = ", ".join(f"{quoted(one.column)} = new.{quoted(one.column)}" for one in columns[1:])
    key = quoted(columns[0].column)
    table = quoted(meta.db_table)
    return Update(
        begin=f"update {table} as old set {wanted} from (values ",  # noqa: S608
        marks=f"({marks})",
        end=f") as new ({_columns(columns)}) where old.{key} = new.{key}",
        columns=columns,
    )


def _type_of(field: Field[Any, Any]) -> str:
    """Without its length: a cast to `varchar(80)` would cut what is longer, and say nothing."""
    return _LENGTH.sub("", str(field.rel_db_type(connection)))


def _columns(fields: Sequence[Any]) -> str:
    return ", ".join(connection.ops.quote_name(one.column) for one in fields)
