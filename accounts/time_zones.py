"""Time zones by their IANA names: which there are, and what to do with one nobody knows."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def time_zones() -> list[str]:
    """UTC and all zones named after places, as the time zone database of this machine has them."""
    places = sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")
    )
    return ["UTC", *places]


def known_time_zone(name: str) -> None:
    """Refuse a name the IANA time zone database does not have."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. One is “Asia/Shanghai”."), params={"name": name}
        )


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of that name; UTC when this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: the name of a folder of zones
        return ZoneInfo("UTC")
