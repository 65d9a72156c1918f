"""Addresses of the portal. Each change of state has its own."""

from __future__ import annotations

from django.urls import include, path

from portal.account_urls import account_urlpatterns
from portal.chat_urls import chat_urls
from portal.docs.opening import LANGUAGE
from portal.references import TICKET
from portal.views import (
    answers,
    attachment,
    break_glass,
    home,
    new_ticket,
    promises_at_risk,
    ticket,
    ticket_facts,
    ticket_following,
    ticket_list,
    ticket_reply,
    ticket_severity,
    ticket_state,
    upgrades,
)
from portal.views.chat import box
from portal.views.chat.door import for_visitors

app_name = "portal"
PAGE = "tickets/" + TICKET
urlpatterns = [
    path("", home.home, name="home"),
    path("tickets/", ticket_list.tickets, name="tickets"),
    path("tickets/new/", new_ticket.new_ticket, name="new_ticket"),
    path("tickets/new/suggestions/", answers.suggestions, name="suggestions"),
    path("tickets/new/answered/", answers.answered, name="answered_it"),
    path("tickets/new/answered/<uuid:pk>/", answers.thanks, name="answered"),
    path(f"tickets/new/read/{LANGUAGE}<slug:key>/", answers.read, name="read_answer"),
    path("alarm/", promises_at_risk.promises_at_risk, name="promises_at_risk"),
    path("down/", break_glass.break_glass, name="break_glass"),
    path(PAGE, ticket.ticket, name="ticket"),
    path(PAGE + "live/", ticket.ticket_live, name="ticket_live"),
    path(PAGE + "reply/", ticket_reply.reply, name="ticket_reply"),
    path(PAGE + "close/", ticket_state.close, name="ticket_close"),
    path(PAGE + "reopen/", ticket_state.reopen, name="ticket_reopen"),
    path(PAGE + "severity/", ticket_severity.change, name="ticket_severity"),
    path(
        "tickets/" + TICKET + "severity/answer/",
        ticket_severity.answer,
        name="ticket_severity_answer",
    ),
    path(PAGE + "facts/", ticket_facts.facts, name="ticket_facts"),
    path(PAGE + "follow/", ticket_following.follow, name="ticket_follow"),
    path(PAGE + "unfollow/", ticket_following.unfollow, name="ticket_unfollow"),
    path(PAGE + "mute/", ticket_following.mute, name="ticket_mute"),
    path(PAGE + "unmute/", ticket_following.unmute, name="ticket_unmute"),
    path("upgrades/", upgrades.upgrades, name="upgrades"),
    path("upgrades/<int:pk>/", upgrades.checklist, name="checklist"),
    path("upgrades/<int:pk>/tick/", upgrades.tick, name="checklist_tick"),
    path("upgrades/<int:pk>/remove/", upgrades.remove, name="checklist_remove"),
    path("chat/", for_visitors(box.page), name="chat"),
    path("chat/", include(chat_urls(for_visitors))),
    path("attachments/<uuid:pk>/", attachment.attachment, name="attachment"),
    *account_urlpatterns,
]
