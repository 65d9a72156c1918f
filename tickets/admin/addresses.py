"""The addresses of the workspace's own pages, below /admin/."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from tickets.admin import (
    attachment,
    calendar_pages,
    duty_page,
    policy_pages,
    queue_page,
    ticket_actions,
    ticket_dates,
    ticket_page,
)

View = Callable[..., HttpResponseBase]
TICKET = "ticket/<str:reference>/"


def desk_urls(desk_view: Callable[[View], View]) -> list[URLPattern]:
    """Each address with its view, wrapped as the site's own pages are."""
    pages: list[tuple[str, View, str]] = [
        ("queue/", queue_page.queue_view, "queue"),
        ("queue/live/", queue_page.queue_live, "queue_live"),
        ("queue/assign/", queue_page.assign_chosen, "queue_assign"),
        (TICKET, ticket_page.ticket, "ticket"),
        (TICKET + "live/<str:part>/", ticket_page.ticket_live, "ticket_live"),
        (TICKET + "reply/", ticket_actions.reply, "ticket_reply"),
        (TICKET + "note/", ticket_actions.note, "ticket_note"),
        (TICKET + "severity/", ticket_actions.severity_change, "ticket_severity"),
        (TICKET + "date/", ticket_dates.agree, "ticket_date"),
        (TICKET + "date/end/", ticket_dates.end, "ticket_date_end"),
        (TICKET + "facts/", ticket_actions.facts, "ticket_facts"),
        (TICKET + "assign/", ticket_actions.assign, "ticket_assign"),
        (TICKET + "resolve/", ticket_actions.resolve, "ticket_resolve"),
        (TICKET + "close/", ticket_actions.close, "ticket_close"),
        (TICKET + "reopen/", ticket_actions.reopen, "ticket_reopen"),
        (TICKET + "acknowledge/", ticket_actions.acknowledge, "ticket_acknowledge"),
        (TICKET + "ring/", ticket_actions.ring, "ticket_ring"),
        ("attachment/<uuid:pk>/", attachment.download, "attachment"),
        ("duty/", duty_page.duty_view, "duty"),
        ("policies/", policy_pages.matrix, "policies"),
        ("policies/<str:plan>/<str:severity>/", policy_pages.policy, "policy"),
        ("calendars/new/", calendar_pages.new_calendar, "calendar_new"),
        ("calendars/<int:pk>/", calendar_pages.calendar, "calendar"),
    ]
    return [path(route, desk_view(view), name=name) for route, view, name in pages]
