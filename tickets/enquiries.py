"""Enquiries: conversations with people who are no members of any organization.

Whoever writes in one gets no login and sees nothing of anybody's tickets; we answer by mail.
Each verb is atomic, checks role and state, writes, and records one event.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import access, agenda, events
from accounts.models import Delivery
from accounts.viewer import SYSTEM, Viewer
from tickets import enquiry_files, texts
from tickets.models import BouncedAddress, Enquiry, EnquiryMessage, Inbound, Ticket

NAME_LIMIT = 120
CONFIRM = "enquiry.confirm"
_ADDRESSES: Final = 1  # the space of advisory locks on addresses; those of Message-IDs have none
State = Enquiry.State


@transaction.atomic
def open_enquiry(
    *,
    channel: Enquiry.Channel,
    name: str,
    address: str,
    subject: str,
    body: str,
    now: dt.datetime,
    inbound: Inbound | None = None,
    folded: str = "",
    is_proven: bool = False,
    confirms: bool = True,
    by: Viewer = SYSTEM,
) -> Enquiry:
    """Begin a conversation with somebody we do not know; `address` is a mail or telephone one.

    `confirms` is whether a machine may tell that address that the mail arrived.
    """
    access.require(by, "enquiry.open")
    enquiry = Enquiry.objects.create(
        channel=channel,
        name=_visible(name)[:NAME_LIMIT],
        address=address.strip().lower()[:254],
        subject=_visible(subject)[: texts.SUBJECT_LIMIT] or _("(no subject)"),
        opened_at=now,
        updated_at=now,
    )
    message = _write(
        enquiry, body=body, folded=folded, is_proven=is_proven, inbound=inbound, at=now
    )
    _record(enquiry, "enquiry.opened", by=by, now=now, message=message.pk, channel=str(channel))
    if channel == Enquiry.Channel.EMAIL and confirms:
        _confirm(enquiry, now=now)
    return enquiry


@transaction.atomic
def add(
    *,
    enquiry: Enquiry,
    body: str,
    now: dt.datetime,
    inbound: Inbound | None = None,
    folded: str = "",
    is_proven: bool = False,
    by: Viewer = SYSTEM,
) -> EnquiryMessage:
    """They wrote again. What was closed is open again, unless it was called spam."""
    enquiry = locked(enquiry)
    access.require(by, "enquiry.open")
    message = _write(
        enquiry, body=body, folded=folded, is_proven=is_proven, inbound=inbound, at=now
    )
    if enquiry.state in (State.ANSWERED, State.CLOSED):
        enquiry.state, enquiry.closed_at = State.OPEN, None
    _save(enquiry, now=now)
    _record(enquiry, "enquiry.written", by=by, now=now, message=message.pk)
    return message


@transaction.atomic
def reply(
    *,
    enquiry: Enquiry,
    by: Viewer,
    body: str,
    now: dt.datetime,
    file_ids: Sequence[uuid.UUID] = (),
    submission: uuid.UUID | None = None,
) -> EnquiryMessage:
    """Answer by mail; `ValidationError` where there is no address to answer to.

    `file_ids` are drafts of `by` (`enquiry_files.keep`), which travel in the mail. The same
    `submission` again sends no second mail.
    """
    enquiry = locked(enquiry)
    access.require(by, "enquiry.answer")
    if by.user is None:
        raise ValueError("A person answers an enquiry.")
    before = _answered_before(submission, enquiry, by=by, body=body, file_ids=file_ids)
    if before is not None:
        return before
    _require_open(enquiry)
    try:
        validate_email(enquiry.address)
    except ValidationError as problem:
        raise ValidationError(
            _("There is no e-mail address to answer to; call them back instead.")
        ) from problem
    if BouncedAddress.objects.filter(address=enquiry.address, is_permanent=True).exists():
        raise ValidationError(
            _("Our mail to %(address)s came back, so none is sent there. Say first that it works.")
            % {"address": enquiry.address}
        )
    message = EnquiryMessage.objects.create(
        enquiry=enquiry,
        author=by.user,
        author_name=by.name,
        body=texts.clean_body(body),
        submission=submission,
        at=now,
    )
    files = enquiry_files.claim(file_ids, by=by, message=message)
    enquiry.state = State.ANSWERED
    _save(enquiry, now=now)
    _record(enquiry, "enquiry.answered", by=by, now=now, message=message.pk)
    agenda.send(
        kind=Delivery.Kind.EMAIL,
        key=f"enquiry:{enquiry.pk}:{message.pk}",
        channel="email",
        address=enquiry.address,
        subject=enquiry.event_subject,
        payload={
            "subject": f"Re: {enquiry.subject}",
            "text": f"{message.body}\n\n-- \n{by.name}\n",
            "thread": enquiry.event_subject,
            "follows": their_latest(enquiry),
            "from_name": by.name,
            **({"files": enquiry_files.in_mail(files)} if files else {}),
        },
        due_at=now,
        organization_id=None,
    )
    return message


@transaction.atomic
def came_back(*, enquiry: Enquiry, inbound: Inbound, now: dt.datetime, by: Viewer = SYSTEM) -> None:
    """A mail of ours in it could not be delivered: what we had answered is to be answered again."""
    enquiry = locked(enquiry)
    access.require(by, "enquiry.open")
    if enquiry.state == State.ANSWERED:
        enquiry.state = State.OPEN
        _save(enquiry, now=now)
    _record(enquiry, "enquiry.came_back", by=by, now=now, inbound=str(inbound.pk))


@transaction.atomic
def close(*, enquiry: Enquiry, by: Viewer, now: dt.datetime, is_spam: bool = False) -> Enquiry:
    """End it; as spam, what comes from there is not answered and opens it no more."""
    enquiry = locked(enquiry)
    access.require(by, "enquiry.answer")
    _require_open(enquiry)
    enquiry.state, enquiry.closed_at = (State.SPAM if is_spam else State.CLOSED), now
    _save(enquiry, now=now)
    _record(enquiry, "enquiry.closed", by=by, now=now, is_spam=is_spam)
    return enquiry


@transaction.atomic
def link(*, enquiry: Enquiry, ticket: Ticket, by: Viewer, now: dt.datetime) -> Enquiry:
    """Say that it belongs to a customer's ticket; nothing of it is shown to the customer."""
    enquiry = locked(enquiry)
    access.require(by, "enquiry.answer", ticket.organization_id)
    _require_open(enquiry)
    enquiry.state, enquiry.closed_at = State.LINKED, now
    enquiry.ticket, enquiry.organization_id = ticket, ticket.organization_id
    _save(enquiry, now=now)
    events.record(
        verb="enquiry.linked",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        internal=True,
        enquiry=enquiry.pk,
    )
    return enquiry


