"""Compare what customers saw acknowledged with what is stored."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

from accounts.models import Deadline, Event
from accounts.tenancy import DatabaseRole, acting_as
from bench.harness import Verdict
from bench.portal_client import Customer
from tickets.models import Attachment, Entry, Promise, Ticket


def reconcile(customers: list[Customer], media: Path, verdict: Verdict) -> None:
    """Each acknowledged form is one whole ticket with its file, and there is no other ticket."""
    acknowledged = {
        form.submission: (form.digest, address)
        for customer in customers
        for form, address in customer.acknowledged.items()
    }
    with acting_as(DatabaseRole.ENGINE):
        stored = {ticket.submission: ticket for ticket in Ticket.objects.select_related()}
        lost = len(acknowledged.keys() - stored.keys())
        unseen = len(stored.keys() - acknowledged.keys())
        wrong = sum(
            not address.endswith(f"/{stored[key].reference}/")
            for key, (_digest, address) in acknowledged.items()
            if key in stored
        )
        half = sum(not _is_whole(ticket) for ticket in stored.values())
        digests = {
            row.ticket_id: row
            for row in Attachment.objects.filter(ticket__in=[t.pk for t in stored.values()])
        }
        files = sum(
            _holds(digests.get(stored[key].pk), digest, media)
            for key, (digest, _address) in acknowledged.items()
            if key in stored
        )
    errors = sum((Counter(customer.errors) for customer in customers), Counter[str]())
    print(f"acknowledged {len(acknowledged)}, stored {len(stored)}, files whole {files}")
    print(f"without an answer and sent again {sum(errors.values())}: {dict(errors)}")
    verdict.expect(lost == 0, f"acknowledged and lost {lost}")
    verdict.expect(unseen == 0, f"stored without an acknowledgement {unseen}")
    verdict.expect(wrong == 0, f"acknowledged under another number {wrong}")
    verdict.expect(half == 0, f"half tickets {half}")
    verdict.expect(
        files == len(acknowledged), f"files missing or changed {len(acknowledged) - files}"
    )


def _is_whole(ticket: Ticket) -> bool:
    """A ticket with its message, file, promises, deadlines and event, each once."""
    promises = Promise.objects.filter(ticket=ticket)
    deadlines = Deadline.objects.filter(
        kind="promise.due", subject__in=[f"promise/{promise.pk}" for promise in promises]
    )
    return (
        Entry.objects.filter(ticket=ticket).count() == 1
        and Attachment.objects.filter(ticket=ticket).count() == 1
        and {promise.kind for promise in promises} >= {"response"}
        and deadlines.count() == len(promises)
        and Event.objects.filter(subject=ticket.event_subject, verb="ticket.opened").count() == 1
    )


def _holds(row: Attachment | None, digest: str, media: Path) -> bool:
    if row is None or row.sha256 != digest:
        return False
    file = media / row.storage_key
    return file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() == digest
