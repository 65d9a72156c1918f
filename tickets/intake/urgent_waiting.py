"""A mail that claims to be urgent and cannot be believed yet: those on duty look at once.

It may be a customer whose product is down and whose mail server is set up badly; it may be
anybody. So a person is rung and decides, at most once an hour for each organization it names:
who forges mails must not be able to keep us awake all night.
"""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.intake.people import Known
from tickets.models import Inbound
from tickets.oncall import duty
from tickets.oncall.calling import call


def ring(row: Inbound, sender: Known, *, now: dt.datetime) -> None:
    """Ring who is on duty for the default team, or its leads."""
    named = ",".join(str(key) for key in sorted(sender.organizations))

    def words() -> tuple[str, str]:
        title = _("An urgent mail waits in the quarantine")
        customers = ", ".join(one.name for one in sender.organizations.values())
        text = _("It says it is from %(name)s (%(customers)s), which is not proven. Look at it.")
        return title, text % {"name": sender.user.name, "customers": customers}

    call(
        _people(now),
        words,
        key=f"mail-waits:{named[:40]}:{now:%Y%m%d%H}",
        subject=f"mail/{row.pk}",
        payload={
            "path": reverse("admin:mail", args=[row.pk]),
            "about": "mail",
            "inbound": str(row.pk),
        },
        now=now,
    )


def _people(now: dt.datetime) -> list[User]:
    team = duty.teams().filter(is_default=True).first()
    if team is None:
        return []
    rosters = sorted(team.rosters.all(), key=lambda one: one.pk)[:1]
    found = [person for roster in rosters for person in duty.on_duty(roster, now)]
    keys = [person.pk for person in found or duty.leads(team)]
    return list(User.objects.filter(pk__in=keys))
