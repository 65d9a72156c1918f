"""What a ticket is about: product, platform, version and environment."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import access, events
from accounts.viewer import Viewer
from knowledge.models import Platform, Product
from tickets import texts, transitions
from tickets.lifecycle import record
from tickets.models import Ticket
from tickets.models.ticket import Environment


@transaction.atomic
def edit_facts(
    *,
    ticket: Ticket,
    by: Viewer,
    now: dt.datetime,
    product: Product | None,
    platform: str,
    sdk_version: str,
    environment: str,
) -> Ticket:
    """Fill in what a break-glass ticket left out: product, platform, version, environment."""
    ticket = record.locked(ticket)
    access.require(by, "ticket.edit_facts", ticket.organization_id)
    transitions.next_state(ticket, "edit_facts")
    put(ticket, product, platform=platform, sdk_version=sdk_version, environment=environment)
    record.save(ticket, now=now)
    events.record(
        verb="ticket.facts_edited",
        subject=ticket.event_subject,
        by=by,
        at=now,
        organization_id=ticket.organization_id,
        product=product.key if product else None,
        platform=platform,
        sdk_version=ticket.sdk_version,
        environment=environment,
    )
    return ticket


def put(
    ticket: Ticket,
    product: Product | None,
    *,
    platform: str,
    sdk_version: str,
    environment: str,
) -> None:
    """Write the facts into a ticket the caller saves; what nobody knows is refused."""
    ticket.product = product
    ticket.platform = texts.known(platform, Platform, field="platform")
    ticket.sdk_version = texts.clean_line(
        sdk_version, field="sdk_version", limit=texts.VERSION_LIMIT
    )
    ticket.environment = texts.known(environment, Environment, field="environment")
