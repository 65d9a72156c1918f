"""The addresses of the workspace's own pages, below /admin/."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from tickets.admin import (
    alarm_bar,
    attachment,
    calendar_pages,
    calls_page,
    chats_actions,
    chats_page,
    coverage_page,
    duty_actions,
    duty_page,
    handover_page,
    ladders_page,
    my_duty_actions,
    my_duty_page,
    policy_pages,
    queue_page,
    roster_files_page,
    roster_page,
    ticket_actions,
    ticket_dates,
    ticket_joins,
    ticket_page,
)

View = Callable[..., HttpResponseBase]
TICKET = "ticket/<str:reference>/"
CHAT = "chats/<str:reference>/"
MINE = "my-duty/"


def desk_urls(desk_view: Callable[[View], View]) -> list[URLPattern]:
    """Each address with its view, wrapped as the site's own pages are."""
    pages: list[tuple[str, View, str]] = [
        ("queue/", queue_page.queue_view, "queue"),
        ("alarm/", alarm_bar.alarm_bar, "alarm_bar"),
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
        (TICKET + "escalate/", ticket_actions.escalate, "ticket_escalate"),
        (TICKET + "ring/", ticket_actions.ring, "ticket_ring"),
        (TICKET + "join/", ticket_joins.join, "ticket_join"),
        (TICKET + "not-the-same/", ticket_joins.not_the_same, "ticket_not_the_same"),
        (TICKET + "split/", ticket_joins.split, "ticket_split"),
        (TICKET + "hand-over/", ticket_actions.hand_over, "ticket_hand_over"),
        ("chats/", chats_page.chats_view, "chats"),
        ("chats/live/", chats_page.chats_live, "chats_live"),
        (CHAT + "live/", chats_page.chat_live, "chat_live"),
        (CHAT + "say/", chats_actions.say, "chat_say"),
        (CHAT + "here/", chats_actions.here, "chat_here"),
        (CHAT + "typing/", chats_actions.typing, "chat_typing"),
        (CHAT + "join/", chats_actions.join, "chat_join"),
        (CHAT + "end/", chats_actions.end, "chat_end"),
        (TICKET + "call/", calls_page.note, "ticket_call"),
        ("calls/", calls_page.calls_view, "calls"),
        ("calls/new/", calls_page.choose_customer, "call_new"),
        ("calls/new/<str:key>/", calls_page.open_from, "call_new_for"),
        ("calls/recordings/<uuid:pk>/", calls_page.recording, "call_recording"),
        ("attachment/<uuid:pk>/", attachment.download, "attachment"),
        ("duty/", duty_page.duty_view, "duty"),
        ("duty/coverage/", coverage_page.coverage_view, "coverage"),
        ("duty/ladders/", ladders_page.ladders_view, "ladders"),
        ("duty/swap/", duty_actions.swap, "duty_swap"),
        ("duty/override/", duty_actions.override, "duty_override"),
        ("duty/leave/", duty_actions.leave, "duty_leave"),
        ("duty/temporary/", duty_actions.temporary, "duty_temporary"),
        ("duty/changes/<int:pk>/cancel/", duty_actions.cancel, "duty_cancel"),
        ("duty/swaps/<int:pk>/<str:what>/", duty_actions.answer, "duty_answer"),
        ("duty/rosters/add/", roster_page.add, "roster_add"),
        ("duty/rosters/files/", roster_files_page.roster_files, "roster_files"),
        ("duty/rosters/export/<str:kind>/", roster_files_page.export, "roster_export"),
        ("duty/rosters/<int:pk>/", roster_page.edit, "roster_layers"),
        ("duty/rosters/<int:pk>/end/", roster_page.end, "roster_end"),
        ("handover/", handover_page.handover_view, "handover"),
        ("handover/live/", handover_page.handover_live, "handover_live"),
        ("handover/accept/", handover_page.accept_all, "handover_accept_all"),
        ("handover/<str:pk>/note/", handover_page.write_note, "handover_note"),
        ("handover/<str:pk>/accept/", handover_page.accept, "handover_accept"),
        ("drill/<str:pk>/confirm/", handover_page.confirm_drill, "drill_confirm"),
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
        ("policies/", policy_pages.matrix, "policies"),
        ("policies/<str:plan>/<str:severity>/", policy_pages.policy, "policy"),
        ("calendars/new/", calendar_pages.new_calendar, "calendar_new"),
        ("calendars/<int:pk>/", calendar_pages.calendar, "calendar"),
    ]
    return [path(route, desk_view(view), name=name) for route, view, name in pages]
