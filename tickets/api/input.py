"""What may be written into the API, and what lists can be narrowed down by.

Fields that are not named here are ignored, whatever they are called.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from knowledge.models import Platform, Product
from tickets import texts
from tickets.models import Ticket
from tickets.models.ticket import Environment, Severity, State


class NewTicket(serializers.Serializer[Any]):
    subject = serializers.CharField(max_length=texts.SUBJECT_LIMIT)
    body = serializers.CharField(max_length=texts.BODY_LIMIT, help_text="Markdown.")
    severity = serializers.ChoiceField(
        Severity.choices,
        help_text="`urgent` means that the live service is unusable: an engineer is rung at once.",
    )
    product = serializers.CharField(
        max_length=20, required=False, allow_null=True, default=None, help_text="Key of a product."
    )
    platform = serializers.ChoiceField(
        Platform.choices, required=False, allow_blank=True, default=""
    )
    sdk_version = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    environment = serializers.ChoiceField(
        Environment.choices, required=False, allow_blank=True, default=""
    )

    def validate_product(self, key: str | None) -> Product | None:
        if key is None:
            return None
        product = Product.objects.filter(key=key).first()
        if product is None:
            raise serializers.ValidationError(_("There is no such product."))
        return product


class NewReply(serializers.Serializer[Any]):
    body = serializers.CharField(max_length=texts.BODY_LIMIT, help_text="Markdown.")


class TicketFilter(django_filters.FilterSet):  # type: ignore[misc]  # has no types
    state = django_filters.MultipleChoiceFilter(choices=State.choices, distinct=False)
    severity = django_filters.MultipleChoiceFilter(choices=Severity.choices, distinct=False)
    product = extend_schema_field({"type": "string"})(
        django_filters.ModelMultipleChoiceFilter(
            field_name="product__key",
            to_field_name="key",
            queryset=Product.objects.all(),
            distinct=False,
            label="Keys of products.",
        )
    )
    updated_since = django_filters.IsoDateTimeFilter(
        field_name="updated_at",
        lookup_expr="gte",
        label="Changed at this instant or later (RFC 3339).",
    )

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = ()
