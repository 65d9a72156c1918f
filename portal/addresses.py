"""Full addresses for what leaves the house, always on the configured origin."""

from __future__ import annotations

from django.conf import settings

from tickets.models import Ticket


def ticket_address(ticket: Ticket, *, for_staff: bool) -> str:
    """Where that reader sees the ticket: the workspace, or the portal."""
    return settings.PUBLIC_URL + ticket_path(ticket, for_staff=for_staff)


def ticket_path(ticket: Ticket, *, for_staff: bool) -> str:
    return f"/admin/ticket/{ticket.reference}/" if for_staff else f"/tickets/{ticket.reference}/"
