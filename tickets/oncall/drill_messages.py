"""What is told around a drill: to who is asked, to the leads, to who stands in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.models import ReachabilityDrill
from tickets.oncall import duty
from tickets.oncall.calling import Words, call


def ask(drill: ReachabilityDrill, person: User, in_place_of: str, *, now: dt.datetime) -> None:
    """The drill itself, with the link that confirms it."""

    def words() -> tuple[str, str]:
        told = _(
            "Nothing is down. Your shift on %(roster)s begins at %(start)s."
            " Confirm by %(by)s, or the next in the rotation takes it."
        )
        if in_place_of:
            told = _(
                "Nothing is down. %(name)s could not be reached, so the shift on %(roster)s"
                " from %(start)s is yours. Confirm by %(by)s, or the next in the rotation"
                " takes it."
            )
        return _("Drill: confirm that you can be reached"), told % (
            _facts(drill) | {"name": in_place_of, "by": _moment(drill.confirm_by)}
        )

    _call([person], words, drill, "drill", {"drill": drill.pk, "person": person.pk}, now)


def missed(drill: ReachabilityDrill, *, now: dt.datetime) -> None:
    """The leads: who could not be reached, and who takes the shift, if anybody does."""

    def words() -> tuple[str, str]:
        facts = _facts(drill) | {"name": drill.person_name, "next": drill.replaced_by_name}
        title = _("%(name)s could not be reached") % facts
        if drill.replaced_by_id:
            return title, _("%(next)s takes the shift on %(roster)s from %(start)s.") % facts
        return title, _(
            "Nobody is left in the rotation: the shift on %(roster)s from %(start)s stands"
            " open. Please find somebody."
        ) % facts

    leads = [one for one in duty.leads(drill.roster.team) if one.pk != drill.person_id]
    people = User.objects.filter(pk__in=[one.pk for one in leads])
    _call(people, words, drill, "drill-missed", {"path": reverse("admin:duty")}, now)


def takes_over(drill: ReachabilityDrill, person: User, *, now: dt.datetime) -> None:
    """Whoever stands in and need not be asked is told at least."""

    def words() -> tuple[str, str]:
        facts = _facts(drill) | {"name": drill.person_name}
        return _("You take over a shift"), _(
            "%(name)s could not be reached, so the shift on %(roster)s from %(start)s is yours."
        ) % facts

    _call([person], words, drill, "drill-next", {"path": reverse("admin:duty")}, now)


def given_back(drill: ReachabilityDrill, stood_in: User, *, now: dt.datetime) -> None:
    """Whoever stood in is free again."""

    def words() -> tuple[str, str]:
        facts = _facts(drill) | {"name": drill.person_name}
        return _("You need not take over the shift"), _(
            "%(name)s was reached after all and has the shift on %(roster)s from %(start)s."
        ) % facts

    _call([stood_in], words, drill, "drill-back", {"path": reverse("admin:duty")}, now)


def _call(
    people: Iterable[User],
    words: Words,
    drill: ReachabilityDrill,
    what: str,
    payload: dict[str, object],
    now: dt.datetime,
) -> None:
    call(
        people,
        words,
        key=f"{what}:{drill.pk}",
        subject=drill.event_subject,
        payload=payload,
        now=now,
    )


def _facts(drill: ReachabilityDrill) -> dict[str, str]:
    return {"roster": str(drill.roster), "start": _moment(drill.shift_starts_at)}


def _moment(at: dt.datetime) -> str:
    """Day and time in the reader's zone, which is in force while the words are made."""
    return date_format(timezone.localtime(at), "D H:i")
