"""What the API gives out about a ticket. Explicit fields; names as they were then."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from knowledge.models import Platform
from tickets.models import Entry, Escalation, Page, Promise, Ticket
from tickets.models.ticket import Channel, Environment, Severity, State


class Instant(serializers.DateTimeField):
    """RFC 3339 in UTC, whatever time zone the request is read in."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=dt.UTC, **options)


class TicketSummary(serializers.ModelSerializer[Ticket]):
    reference = serializers.CharField(help_text="Its name in addresses and in conversation.")
    severity = serializers.ChoiceField(Severity.choices, help_text="The severity in force.")
    state = serializers.ChoiceField(State.choices)
    product = serializers.SlugRelatedField[Any](
        slug_field="key", read_only=True, allow_null=True, help_text="Key of the product."
    )
    platform = serializers.ChoiceField(Platform.choices, allow_blank=True)
    environment = serializers.ChoiceField(Environment.choices, allow_blank=True)
    channel = serializers.ChoiceField(Channel.choices, help_text="How it came in.")
    reporter = serializers.CharField(source="reporter_name")
    owner = serializers.CharField(
        source="owner.name",
        allow_null=True,
        help_text="The engineer who answers for it.",
    )
    opened_at = Instant()
    updated_at = Instant()
    resolved_at = Instant(allow_null=True)
    closed_at = Instant(allow_null=True)

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = (
            "reference",
            "subject",
            "severity",
            "state",
            "product",
            "platform",
            "sdk_version",
            "environment",
            "channel",
            "reporter",
            "owner",
            "opened_at",
            "updated_at",
            "resolved_at",
            "closed_at",
        )
        read_only_fields = fields


@extend_schema_serializer(component_name="Promise")
class PromiseOut(serializers.ModelSerializer[Promise]):
    kind = serializers.ChoiceField(Promise.Kind.choices)
    state = serializers.ChoiceField(Promise.State.choices)
    cycle = serializers.IntegerField(help_text="1, and one more each time it was reopened.")
    target_seconds = serializers.IntegerField()
    started_at = Instant()
    due_at = Instant(allow_null=True, help_text="Null while the clock is paused.")
    met_at = Instant(allow_null=True)
    breached_at = Instant(allow_null=True, help_text="The instant the time ran out.")
    kept = serializers.BooleanField(allow_null=True, help_text="Null until it is known.")

    class Meta:
        model = Promise
        fields = (
            "kind",
            "state",
            "cycle",
            "target_seconds",
            "started_at",
            "due_at",
            "met_at",
            "breached_at",
            "kept",
        )
        read_only_fields = fields


@extend_schema_serializer(component_name="Page")
class PageOut(serializers.ModelSerializer[Page]):
    person = serializers.CharField(source="person_name")
    level = serializers.CharField(source="person_level")
    state = serializers.ChoiceField(Page.State.choices)
    channels = serializers.ListField(child=serializers.CharField())
    rung_at = Instant()
    ended_at = Instant(allow_null=True)

    class Meta:
        model = Page
        fields = ("person", "level", "state", "channels", "rung_at", "ended_at")
        read_only_fields = fields


@extend_schema_serializer(component_name="Escalation")
class EscalationOut(serializers.ModelSerializer[Escalation]):
    team = serializers.CharField(source="team_name")
    reason = serializers.ChoiceField(Escalation.Reason.choices)
    state = serializers.ChoiceField(Escalation.State.choices)
    started_at = Instant()
    acknowledged_by = serializers.CharField(
        source="acknowledged_by_name", help_text="Empty until somebody does."
    )
    acknowledged_at = Instant(allow_null=True)
    next_names = serializers.ListField(
        child=serializers.CharField(), help_text="Who is rung next if nobody acknowledges."
    )
    next_at = Instant(allow_null=True)
    pages = PageOut(many=True)

    class Meta:
        model = Escalation
        fields = (
            "team",
            "reason",
            "state",
            "started_at",
            "acknowledged_by",
            "acknowledged_at",
            "next_names",
            "next_at",
            "pages",
        )
        read_only_fields = fields


@extend_schema_serializer(component_name="Ticket")
class TicketDetail(TicketSummary):
    promises = PromiseOut(many=True, help_text="The clocks, oldest first.")
    page_trail = EscalationOut(
        source="escalations", many=True, help_text="Who was rung, and who took it."
    )

    class Meta(TicketSummary.Meta):
        fields = (*TicketSummary.Meta.fields, "promises", "page_trail")
        read_only_fields = fields


@extend_schema_serializer(component_name="Entry")
class EntryOut(serializers.ModelSerializer[Entry]):
    number = serializers.IntegerField(help_text="1 for the first message of the ticket.")
    author = serializers.CharField(source="author_name")
    by_staff = serializers.BooleanField(help_text="Whether an engineer wrote it.")
    level = serializers.CharField(source="author_level", help_text="Of the engineer; else empty.")
    channel = serializers.ChoiceField(Channel.choices)
    body = serializers.CharField(help_text="Markdown, as written.")
    at = Instant()

    class Meta:
        model = Entry
        fields = ("number", "author", "by_staff", "level", "channel", "body", "at")
        read_only_fields = fields
