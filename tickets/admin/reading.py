"""What a ticket's page in the workspace needs to know, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from accounts.listing import listed
from accounts.models import Event, Membership, PeakHours
from accounts.scenarios import PeakSpan
from accounts.viewer import Viewer
from knowledge.error_mentions import error_codes_in
from tickets import agreed_dates, finding, ledger
from tickets.joining import STANDING
from tickets.models import (
    BouncedAddress,
    Call,
    Entry,
    Holding,
    Inbound,
    Join,
    MailMute,
    Page,
    SeverityChange,
    Ticket,
)
from tickets.models.ticket import UNSOLVED, Severity, State
from tickets.presentation.budget_bar import budget_bar
from tickets.presentation.explained import explained
from tickets.presentation.handover_lines import handover_rows
from tickets.presentation.linked_articles import linked_articles
from tickets.presentation.promise_cells import (
    nearest,
    present_policy,
    promise_cells,
    promises_of,
    update_every,
)
from tickets.presentation.timeline import Message, timeline
from tickets.presentation.trail import trail
from tickets.sla.budgets import Held

MEMBERS_SHOWN = 6
RELATED_SHOWN = 5


def with_context(viewer: Viewer, reference: str) -> QuerySet[Any]:
    """The ticket with its customer's members, peaks and other tickets, and the severity ledger."""
    members = (
        Membership.objects.filter(organization=OuterRef("organization_id"))
        .order_by("created_at", "pk")
        .values(row=JSONObject(name="user__name", role="role"))
    )
    peaks = (
        PeakHours.objects.filter(organization=OuterRef("organization_id"))
        .order_by("pk")
        .values(row=JSONObject(weekdays="weekdays", starts_at="starts_at", ends_at="ends_at"))
    )
    changes = (
        SeverityChange.objects.filter(ticket=OuterRef("pk"))
        .order_by("at", "pk")
        .values(
            row=JSONObject(
                before="before",
                after="after",
                by="by_name",
                reason="reason",
                outcome="outcome",
                answered_by="answered_by_name",
            )
        )
    )
    held = (
        Holding.objects.filter(ticket=OuterRef("pk"))
        .order_by("since", "pk")
        .values(row=JSONObject(since="since", level="person_level"))
    )
    readers = Membership.objects.filter(organization=OuterRef(OuterRef("organization_id")))
    bounced = BouncedAddress.objects.filter(
        address__in=readers.values("user__email"), is_permanent=True
    ).values_list("address", flat=True)
    muted = MailMute.objects.filter(ticket=OuterRef("pk"), user=OuterRef("reporter_id"))
    others = (
        Ticket.objects.visible_to(viewer)
        .filter(organization=OuterRef("organization_id"))
        .exclude(pk=OuterRef("pk"))
        .order_by("-updated_at")
        .values(
            row=JSONObject(number="number", subject="subject", state="state", severity="severity")
        )
    )
    standing = Join.objects.filter(**STANDING).order_by("at", "pk")
    parts = standing.filter(kept=OuterRef("pk")).values(
        row=JSONObject(
            number="joined__number",
            subject="joined__subject",
            channel="joined__channel",
            by_name="by_name",
            at="at",
        )
    )
    whole = standing.filter(joined=OuterRef("pk")).values(
        row=JSONObject(number="kept__number", by_name="by_name", at="at")
    )
    unsolved = [str(state) for state in UNSOLVED]
    return (
        finding.by_reference(viewer, reference)
        .select_related("organization__dedicated_contact", "product", "reporter", "owner")
        .annotate(
            member_rows=ArraySubquery(members[: MEMBERS_SHOWN + 1]),
            peak_rows=ArraySubquery(peaks),
            agreed_row=agreed_dates.open_date(),
            call_rows=Call.objects.visible_to(viewer).rows_of_ticket(),
            ledger_rows=ArraySubquery(changes),
            handover_rows=handover_rows(),
            part_rows=ArraySubquery(parts),
            whole_rows=ArraySubquery(whole),
            holding_rows=ArraySubquery(held),
            bounced_rows=ArraySubquery(bounced),
            article_rows=linked_articles(viewer),
            reporter_muted=Exists(muted),
            open_rows=ArraySubquery(others.filter(state__in=unsolved)[:RELATED_SHOWN]),
            past_rows=ArraySubquery(
                others.filter(state__in=[State.RESOLVED, State.CLOSED])[:RELATED_SHOWN]
            ),
        )
    )


def peaks_of(found: Any) -> list[PeakSpan]:
    """When the customer of a ticket read by `with_context` peaks."""
    own = [
        PeakSpan(
            tuple(row["weekdays"]),
            dt.time.fromisoformat(row["starts_at"]),
            dt.time.fromisoformat(row["ends_at"]),
        )
        for row in found.peak_rows
    ]
    return own or found.organization.usual_peaks


def held_by(found: Any) -> list[Held]:
    """Who held a ticket read by `with_context` since when, oldest first."""
    return [
        Held(dt.datetime.fromisoformat(row["since"]), row["level"]) for row in found.holding_rows
    ]


def story(ticket: Any, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """Promises, page trail, conversation and its error codes, worded for staff: six queries."""
    promises = list(ledger.with_rows(promises_of(ticket)))
    pages = list(
        Page.objects.filter(ticket=ticket).select_related("escalation").order_by("rung_at", "step")
    )
    runs = {page.escalation_id: page.escalation for page in pages}
    escalations = [runs[key] for key in sorted(runs)]
    mails = Inbound.objects.filter(entry=OuterRef("pk"))
    entries = (
        Entry.objects.visible_to(viewer)
        .conversation_of(ticket)
        .annotate(
            mail_key=Subquery(mails.values("pk")[:1]),
            mail_remark=Subquery(mails.values("data__remark")[:1]),
        )
    )
    # The organization is named because the index of the log starts with it.
    events = (
        Event.objects.visible_to(viewer)
        .about(ticket.event_subject)
        .filter(organization=ticket.organization_id)
    )
    every = update_every(promises)
    cells = promise_cells(promises, now, update_every=every, staff=True)
    told = list(events)
    made = trail(escalations, pages, told)
    ringing = [page for page in pages if page.state == Page.State.RINGING]
    items = timeline(entries, told, ticket.call_rows, staff=True)
    written = [ticket.subject, *(item.body for item in items if isinstance(item, Message))]
    return {
        "cells": cells,
        "nearest": nearest(cells),
        "told": explained(promises, now, staff=True),
        "budgets": budget_bar(promises, held_by(ticket), now),
        "trail": made,
        "ringing_names": listed(page.person_name for page in ringing),
        "rings_me": any(page.person_id == _pk(viewer) for page in ringing),
        "rings": made is None and ticket.state == State.NEW and ticket.severity == Severity.URGENT,
        "items": items,
        "error_codes": error_codes_in(
            "\n".join(written), product=ticket.product, platform=ticket.platform
        ),
        "present_policy": present_policy(promises),
        "may_wait": agreed_dates.may_wait([row for row in promises if row.is_open]),
    }


def _pk(viewer: Viewer) -> int | None:
    return viewer.user.pk if viewer.user else None