def lock_address(address: str) -> None:
    """Let nobody else begin or go on with a conversation of this address meanwhile.

    It comes after locks of tickets and before those of enquiries.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [_ADDRESSES, address])


def locked(enquiry: Enquiry) -> Enquiry:
    """The enquiry as it is now, locked until the transaction ends."""
    return Enquiry.objects.select_for_update().get(pk=enquiry.pk)


def _answered_before(
    submission: uuid.UUID | None,
    enquiry: Enquiry,
    *,
    by: Viewer,
    body: str,
    file_ids: Sequence[uuid.UUID],
) -> EnquiryMessage | None:
    """What this very answer was sent as: the same words and files, from the same form.

    The enquiry is locked, so of two at once the second finds the first.
    """
    if submission is None:
        return None
    sent = enquiry.messages.filter(author=by.user, submission=submission).order_by("pk")
    same = sent.filter(body=texts.clean_body(body))
    return next((one for one in same if enquiry_files.adds_none(file_ids, by=by, to=one)), None)


def _write(
    enquiry: Enquiry,
    body: str,
    folded: str,
    *,
    is_proven: bool,
    inbound: Inbound | None,
    at: dt.datetime,
) -> EnquiryMessage:
    return EnquiryMessage.objects.create(
        enquiry=enquiry,
        author_name=enquiry.name,
        body=body.replace("\x00", "")[: texts.BODY_LIMIT],
        folded=folded.replace("\x00", ""),
        is_proven=is_proven,
        inbound=inbound,
        at=at,
    )


def _confirm(enquiry: Enquiry, *, now: dt.datetime) -> None:
    """Have the engine tell them that it arrived: a machine's answer, once a day at most."""
    agenda.schedule(
        kind=CONFIRM,
        key=f"{CONFIRM}:{enquiry.pk}",
        due_at=now,
        subject=enquiry.event_subject,
        organization_id=None,
        enquiry=enquiry.pk,
    )


def _save(enquiry: Enquiry, *, now: dt.datetime) -> None:
    enquiry.updated_at = now
    enquiry.save()


def _require_open(enquiry: Enquiry) -> None:
    if not enquiry.is_open:
        raise ValidationError(_("This enquiry is closed."), code="wrong_state")


def their_latest(enquiry: Enquiry) -> str:
    """The Message-ID of their latest mail, which ours then follows; "" without one."""
    rows = EnquiryMessage.objects.filter(enquiry=enquiry).exclude(inbound=None)
    latest = rows.order_by("-at", "-id").values_list("inbound__message_id", flat=True).first()
    return latest or ""


def _record(enquiry: Enquiry, verb: str, *, by: Viewer, now: dt.datetime, **data: object) -> None:
    events.record(
        verb=verb,
        subject=enquiry.event_subject,
        by=by,
        at=now,
        organization_id=None,
        internal=True,
        **data,
    )


def _visible(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
