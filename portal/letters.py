"""Write a mail about a ticket in the reader's language and time zone, and put it down to send.

Text that somebody typed is quoted only from replies of the ticket itself, never from notes;
the subject of the ticket is the only other text of theirs.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts import agenda
from accounts.listing import listed
from accounts.models import Delivery, User
from accounts.readers import as_read_by
from portal import letter_payload, mute_links, recipients, reply_letter
from portal.addresses import ticket_address
from portal.recipients import Case
from tickets.intake.mail_marker import marker
from tickets.models import AgreedDate, Promise, Ticket
from tickets.models.ticket import Severity, State
from tickets.presentation import step_words
from tickets.presentation.people import level_word


def write(letter: str, case: Case, reader: User, *, key: str, **more: Any) -> None:
    """Render templates/emails/<letter>.{txt,html} and have it delivered now."""
    ticket = case.ticket
    payload = letter_payload.threaded(ticket, reader)
    with as_read_by(reader):
        context = _context(letter, case, reader) | what_they_may(ticket, reader, payload) | more
        if letter == "ladder_gaps":
            context["gaps"] = [_gap(data) for data in more["gaps"]]
        text = render_to_string(f"emails/{letter}.txt", context)
        html = render_to_string(f"emails/{letter}.html", context)
    agenda.send(
        kind=Delivery.Kind.EMAIL,
        key=key,
        channel="email",
        address=reader.email,
        subject=ticket.event_subject,
        payload=payload | {"text": text, "html": html, "from_name": _author(letter, case)},
        due_at=case.now,
        organization_id=ticket.organization_id,
    )


def what_they_may(ticket: Ticket, reader: User, payload: dict[str, Any]) -> dict[str, Any]:
    """For the mail's first line and its foot: answer by mail, mute the ticket, choose."""
    may_answer, may_mute = payload["may_answer"], payload["may_mute"]
    return {
        "may_answer": may_answer,
        "may_mute": may_mute,
        "marker": marker(reader.language) if may_answer else "",
        "mute_link": mute_links.address(ticket_id=ticket.pk, user_id=reader.pk) if may_mute else "",
        "choices_link": settings.PUBLIC_URL + reverse("portal:mails") if may_mute else "",
    }


def _context(letter: str, case: Case, reader: User) -> dict[str, Any]:
    ticket, data = case.ticket, case.event.data
    context = {
        "ticket": ticket,
        "actor": case.event.actor_name,
        "reader": reader,
        "link": ticket_address(ticket, for_staff=reader.is_staff),
    }
    if letter == "reply":
        context |= reply_letter.context(case, reader)
        if until := data.get("next_update_at"):
            context["next_update_at"] = dt.datetime.fromisoformat(until)
    elif letter == "budget_spent":
        context["level"] = level_word(data["level"])
        context["budget"] = data["budget_seconds"]
        context["holder"] = ticket.owner.name if ticket.owner else ""
    elif letter == "state":
        context["verb"] = case.event.verb
        context["after"] = State(ticket.state).label
    elif letter == "joined":
        context |= {"verb": case.event.verb, "joined": data["joined"]}
    elif letter == "severity":
        context["before"] = Severity(data["before"]).label
        context["after"] = Severity(data["after"]).label
        context["outcome"] = data["outcome"]
    elif letter == "agreed_date":
        context["agreed"] = AgreedDate.objects.get(pk=data["agreed"], ticket=ticket)
        context["verb"] = case.event.verb
    elif letter in ("confirmation", "new_ticket"):
        running = Promise.objects.filter(ticket=ticket, state=Promise.State.RUNNING)
        context["promise"] = running.filter(kind=Promise.Kind.RESPONSE).first()
        names = [person.name for person in recipients.on_duty(ticket, case.now)]
        context["on_duty"] = listed(names)
        context["is_urgent"] = ticket.severity == Severity.URGENT
    return context


def _author(letter: str, case: Case) -> str:
    """Whose words the mail carries; empty for what Vigil itself has to say."""
    if letter not in ("reply", "chat_unread"):
        return ""
    name = case.event.actor_name
    return name if case.by_staff else f"{name} · {case.ticket.organization.name}"


def _gap(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": data["step"] + 1,
        "about": step_words.about(data["kind"], data["about"]),
        "why": step_words.why(data["why"]),
    }
