"""Columns of pgvector's half-precision vectors.

The package pgvector has such a field, but imports numpy with it, which costs every process that
starts a fifth of a second. These columns are read and written by SQL alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


class HalfVectorField(_Field):
    """`dimensions` None: of any length."""

    def __init__(self, *args: Any, dimensions: int | None = None, **kwargs: Any) -> None:
        self.dimensions = dimensions
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.dimensions is not None:
            kwargs["dimensions"] = self.dimensions
        return name, path, args, kwargs

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "halfvec" if self.dimensions is None else f"halfvec({self.dimensions})"
