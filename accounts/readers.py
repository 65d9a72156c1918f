"""Write for one reader: what is rendered meanwhile is in their language and time zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone, translation

from accounts.models import User
from accounts.time_zones import zone_or_utc


@contextmanager
def as_read_by(person: User) -> Iterator[None]:
    """Until the block ends, texts and times are as this person reads them."""
    with translation.override(person.language), timezone.override(zone_or_utc(person.time_zone)):
        yield
