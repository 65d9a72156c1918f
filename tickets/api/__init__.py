"""Tickets over HTTP with a token: what is written in, what is given out, and the views."""

from tickets.api.views import TicketViewSet

__all__ = ["TicketViewSet"]
