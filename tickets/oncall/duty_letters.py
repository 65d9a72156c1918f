"""Mail to engineers about changes of their duty; whoever made a change is not told of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import letters
from accounts.models import User
from accounts.readers import as_read_by
from accounts.viewer import Viewer
from tickets.models import DutyChange, Swap
from tickets.oncall.spans import moment

Words = Callable[[], tuple[str, str]]


def tell(
    people: Iterable[User | None], words: Words, *, subject: str, by: Viewer, now: dt.datetime
) -> None:
    """Write to each in their language and time zone, with a link to the calendar."""
    link = settings.PUBLIC_URL.rstrip("/") + reverse("admin:duty")
    told = {by.user.pk} if by.user else set()
    for person in people:
        if person is None or person.pk in told or not person.is_active:
            continue
        told.add(person.pk)
        with as_read_by(person):
            title, text = words()
        letters.post(
            address=person.email,
            language=person.language,
            title=title,
            text=f"{text}\n\n{link}\n",
            subject=subject,
            now=now,
        )


def overridden(change: DutyChange, *, by: Viewer, now: dt.datetime) -> None:
    def words() -> tuple[str, str]:
        facts = _facts(change)
        if change.person_id is None:
            return _("Your duty was changed"), _(
                "%(by)s took %(replaces)s off duty for %(roster)s from %(start)s to %(end)s."
            ) % (facts | {"by": by.name})
        if change.replaces_id is None:
            return _("You are on duty"), _(
                "%(by)s put %(person)s on duty for %(roster)s from %(start)s to %(end)s."
            ) % (facts | {"by": by.name})
        return _("Your duty was changed"), _(
            "%(by)s put %(person)s on duty for %(roster)s in place of %(replaces)s,"
            " from %(start)s to %(end)s."
        ) % (facts | {"by": by.name})

    tell([change.person, change.replaces], words, subject=change.event_subject, by=by, now=now)


def on_leave(change: DutyChange, *, by: Viewer, now: dt.datetime) -> None:
    def words() -> tuple[str, str]:
        if change.person_id is None:
            return _("Leave was entered"), _(
                "%(replaces)s is off from %(start)s to %(end)s."
            ) % _facts(change)
        return _("Leave was entered"), _(
            "%(replaces)s is off from %(start)s to %(end)s; %(person)s stands in."
        ) % _facts(change)

    tell([change.person, change.replaces], words, subject=change.event_subject, by=by, now=now)


def scheduled(change: DutyChange, people: Iterable[User], *, by: Viewer, now: dt.datetime) -> None:
    def words() -> tuple[str, str]:
        return _("You are on a temporary schedule"), _(
            "%(by)s planned a temporary schedule for %(roster)s from %(start)s to %(end)s."
            " Your shifts are in the calendar."
        ) % (_facts(change) | {"by": by.name})

    tell(people, words, subject=change.event_subject, by=by, now=now)


def taken_back(change: DutyChange, *, by: Viewer, now: dt.datetime) -> None:
    def words() -> tuple[str, str]:
        return _("A change of duty was taken back"), _(
            "%(by)s took back “%(kind)s” from %(start)s to %(end)s. The calendar shows who is"
            " on duty now."
        ) % (_facts(change) | {"by": by.name, "kind": change.get_kind_display()})

    keys = [one.get("member") for one in change.shifts]
    people = [change.person, change.replaces, *User.objects.filter(pk__in=keys).order_by("pk")]
    tell(people, words, subject=change.event_subject, by=by, now=now)


def swap_news(swap: Swap, *, by: Viewer, now: dt.datetime) -> None:
    """Both, of what became of the swap; who did it just now knows."""

    def words() -> tuple[str, str]:
        facts = _swap_facts(swap)
        said = {
            Swap.State.ASKED: (
                _("%(asker)s asks you to take a shift"),
                _("%(asker)s asks %(asked)s to take %(roster)s from %(start)s to %(end)s."),
            ),
            Swap.State.ACCEPTED: (
                _("The swap is agreed"),
                _("%(asked)s takes %(roster)s from %(start)s to %(end)s for %(asker)s."),
            ),
            Swap.State.DECLINED: (
                _("%(asked)s cannot take your shift"),
                _("%(asked)s declined; %(asker)s keeps %(roster)s from %(start)s to %(end)s."),
            ),
            Swap.State.WITHDRAWN: (
                _("A swap was withdrawn"),
                _("%(asker)s no longer asks for %(roster)s from %(start)s to %(end)s."),
            ),
            Swap.State.EXPIRED: (
                _("A swap was not answered in time"),
                _("%(asker)s keeps %(roster)s from %(start)s to %(end)s."),
            ),
        }
        title, text = said[Swap.State(swap.state)]
        parts = [text % facts]
        if swap.return_roster_id and swap.state in (Swap.State.ASKED, Swap.State.ACCEPTED):
            parts.append(
                _(
                    "In return, %(asker)s takes %(return_roster)s from %(return_start)s to"
                    " %(return_end)s."
                )
                % facts
            )
        if swap.note and swap.state == Swap.State.ASKED:
            parts.append(f"“{swap.note}”")
        return title % facts, "\n".join(parts)

    tell([swap.asker, swap.asked], words, subject=swap.event_subject, by=by, now=now)


def _facts(change: DutyChange) -> dict[str, str]:
    return {
        "person": change.person_name,
        "replaces": change.replaces_name,
        "roster": str(change.roster) if change.roster else "",
        "start": moment(change.starts_at),
        "end": moment(change.ends_at),
    }


def _swap_facts(swap: Swap) -> dict[str, str]:
    facts = {
        "asker": swap.asker_name,
        "asked": swap.asked_name,
        "roster": str(swap.roster),
        "start": moment(swap.starts_at),
        "end": moment(swap.ends_at),
    }
    if swap.return_roster and swap.return_starts_at and swap.return_ends_at:
        facts |= {
            "return_roster": str(swap.return_roster),
            "return_start": moment(swap.return_starts_at),
            "return_end": moment(swap.return_ends_at),
        }
    return facts
