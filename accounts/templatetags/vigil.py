"""How every app shows icons, people, times, sizes and suspicious text: `{% load vigil %}`."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.invisible import mark_invisible
from accounts.listing import listed
from accounts.peak_words import in_words

register = template.Library()
register.filter(listed)
register.filter("hours_in_words", in_words)

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Lucide icon from the sprite: decoration without a label, an image with one."""
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag
def avatar(name: str, tone: str = "") -> SafeString:
    """A round tile with the first letter or Chinese character; tone "staff" is teal."""
    first = next((character for character in str(name) if character.isalnum()), "?").upper()
    return format_html(
        '<span class="avatar{}" aria-hidden="true">{}</span>',
        " avatar-staff" if tone == "staff" else "",
        first,
    )


@register.filter
def duration(seconds: float | timedelta | None) -> str:
    """Two units of a length of time, rounded down: "45 s", "6 min 12 s", "3 h 27 min", "2 d 4 h".

    A length has no sign; nothing gives an empty text.
    """
    if seconds is None:
        return ""
    length = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
    total = int(abs(length))
    if total < _MINUTE:
        return _("%(seconds)d s") % {"seconds": total}
    if total < _HOUR:
        minutes, rest = divmod(total, _MINUTE)
        if not rest:
            return _("%(minutes)d min") % {"minutes": minutes}
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    if total < _DAY:
        hours, rest = divmod(total // _MINUTE, 60)
        if not rest:
            return _("%(hours)d h") % {"hours": hours}
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}
    days, rest = divmod(total // _HOUR, 24)
    if not rest:
        return _("%(days)d d") % {"days": days}
    return _("%(days)d d %(hours)d h") % {"days": days, "hours": rest}


def _ago(moment: datetime, now: datetime) -> str:
    seconds = (now - moment).total_seconds()
    if abs(seconds) < 45:
        return _("now")
    size = next((size for size in (_DAY, _HOUR) if abs(seconds) >= size), _MINUTE)
    length = duration(max(_MINUTE, abs(seconds) // size * size))
    text = _("in %(time)s") if seconds < 0 else _("%(time)s ago")
    return text % {"time": length}


def _full(moment: datetime) -> str:
    local = timezone.localtime(moment)
    pattern = pgettext("date format", "l j F Y, H:i:s")
    return f"{date_format(local, pattern)} {local:%Z}"


def _with_year(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), pgettext("date format", "j M Y, H:i"))


@register.simple_tag
def relative_time(moment: datetime | None) -> SafeString:
    """ "2 min ago", kept current in the browser; the exact time in the reader's zone on hover."""
    if moment is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}" data-relative title="{}">{}</time>',
        moment.isoformat(),
        _full(moment),
        _ago(moment, timezone.now()),
    )


@register.simple_tag
def exact_time(moment: datetime | None) -> SafeString:
    """The time of day if it is today, else day and time, in another year with the year.

    The browser keeps it so after midnight.
    """
    if moment is None:
        return SafeString("")
    local, today = timezone.localtime(moment), timezone.localdate()
    if local.date() == today:
        text = f"{local:%H:%M:%S}"
    elif local.year == today.year:
        text = date_format(local, pgettext("date format", "j M, H:i"))
    else:
        text = _with_year(moment)
    return format_html(
        '<time datetime="{}" data-exact title="{}">{}</time>',
        moment.isoformat(),
        _full(moment),
        text,
    )


@register.simple_tag
def dated_time(moment: datetime | None) -> SafeString:
    """Day, year and time, whenever it is: for a record that is read years later."""
    if moment is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        _full(moment),
        _with_year(moment),
    )


@register.filter
def shift_moment(moment: datetime | None) -> str:
    """The weekday and the time; with the date too where the weekday alone could be another."""
    if moment is None:
        return ""
    away = abs((timezone.localdate(moment) - timezone.localdate()).days)
    pattern = (
        pgettext("date format", "D H:i") if away < 7 else pgettext("date format", "D j M, H:i")
    )
    return date_format(timezone.localtime(moment), pattern)


@register.filter
def short_moment(moment: datetime | None) -> str:
    """The time of day if it is within a day, else with the day; in the reader's zone."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    is_near = abs((moment - timezone.now()).total_seconds()) < _DAY
    return (
        f"{local:%H:%M}" if is_near else date_format(local, pgettext("date format", "D j M, H:i"))
    )


@register.simple_tag
def countdown(due: datetime | str | None, label: str = "") -> SafeString:
    """A countdown to `due`, ticking by the server's clock; past it, how long it is overdue.

    `label` names the promise in what a screen reader is told at the minute marks.
    """
    moment = parse_datetime(due) if isinstance(due, str) else due
    if moment is None:
        return SafeString("")
    now = timezone.now()
    left = (moment - now).total_seconds()
    total = int(abs(left))
    hours, minutes, seconds = total // _HOUR, total // _MINUTE % 60, total % 60
    clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    word = _("overdue")
    return format_html(
        '<time datetime="{due}" data-countdown data-due="{due}" data-server-now="{now}"'
        ' data-overdue-word="{word}" data-label="{label}"{mark}>{text}</time>',
        due=moment.isoformat(),
        now=now.isoformat(),
        word=word,
        label=label,
        mark="" if left > 0 else SafeString(" data-overdue"),
        text=clock if left > 0 else f"{word} {clock}",
    )


@register.filter
def filesize(size: int | None) -> str:
    """Bytes in decimal units, as file managers and upload limits count them: "18.4 MB"."""
    if size is None:
        return ""
    amount, unit = float(size), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    places = 0 if unit == "B" or amount >= 100 else 1
    return f"{number_format(amount, places)} {unit}"


@register.filter
def without_passkeys(ways: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of the ways to confirm who one is, those that need no passkey."""
    return [way for way in ways if not str(way["id"]).endswith(":webauthn")]


@register.filter
def visible_controls(text: object) -> SafeString:
    """Plain text, escaped, with characters that hide or reorder text shown as markers."""
    return mark_invisible(str(text))
