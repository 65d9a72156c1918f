"""What follows from mail that came in, and may wait a little."""

from __future__ import annotations

import datetime as dt

from accounts.models import Deadline, Event
from portal import automatic_answers, notifications
from tickets.models import Enquiry, Ticket


def tell_of_bounce(row: Deadline, now: dt.datetime) -> None:
    """Tell the engineer that our mail to a customer came back."""
    event = Event.objects.get(pk=row.data["event"])
    _kind, _slash, number = event.subject.partition("/")
    ticket = Ticket.objects.select_related("organization", "product").get(pk=int(number))
    notifications.mail_bounced(ticket, event, now=now)


def confirm_enquiry(row: Deadline, now: dt.datetime) -> None:
    """Tell somebody unknown that what they wrote has arrived, unless it is settled by now."""
    enquiry = Enquiry.objects.filter(pk=row.data["enquiry"]).first()
    if enquiry is not None and enquiry.state == Enquiry.State.OPEN:
        automatic_answers.confirm_enquiry(enquiry, now=now)
