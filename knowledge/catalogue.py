"""Write down error codes and categories: plain rows, one event a change."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from accounts import access, events
from accounts.viewer import Viewer
from knowledge.models import Category, ErrorCode, Product


@transaction.atomic
def set_error_code(
    *,
    product: Product,
    platform: str,
    number: int | None,
    name: str,
    by: Viewer,
    now: dt.datetime,
    **fields: Any,
) -> tuple[ErrorCode, bool]:
    """The code as it shall be, and whether anything was changed for that.

    Known by its number where it has one, else by its name. Raises `ValidationError`.
    """
    access.require(by, "article.write")
    known_by: dict[str, Any] = {"name": name} if number is None else {"number": number}
    row = ErrorCode.objects.filter(product=product, platform=platform, **known_by).first()
    row = row or ErrorCode(product=product, platform=platform, number=number)
    return row, _set(row, by=by, now=now, name=name, **fields)


@transaction.atomic
def set_category(*, key: str, by: Viewer, now: dt.datetime, **fields: Any) -> tuple[Category, bool]:
    """The category as it shall be, and whether anything was changed. Raises `ValidationError`."""
    access.require(by, "article.write")
    row = Category.objects.filter(key=key).first() or Category(key=key)
    return row, _set(row, by=by, now=now, **fields)


def _set(row: ErrorCode | Category, *, by: Viewer, now: dt.datetime, **fields: Any) -> bool:
    is_new = row.pk is None
    changed = [name for name, value in fields.items() if getattr(row, name, None) != value]
    if not (is_new or changed):
        return False
    for name in changed:
        setattr(row, name, fields[name])
    row.full_clean()
    row.save()
    kind = "error_code" if isinstance(row, ErrorCode) else "category"
    events.record(
        verb=f"{kind}.{'added' if is_new else 'changed'}",
        subject=f"{kind}/{row.pk}",
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        fields=changed,
    )
    return True
