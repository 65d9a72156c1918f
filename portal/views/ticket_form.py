"""The fields of a new ticket, and those that tell where it happens."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.viewer import Viewer
from knowledge.models import Platform, Product
from tickets import policies, texts
from tickets.models import Ticket
from tickets.models.ticket import Environment, Severity
from tickets.presentation.severity_choices import SeverityChoice, severity_choices


class FactsForm(forms.Form):
    """Where it happens: product, platform, version, environment. All may be left open."""

    product = forms.ModelChoiceField(
        Product.objects.none(),
        to_field_name="key",
        required=False,
        label=_("Product"),
        empty_label=_("Not sure"),
    )
    platform = forms.ChoiceField(label=_("Platform"), required=False)
    sdk_version = forms.CharField(label=_("SDK version"), max_length=40, required=False)
    environment = forms.ChoiceField(label=_("Environment"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = self.fields["product"]
        platforms, environments = self.fields["platform"], self.fields["environment"]
        assert isinstance(products, forms.ModelChoiceField)  # noqa: S101  for the type checker
        assert isinstance(platforms, forms.ChoiceField)  # noqa: S101
        assert isinstance(environments, forms.ChoiceField)  # noqa: S101
        products.queryset = Product.objects.all()
        platforms.choices = [("", _("Not sure")), *Platform.choices]
        environments.choices = [("", _("Not sure")), *Environment.choices]

    def facts(self) -> dict[str, Any]:
        """The cleaned facts, as the verbs take them."""
        names = ("product", "platform", "sdk_version", "environment")
        return {name: self.cleaned_data[name] for name in names}

    def take_errors(self, error: forms.ValidationError) -> None:
        """Put what a verb refused beside the field it is about, or above the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class TicketForm(FactsForm):
    """`submission` makes a second click open no second ticket."""

    severity = forms.ChoiceField(
        label=_("What does it do to you?"),
        choices=Severity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes closest.")},
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=texts.SUBJECT_LIMIT,
        help_text=_("What a colleague would search for."),
    )
    body = forms.CharField(
        label=_("What happens"),
        max_length=texts.BODY_LIMIT,
        widget=forms.Textarea(
            {"placeholder": _("Steps, what you expected, what you saw instead. Markdown works.")}
        ),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, organization: Organization, now: dt.datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.promised = policies.of_plan(organization.plan, now)
        offered = self.fields["severity"]
        assert isinstance(offered, forms.ChoiceField)  # noqa: S101
        offered.choices = [(severity.value, severity.label) for severity in self.promised]

    @property
    def severity_cards(self) -> list[SeverityChoice]:
        return severity_choices(self.promised)


def facts_of_last_ticket(viewer: Viewer, organization: Organization) -> dict[str, Any]:
    """What this person named last time, to start from; else what a team-mate did."""
    last = (
        Ticket.objects.visible_to(viewer)
        .filter(organization=organization)
        .select_related("product")
        .order_by(_mine_first(viewer), "-id")
        .first()
    )
    fresh: dict[str, Any] = {"submission": uuid.uuid4()}
    if last is None:
        return fresh
    return fresh | {
        "product": last.product.key if last.product else "",
        "platform": last.platform,
        "sdk_version": last.sdk_version,
        "environment": last.environment,
    }


def _mine_first(viewer: Viewer) -> Case:
    return Case(When(reporter=viewer.user, then=Value(0)), default=Value(1))
