"""A length of time as people write it: "15 min", "4 h", "5 d", "1 h 30 min"."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

UNITS: Final = {"min": 60, "m": 60, "h": 3600, "d": 86400, "分钟": 60, "小时": 3600, "天": 86400}
_PART = re.compile(r"(\d{1,6})\s*(min|m|h|d|分钟|小时|天)\s*")


class LengthField(forms.CharField):
    """Cleans to seconds, or None when it is left empty; "d" is 24 hours of the calendar's time."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        parts = _PART.findall(text.lower())
        if not parts or _PART.sub("", text.lower()).strip():
            raise ValidationError(_("Write it as 15 min, 4 h or 5 d."))
        return sum(int(count) * UNITS[unit] for count, unit in parts)


def written(seconds: int, *, in_days: bool = True) -> str:
    """As the field reads it back; in hours at most where a day's working time is no day."""
    parts = []
    for unit in ("d", "h", "min") if in_days else ("h", "min"):
        count, seconds = divmod(seconds, UNITS[unit])
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts)
