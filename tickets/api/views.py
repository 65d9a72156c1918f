"""Tickets in the API. No rule stands here: reads start at `visible_to`, writes are verbs."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.api_listing import PAGE_PARAMETERS, CursorPages
from accounts.api_views import TokenView
from accounts.idempotency import repeatable
from tickets import joining, lifecycle
from tickets.api.examples import EXAMPLE_REPLY, EXAMPLE_TICKET
from tickets.api.input import NewReply, NewTicket, TicketFilter
from tickets.api.output import EntryOut, TicketDetail, TicketSummary
from tickets.models import Entry, Ticket
from tickets.models.ticket import Channel

REFERENCE: Final = re.compile(r"([A-Z][A-Z0-9]{1,5})-([1-9][0-9]{0,8})", re.ASCII)


class TicketPages(CursorPages):
    orderings: ClassVar = {
        "-number": ("-number",),
        "number": ("number",),
        "-updated_at": ("-updated_at", "-number"),
        "updated_at": ("updated_at", "number"),
    }


class ConversationPages(CursorPages):
    orderings: ClassVar = {"number": ("number",)}


class TicketViewSet(TokenView):
    queryset = Ticket.objects.none()  # for the schema; rows come from `visible_to`
    pagination_class = TicketPages
    filterset_class = TicketFilter
    serializer_class = TicketDetail
    lookup_field = "reference"
    verbs: ClassVar = {
        "create": "ticket.open",
        "list": "ticket.read",
        "retrieve": "ticket.read",
        "entries": "ticket.read",
        "replies": "ticket.reply",
        "resolve": "ticket.resolve",
        "reopen": "ticket.reopen",
    }
    parameters: ClassVar = {
        "list": PAGE_PARAMETERS | {"ordering"} | TicketFilter.base_filters.keys(),
        "entries": PAGE_PARAMETERS,
    }

    @extend_schema(
        summary="List tickets", operation_id="list_tickets", responses=TicketSummary(many=True)
    )
    def list(self, request: Request) -> Response:
        """The organization's tickets, newest first unless `ordering` says otherwise."""
        tickets = self._visible().prefetch_related("owner")
        page = self.paginate_queryset(self.filter_queryset(tickets))
        return self.get_paginated_response(TicketSummary(page, many=True).data)

    @extend_schema(
        summary="Open a ticket",
        operation_id="open_ticket",
        request=NewTicket,
        responses={201: TicketDetail},
        examples=[EXAMPLE_TICKET],
    )
    @repeatable
    def create(self, request: Request) -> Response:
        """Opens a ticket in the token's organization, in the name of the token's creator.

        Its promises start with it; an `urgent` one has the engineer on duty rung.
        """
        ticket = lifecycle.open_ticket(
            by=self.viewer,
            organization=self.organization,
            now=self.now,
            channel=Channel.API,
            **self._checked(NewTicket),
        )
        return self._shown(ticket, status.HTTP_201_CREATED)

    @extend_schema(summary="Read a ticket", operation_id="read_ticket")
    def retrieve(self, request: Request, reference: str) -> Response:
        """One ticket with its promises, and the trail of who was rung for it."""
        return self._shown(self._ticket(reference))

    @extend_schema(
        summary="Read the conversation",
        operation_id="read_conversation",
        responses=EntryOut(many=True),
        filters=False,
    )
    @action(detail=True, pagination_class=ConversationPages, filterset_class=None)
    def entries(self, request: Request, reference: str) -> Response:
        """What was written in the ticket, oldest first."""
        page = self.paginate_queryset(self._conversation(self._ticket(reference)))
        return self.get_paginated_response(EntryOut(page, many=True).data)

    @extend_schema(
        summary="Reply",
        operation_id="reply",
        request=NewReply,
        responses={201: EntryOut},
        examples=[EXAMPLE_REPLY],
    )
    @action(detail=True, methods=["post"])
    @repeatable
    def replies(self, request: Request, reference: str) -> Response:
        """Writes to the engineers. A reply wakes a ticket that waits for you, or is resolved."""
        ticket = self._ticket(reference)
        lifecycle.reply(
            ticket=ticket,
            by=self.viewer,
            now=self.now,
            channel=Channel.API,
            **self._checked(NewReply),
        )
        written = self._conversation(ticket).reverse()[0]  # locked since: it is the last
        return Response(EntryOut(written).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        summary="Resolve a ticket",
        operation_id="resolve_ticket",
        request=None,
        responses=TicketDetail,
    )
    @action(detail=True, methods=["post"])
    @repeatable
    def resolve(self, request: Request, reference: str) -> Response:
        """Says that the problem is solved. All clocks end."""
        ticket = self._ticket(reference)
        return self._shown(lifecycle.resolve(ticket=ticket, by=self.viewer, now=self.now))

    @extend_schema(
        summary="Reopen a ticket",
        operation_id="reopen_ticket",
        request=None,
        responses=TicketDetail,
    )
    @action(detail=True, methods=["post"])
    @repeatable
    def reopen(self, request: Request, reference: str) -> Response:
        """Takes a resolved or closed ticket up again, with new promises."""
        ticket = self._ticket(reference)
        return self._shown(lifecycle.reopen(ticket=ticket, by=self.viewer, now=self.now))

    def _visible(self) -> QuerySet[Ticket]:
        return Ticket.objects.visible_to(self.viewer).select_related("organization", "product")

    def _ticket(self, reference: str) -> Ticket:
        """The ticket of that name, or the one it has become part of: both numbers work."""
        parts = REFERENCE.fullmatch(reference)
        if parts is None:
            raise NotFound
        key, number = parts.groups()
        ticket = self._visible().filter(organization__key=key, number=number).first()
        if ticket is None:
            raise NotFound
        return joining.current(ticket)

    def _conversation(self, ticket: Ticket) -> QuerySet[Entry]:
        """Numbered within the ticket, so that no number tells how much others write."""
        return (
            Entry.objects.visible_to(self.viewer)
            .filter(ticket=ticket)
            .annotate(number=Window(RowNumber(), order_by=F("id").asc()))
            .order_by("number")
        )

    def _checked(self, serializer_class: type[BaseSerializer[Any]]) -> dict[str, Any]:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        checked: dict[str, Any] = serializer.validated_data
        return checked

    def _shown(self, ticket: Ticket, code: int = status.HTTP_200_OK) -> Response:
        return Response(TicketDetail(ticket).data, status=code)
