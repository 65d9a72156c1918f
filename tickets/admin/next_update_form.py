"""The reply's control "next update by": quick choices, and an exact time in the writer's zone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.vigil import duration
from accounts.time_zones import zone_or_utc
from tickets import next_update
from tickets.admin.forms import MessageForm
from tickets.instants import first_reading, wall
from tickets.models import PolicyVersion, Ticket
from tickets.presentation.moments import moment

LENGTHS: Final = {"30m": 30, "1h": 60, "2h": 120}  # minutes
TOMORROW: Final = "tomorrow"
EXACT: Final = "exact"
MORNING: Final = dt.time(10)


@dataclass(frozen=True, slots=True)
class Choice:
    """A quick choice with the instant it stands for when the page was made."""

    key: str
    label: str
    at: dt.datetime


def customers_zone(ticket: Ticket) -> ZoneInfo:
    """Where the reporter's clock hangs; UTC for a zone this machine does not know."""
    return zone_or_utc(ticket.reporter.time_zone)


def tomorrow_morning(zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """Tomorrow at ten on the wall of that zone."""
    day = wall(now, zone).date() + dt.timedelta(days=1)
    return first_reading(dt.datetime.combine(day, MORNING), zone)


def choices(ticket: Ticket, last: dt.datetime, now: dt.datetime) -> list[Choice]:
    """The quick choices that may be promised: those not after `last`."""
    zone = customers_zone(ticket)
    made = [
        Choice(key, duration(minutes * 60), now + dt.timedelta(minutes=minutes))
        for key, minutes in LENGTHS.items()
    ]
    at = tomorrow_morning(zone, now)
    label = _("tomorrow 10:00 for the customer (%(zone)s)") % {"zone": zone.key}
    if timezone.localtime(at).utcoffset() != at.astimezone(zone).utcoffset():
        label = _("%(label)s = %(at)s for you") % {"label": label, "at": moment(at, now)}
    made.append(Choice(TOMORROW, label, at))
    return [choice for choice in made if choice.at <= last]


def control(ticket: Ticket, version: PolicyVersion | None, now: dt.datetime) -> dict[str, object]:
    """What the template of the control needs; nothing for a ticket that owes no update.

    `version` is the wording the ticket is under now, as far as the page knows it.
    """
    if not ticket.is_unsolved:
        return {}
    return {
        "next_update_choices": choices(ticket, next_update.latest(version, now), now),
        "next_update_every": version.update_seconds if version else None,
        "next_update_zone": timezone.get_current_timezone_name(),
    }


class ReplyForm(MessageForm):
    """A reply, with the time the next update is promised by, if the writer names one."""

    next_update = forms.CharField(required=False)
    next_update_at = forms.DateTimeField(
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={
            "invalid": gettext_lazy("“Next update by” is no date and time: 2026-11-24 10:00.")
        },
    )

    def promised(self, ticket: Ticket, now: dt.datetime) -> dt.datetime | None:
        """The instant that was chosen, reckoned from `now`; None to leave it to the plan.

        `ValidationError` for a choice that is none, and for an exact time left empty.
        """
        chosen = self.cleaned_data["next_update"]
        if not chosen:
            return None
        if chosen in LENGTHS:
            return now + dt.timedelta(minutes=LENGTHS[chosen])
        if chosen == TOMORROW:
            return tomorrow_morning(customers_zone(ticket), now)
        exact: dt.datetime | None = self.cleaned_data["next_update_at"]
        if chosen != EXACT:
            raise forms.ValidationError({"next_update": _("There is no such choice.")})
        if exact is None:
            raise forms.ValidationError(
                {"next_update_at": _("Say by when the next update comes, with day and time.")}
            )
        return exact
