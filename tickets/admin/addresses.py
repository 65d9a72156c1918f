"""The addresses of the workspace's own pages, below /admin/."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from tickets.admin import (
    attachment,
    duty_page,
    my_duty_actions,
    my_duty_page,
    queue_page,
    ticket_actions,
    ticket_page,
)

View = Callable[..., HttpResponseBase]
TICKET = "ticket/<str:reference>/"
MINE = "my-duty/"


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
        (TICKET + "facts/", ticket_actions.facts, "ticket_facts"),
        (TICKET + "assign/", ticket_actions.assign, "ticket_assign"),
        (TICKET + "resolve/", ticket_actions.resolve, "ticket_resolve"),
        (TICKET + "close/", ticket_actions.close, "ticket_close"),
        (TICKET + "reopen/", ticket_actions.reopen, "ticket_reopen"),
        (TICKET + "acknowledge/", ticket_actions.acknowledge, "ticket_acknowledge"),
        (TICKET + "ring/", ticket_actions.ring, "ticket_ring"),
        ("attachment/<uuid:pk>/", attachment.download, "attachment"),
        ("duty/", duty_page.duty_view, "duty"),
        (MINE, my_duty_page.my_duty, "my-duty"),
        (MINE + "methods/add/", my_duty_actions.add, "my_duty_add"),
        (MINE + "methods/<int:pk>/", my_duty_actions.change, "my_duty_change"),
        (MINE + "methods/<int:pk>/move/", my_duty_actions.move, "my_duty_move"),
        (MINE + "methods/<int:pk>/remove/", my_duty_actions.remove, "my_duty_remove"),
        (MINE + "methods/<int:pk>/check/", my_duty_actions.check, "my_duty_check"),
        (MINE + "methods/<int:pk>/code/", my_duty_actions.code, "my_duty_code"),
        (MINE + "quiet-hours/", my_duty_actions.quiet_hours, "my_duty_quiet"),
        (MINE + "calendars/", my_duty_actions.make_feed, "my_duty_feed"),
        (MINE + "calendars/<int:pk>/revoke/", my_duty_actions.revoke_feed, "my_duty_feed_revoke"),
    ]
    return [path(route, desk_view(view), name=name) for route, view, name in pages]
