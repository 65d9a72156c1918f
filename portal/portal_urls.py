"""Addresses of the portal. Each change of state has its own."""

from __future__ import annotations

from django.urls import include, path, register_converter

from portal.account_urls import account_urlpatterns
from portal.chat_urls import chat_urls
from portal.views import (
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
)
from portal.views.chat import box
from portal.views.chat.door import for_visitors


class ReferenceConverter:
    """A ticket as people say it, in either case: STAR-42."""

    regex = r"[A-Za-z][A-Za-z0-9]{1,5}-[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


register_converter(ReferenceConverter, "reference")

app_name = "portal"
TICKET = "tickets/<reference:reference>/"
urlpatterns = [
    path("", home.home, name="home"),
    path("tickets/", ticket_list.tickets, name="tickets"),
    path("tickets/new/", new_ticket.new_ticket, name="new_ticket"),
    path("alarm/", promises_at_risk.promises_at_risk, name="promises_at_risk"),
    path("down/", break_glass.break_glass, name="break_glass"),
    path(TICKET, ticket.ticket, name="ticket"),
    path(TICKET + "live/", ticket.ticket_live, name="ticket_live"),
    path(TICKET + "reply/", ticket_reply.reply, name="ticket_reply"),
    path(TICKET + "close/", ticket_state.close, name="ticket_close"),
    path(TICKET + "reopen/", ticket_state.reopen, name="ticket_reopen"),
    path(TICKET + "severity/", ticket_severity.change, name="ticket_severity"),
    path(TICKET + "severity/answer/", ticket_severity.answer, name="ticket_severity_answer"),
    path(TICKET + "facts/", ticket_facts.facts, name="ticket_facts"),
    path(TICKET + "follow/", ticket_following.follow, name="ticket_follow"),
    path(TICKET + "unfollow/", ticket_following.unfollow, name="ticket_unfollow"),
    path(TICKET + "mute/", ticket_following.mute, name="ticket_mute"),
    path(TICKET + "unmute/", ticket_following.unmute, name="ticket_unmute"),
    path("chat/", for_visitors(box.page), name="chat"),
    path("chat/", include(chat_urls(for_visitors))),
    path("attachments/<uuid:pk>/", attachment.attachment, name="attachment"),
    *account_urlpatterns,
]
