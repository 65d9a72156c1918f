"""What happened to a ticket, each event in one sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Event
from accounts.templatetags.vigil import duration
from tickets.models import Promise, SeverityChange
from tickets.models.ticket import Severity
from tickets.presentation.people import level_word

Outcome = SeverityChange.Outcome


@dataclass(frozen=True, slots=True)
class SystemLine:
    """Something that happened, in one sentence; `tone` is "", "kept" or "urgent".

    `mail` is the key of the mail it is about, for staff.
    """

    id: int
    at: dt.datetime
    icon: str
    text: str
    tone: str = ""
    mail: str = ""
    is_message: bool = False
    is_call: bool = False

    @property
    def key(self) -> str:
        return f"event-{self.id}"


def event_line(event: Event, *, staff: bool) -> SystemLine | None:
    """What an event says to readers; None for one that is not told, or not to them."""
    maker = _LINES.get(event.verb) or (_STAFF_LINES.get(event.verb) if staff else None)
    made = maker(event.actor_name, event.data) if maker else None
    if made is None:
        return None
    icon, text, tone = made
    mail = str(event.data.get("inbound", "")) if staff else ""
    return SystemLine(id=event.pk, at=event.at, icon=icon, text=text, tone=tone, mail=mail)


Made = tuple[str, str, str] | None
Maker = Callable[[str, dict[str, Any]], Made]


def _opened(name: str, data: dict[str, Any]) -> Made:
    if data.get("severity") != Severity.URGENT:
        return None
    return "zap", _("Urgent ticket opened, the engineer on duty is rung"), ""


def _resolved(name: str, data: dict[str, Any]) -> Made:
    return "check", _("%(name)s says this is solved") % {"name": name}, "kept"


def _closed(name: str, data: dict[str, Any]) -> Made:
    if not name:
        return "lock", _("Closed: nobody objected for a week after it was solved"), ""
    return "lock", _("%(name)s closed the ticket") % {"name": name}, ""


def _reopened(name: str, data: dict[str, Any]) -> Made:
    return (
        "rotate-ccw",
        _("%(name)s reopened the ticket, all clocks start anew") % {"name": name},
        "",
    )


def _acknowledged(name: str, data: dict[str, Any]) -> Made:
    return "user-check", _("%(name)s took the ticket") % {"name": name}, "kept"


def _assigned(name: str, data: dict[str, Any]) -> Made:
    owner = data.get("after")
    if not owner:
        return "user", _("Nobody in particular is responsible now"), ""
    return "user-check", _("%(name)s is responsible now") % {"name": owner}, ""


def _broken(name: str, data: dict[str, Any]) -> Made:
    texts = {
        Promise.Kind.RESPONSE: _("We missed our promise: no answer by an engineer in time"),
        Promise.Kind.UPDATE: _("We missed our promise: no update in time"),
        Promise.Kind.RESOLUTION: _("We missed our goal: not solved in time"),
    }
    return "triangle-alert", texts[Promise.Kind(data["kind"])], "urgent"


def _next_update(name: str, data: dict[str, Any]) -> Made:
    """The time an engineer promised in a reply; the reply itself is a message of its own."""
    if "next_update_at" not in data:
        return None
    until = localtime(dt.datetime.fromisoformat(data["next_update_at"]))
    day = date_format(until, pgettext("date format", "D j M, H:i"))
    words = {"name": name, "due": f"{day} {until:%Z}"}
    return "calendar-clock", _("%(name)s promised the next update by %(due)s") % words, ""


def _date_agreed(name: str, data: dict[str, Any]) -> Made:
    until = localtime(dt.datetime.fromisoformat(data["until"]))
    moment = date_format(until, "Y-m-d H:i")
    text = _("%(name)s: we wait until %(date)s, as agreed")
    return "circle-pause", text % {"name": name, "date": moment}, ""


def _date_ended(name: str, data: dict[str, Any]) -> Made:
    return "clock", _("%(name)s ended the waiting, the clocks run again") % {"name": name}, ""


def _date_reached(name: str, data: dict[str, Any]) -> Made:
    return "clock", _("The agreed date has come, the clocks run again"), ""


def _warned(name: str, data: dict[str, Any]) -> Made:
    texts = {
        Promise.Kind.RESPONSE: _("Warned: the first answer is due soon"),
        Promise.Kind.UPDATE: _("Warned: the next update is due soon"),
        Promise.Kind.RESOLUTION: _("Warned: the solution is due soon"),
    }
    return "bell-ring", texts[Promise.Kind(data["kind"])], ""


def _severity(name: str, data: dict[str, Any]) -> Made:
    words = {"name": name, "before": severity(data["before"]), "after": severity(data["after"])}
    texts = {
        Outcome.APPLIED: _("%(name)s changed the severity from %(before)s to %(after)s"),
        Outcome.PROPOSED: _("%(name)s proposes %(after)s instead of %(before)s"),
        Outcome.AGREED: _("%(name)s agreed: the severity is %(after)s now"),
        Outcome.REFUSED: _("%(name)s refused: the severity stays %(before)s"),
        Outcome.DECIDED: _("%(name)s decided: the severity is %(after)s now"),
    }
    text = texts.get(Outcome(data["outcome"]))
    return ("tag", text % words, "") if text else None


def _nobody(name: str, data: dict[str, Any]) -> Made:
    return "phone-missed", _("Nobody on duty could be found to ring"), "urgent"


def _facts(name: str, data: dict[str, Any]) -> Made:
    return "pencil", _("%(name)s edited product and environment") % {"name": name}, ""


def _budget_spent(name: str, data: dict[str, Any]) -> Made:
    words = {"level": level_word(data["level"]), "budget": duration(data["budget_seconds"])}
    text = _("%(level)s has used up its %(budget)s of the time for a solution") % words
    return "triangle-alert", text, ""


def _requested(name: str, data: dict[str, Any]) -> Made:
    return "zap", _("%(name)s asked for help from the engineers on duty") % {"name": name}, ""


def _raised(name: str, data: dict[str, Any]) -> Made:
    level = level_word(data["level"])
    return "arrow-up", _("%(name)s escalated to %(level)s") % {"name": name, "level": level}, ""


def _handed_over(name: str, data: dict[str, Any]) -> Made:
    words = {"before": data.get("before", ""), "after": data.get("after", "")}
    return "user-check", _("Handed over from %(before)s to %(after)s") % words, ""


def _handover_proposed(name: str, data: dict[str, Any]) -> Made:
    if not data.get("after"):
        return "clock", _("To hand over, but nobody is on duty who could take it"), "urgent"
    words = {"before": data.get("before", ""), "after": data["after"]}
    return "clock", _("%(before)s hands over to %(after)s, who has not accepted yet") % words, ""


def _handover_noted(name: str, data: dict[str, Any]) -> Made:
    return "pencil", _("%(name)s wrote a handover note") % {"name": name}, ""


def _handover_paged(name: str, data: dict[str, Any]) -> Made:
    words = {"name": data.get("after", "")}
    return "bell-ring", _("Rang %(name)s: the handover is not accepted") % words, ""


def _handover_escalated(name: str, data: dict[str, Any]) -> Made:
    return "zap", _("Nobody accepted the handover, the ladder is rung"), "urgent"


def _chat_joined(name: str, data: dict[str, Any]) -> Made:
    return "message-square", _("%(name)s joined the chat") % {"name": name}, ""


def _chat_ended(name: str, data: dict[str, Any]) -> Made:
    return "message-square", _("%(name)s ended the chat") % {"name": name}, ""


def _joined(name: str, data: dict[str, Any]) -> Made:
    words = {"name": name, "ticket": data["joined"]}
    return "link", _("%(name)s joined %(ticket)s to this ticket: it is one problem") % words, ""


def _split(name: str, data: dict[str, Any]) -> Made:
    words = {"name": name, "ticket": data["joined"]}
    return "link", _("%(name)s split %(ticket)s off again: it is another problem") % words, ""


def _bounced(name: str, data: dict[str, Any]) -> Made:
    words = {"address": data["address"], "status": data.get("status") or "?"}
    if data.get("is_permanent"):
        text = _("Our mail to %(address)s came back (%(status)s): nothing more is sent there")
        return "triangle-alert", text % words, "urgent"
    text = _("Our mail to %(address)s could not be delivered yet (%(status)s)")
    return "triangle-alert", text % words, ""


def _automatic(name: str, data: dict[str, Any]) -> Made:
    return "mail", _("Automatic reply from %(address)s") % {"address": data["address"]}, ""


def _released(name: str, data: dict[str, Any]) -> Made:
    words = {"name": name, "address": data["address"]}
    return "user-check", _("%(name)s took a mail from %(address)s out of quarantine") % words, ""


def _enquiry_linked(name: str, data: dict[str, Any]) -> Made:
    return "link", _("%(name)s linked an enquiry to this ticket") % {"name": name}, ""


def _article_linked(name: str, data: dict[str, Any]) -> Made:
    words = {"name": name, "article": data["article"]}
    return "link", _("%(name)s linked the article %(article)s") % words, ""


def _article_unlinked(name: str, data: dict[str, Any]) -> Made:
    words = {"name": name, "article": data["article"]}
    return "link", _("%(name)s unlinked the article %(article)s") % words, ""


def severity(value: str) -> str:
    """The word for a severity inside a sentence."""
    return {
        Severity.URGENT: pgettext("severity in a sentence", "urgent"),
        Severity.IMPORTANT: pgettext("severity in a sentence", "important"),
        Severity.NORMAL: pgettext("severity in a sentence", "normal"),
    }[Severity(value)]


_LINES: Final[dict[str, Maker]] = {
    "ticket.opened": _opened,
    "ticket.replied": _next_update,
    "ticket.resolved": _resolved,
    "ticket.closed": _closed,
    "ticket.reopened": _reopened,
    "ticket.assigned": _assigned,
    "ticket.handed_over": _handed_over,
    "page.acknowledged": _acknowledged,
    "promise.broken": _broken,
    "severity.changed": _severity,
    "ticket.date_agreed": _date_agreed,
    "ticket.date_ended": _date_ended,
    "ticket.date_reached": _date_reached,
    "escalation.impossible": _nobody,
    "chat.joined": _chat_joined,
    "chat.ended": _chat_ended,
    "ticket.joined": _joined,
    "ticket.split": _split,
}
_STAFF_LINES: Final[dict[str, Maker]] = {
    "promise.warned": _warned,
    "ticket.facts_edited": _facts,
    "escalation.requested": _requested,
    "escalation.raised": _raised,
    "handover.proposed": _handover_proposed,
    "handover.noted": _handover_noted,
    "handover.paged": _handover_paged,
    "handover.escalated": _handover_escalated,
    "promise.budget_spent": _budget_spent,
    "mail.bounced": _bounced,
    "mail.automatic": _automatic,
    "mail.released": _released,
    "enquiry.linked": _enquiry_linked,
    "ticket.article_linked": _article_linked,
    "ticket.article_unlinked": _article_unlinked,
}
