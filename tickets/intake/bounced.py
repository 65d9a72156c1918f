"""A mail of ours came back: mark the address, and tell whoever works on the ticket."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db.models import F

from accounts import access, agenda, events
from accounts.models import Delivery
from accounts.viewer import SYSTEM, Viewer
from tickets import enquiries, joining
from tickets.intake.letter import Letter
from tickets.models import BouncedAddress, Enquiry, Inbound, Ticket

TELL = "mail.bounced"  # the kind of the deadline at which the engineer is told by mail
_OURS = re.compile(r"<?([0-9a-f]{32})@(.+?)>?")


def note(row: Inbound, letter: Letter, *, now: dt.datetime) -> None:
    """Believe a bounce only of a mail that we really sent: it came to that mail's own address."""
    bounce = letter.bounce
    if bounce is None:
        return
    row.data["bounced"] = [one[:254] for one in bounce.addresses[:5]]
    sent = _sent(letter)
    if sent is None:
        row.data["remark"] = "not-ours"
        return
    address = sent.address.lower()
    mark(
        address,
        is_permanent=bounce.is_permanent,
        status=bounce.status,
        detail=bounce.reason,
        row=row,
        now=now,
    )
    if (enquiry := _enquiry_of(sent)) is not None:
        row.data["enquiry"] = enquiry.pk
        if bounce.is_permanent:
            enquiries.came_back(enquiry=enquiry, inbound=row, now=now)
    ticket = _ticket_of(sent)
    if ticket is None:
        return
    row.organization_id, row.ticket = ticket.organization_id, ticket
    event = events.record(
        verb="mail.bounced",
        subject=ticket.event_subject,
        by=SYSTEM,
        at=now,
        organization_id=ticket.organization_id,
        internal=True,
        inbound=str(row.pk),
        address=address,
        is_permanent=bounce.is_permanent,
        status=bounce.status[:12],
    )
    agenda.schedule(
        kind=TELL,
        key=f"bounced:{event.pk}",
        due_at=now,
        subject=ticket.event_subject,
        organization_id=ticket.organization_id,
        event=event.pk,
    )


def mark(
    address: str,
    *,
    is_permanent: bool,
    status: str,
    detail: str,
    row: Inbound | None,
    now: dt.datetime,
) -> None:
    """Note that mail to this address came back; what failed for good stays so."""
    told = {"status": status[:12], "detail": detail.replace("\x00", "")[:300], "inbound": row}
    known = BouncedAddress.objects.select_for_update().filter(address=address)
    if known.update(
        count=F("count") + 1,
        last_at=now,
        **(told | {"is_permanent": True} if is_permanent else told),
    ):
        return
    BouncedAddress.objects.create(
        address=address, is_permanent=is_permanent, first_at=now, last_at=now, **told
    )


def is_given_up(address: str) -> bool:
    """Whether mail about tickets is no longer sent there; letters about a login always are."""
    return BouncedAddress.objects.filter(address=address.lower(), is_permanent=True).exists()


def works_again(addresses: Iterable[str]) -> None:
    """Mail proven to come from there: what was marked is forgotten."""
    BouncedAddress.objects.filter(address__in=set(addresses)).delete()


def forgive(*, address: str, by: Viewer, now: dt.datetime) -> None:
    """A person of staff says that mail may be tried again."""
    access.require(by, "mail.route")
    if BouncedAddress.objects.filter(address=address).delete()[0]:
        events.record(
            verb="mail.forgiven",
            subject="bounces",
            by=by,
            at=now,
            organization_id=None,
            internal=True,
            address=address,
        )


def _sent(letter: Letter) -> Delivery | None:
    """The mail it is about. Where the operator has bounces come elsewhere, its Message-ID and the
    address must fit; only its reader can know both.
    """
    mails = Delivery.objects.filter(kind=Delivery.Kind.EMAIL)
    if letter.addressed.returned:
        return mails.filter(pk=letter.addressed.returned[0]).first()
    if not settings.RETURN_PATH or letter.bounce is None:
        return None
    found = _OURS.fullmatch(letter.bounce.original_message_id.strip().lower())
    if found is None or found[2] != settings.MAIL_DOMAIN:
        return None
    sent = mails.filter(pk=uuid.UUID(found[1])).first()
    failed = {one.lower() for one in letter.bounce.addresses}
    return sent if sent and sent.address.lower() in failed else None


def _enquiry_of(sent: Delivery) -> Enquiry | None:
    kind, _slash, number = sent.subject.partition("/")
    return Enquiry.objects.filter(pk=int(number)).first() if kind == "enquiry" else None


def _ticket_of(sent: Delivery) -> Ticket | None:
    kind, _slash, number = sent.subject.partition("/")
    if kind != "ticket":
        return None
    found = Ticket.objects.filter(pk=int(number)).first()
    return joining.current(found) if found else None
