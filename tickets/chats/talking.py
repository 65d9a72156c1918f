"""What is said in a chat: the first message opens the ticket, each further one is a reply."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.viewer import Viewer
from knowledge.models import Product
from tickets import lifecycle, submissions, texts
from tickets.chats.being_there import add_engineer, locked_with_ticket
from tickets.models import Chat, Entry
from tickets.models.ticket import Channel, Severity

CHANNEL_OF_PLANS = "chat"
CAME_FROM_LIMIT = 300


@transaction.atomic
def start(
    *,
    by: Viewer,
    organization: Organization,
    body: str,
    severity: Severity,
    source: Chat.Source,
    now: dt.datetime,
    came_from: str = "",
    product: Product | None = None,
    attachment_ids: Sequence[uuid.UUID] = (),
    submission: uuid.UUID | None = None,
) -> Chat:
    """Open a ticket by its first message, and the chat in it.

    The same `submission` with the same text again gives the chat it began before.
    `ValidationError` if the plan has no chat.
    """
    if CHANNEL_OF_PLANS not in organization.entitlements.channels:
        raise ValidationError(_("Live chat is not part of your plan. Open a ticket instead."))
    ticket = lifecycle.open_ticket(
        by=by,
        organization=organization,
        subject=texts.subject_from(body),
        body=body,
        severity=severity,
        product=product,
        channel=Channel.CHAT,
        attachment_ids=attachment_ids,
        submission=submission,
        now=now,
    )
    first = ticket.entries.order_by("pk").values_list("pk", flat=True)[0]
    chat, _is_new = Chat.objects.get_or_create(
        ticket=ticket,
        visitor=by.user,
        defaults={
            "organization": organization,
            "visitor_name": by.name,
            "source": source,
            "came_from": _page(came_from),
            "opened_at": now,
            "visitor_seen_at": now,
            "visitor_read": first,
            "staff_mailed": first,  # those on duty are told of the ticket itself
        },
    )
    return chat


@transaction.atomic
def say(
    *,
    chat: Chat,
    by: Viewer,
    body: str,
    key: uuid.UUID,
    now: dt.datetime,
    attachment_ids: Sequence[uuid.UUID] = (),
) -> Entry:
    """Write a message; the same `key` with the same text and files again gives the one
    written before.

    With another text it is another message: nothing anybody wrote is dropped. A visitor who
    writes takes up a chat that had ended; an engineer who writes has joined.
    """
    ticket, chat = locked_with_ticket(chat)
    if by.user is None or not (by.is_person_of_staff or by.user.pk == chat.visitor_id):
        raise PermissionDenied(_("Only the visitor and engineers write in a chat."))
    earlier = submissions.written_before(
        key,
        ticket=ticket,
        by=by,
        kind=Entry.Kind.REPLY,
        body=body,
        attachment_ids=attachment_ids,
    )
    if earlier is not None:
        return earlier
    entry = lifecycle.reply(
        ticket=ticket,
        by=by,
        body=body,
        channel=Channel.CHAT,
        attachment_ids=attachment_ids,
        origin=chat.origin,  # so that it goes back with the chat when the tickets are split
        submission=key,
        now=now,
    )
    if by.is_person_of_staff:
        add_engineer(chat, by)
        chat.staff_seen_at, chat.staff_read = now, entry.pk
        chat.save(update_fields=["engineers", "staff_seen_at", "staff_read"])
    else:
        chat.visitor_seen_at, chat.visitor_read, chat.ended_at = now, entry.pk, None
        chat.save(update_fields=["visitor_seen_at", "visitor_read", "ended_at"])
    return entry


def _page(came_from: str) -> str:
    """The address of the page as far as it is one; what cannot be kept is not worth a refusal."""
    shown = "".join(char for char in came_from if char.isprintable())
    return shown[:CAME_FROM_LIMIT] if shown.startswith(("https://", "http://", "/")) else ""
