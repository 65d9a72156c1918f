"""What a ticket list may be narrowed by, and how far back it has been paged."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.viewer import Viewer
from knowledge.models import Product
from tickets.models import Entry, Follower, Ticket
from tickets.models.ticket import UNSOLVED, Severity, State

REFERENCE: Final = re.compile(r"^([A-Z][A-Z0-9]{1,5})-([1-9][0-9]{0,8})$")
CURSOR: Final = re.compile(r"^([0-9]{1,17})-([0-9]{1,18})$")
EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND: Final = dt.timedelta(microseconds=1)


class TicketFilter(forms.Form):
    """Each field is optional; a value nobody knows gets a message and narrows nothing."""

    q = forms.CharField(
        label=_("Search"),
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": _("Number, subject or text…")}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Any state")), ("unsolved", _("Not solved yet")), *State.choices],
    )
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=[("", _("Any severity")), *Severity.choices]
    )
    product = forms.ModelChoiceField(
        Product.objects.none(),
        to_field_name="key",
        label=_("Product"),
        required=False,
        empty_label=_("Any product"),
    )
    who = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[
            ("", _("Anybody")),
            ("mine", _("Opened by me")),
            ("following", _("Followed by me")),
        ],
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.querystring = data.copy()
        products = self.fields["product"]
        assert isinstance(products, forms.ModelChoiceField)  # noqa: S101  for the type checker
        products.queryset = Product.objects.all()
        self.is_valid()

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name) or None

    @property
    def problems(self) -> list[str]:
        """A sentence for each value that was passed over."""
        return [
            f"{self.fields[name].label}: {message}"
            for name, messages in self.errors.items()
            for message in messages
        ]

    @property
    def reference(self) -> tuple[str, int] | None:
        """What was searched for, if that is a ticket's whole name: key and number."""
        match = REFERENCE.match((self.value("q") or "").strip().upper())
        return (match[1], int(match[2])) if match else None

    def narrow(self, tickets: QuerySet[Ticket], viewer: Viewer) -> QuerySet[Ticket]:
        if state := self.value("state"):
            tickets = tickets.filter(state__in=UNSOLVED if state == "unsolved" else [state])
        if severity := self.value("severity"):
            tickets = tickets.filter(severity=severity)
        if product := self.value("product"):
            tickets = tickets.filter(product=product)
        if self.value("who") == "mine":
            tickets = tickets.filter(reporter=viewer.user)
        elif self.value("who") == "following":
            followed = Follower.objects.filter(ticket=OuterRef("pk"), user=viewer.user)
            tickets = tickets.filter(Exists(followed))
        if text := self.value("q"):
            tickets = tickets.filter(_says(text.strip(), viewer))
        return tickets

    def chips(self) -> list[tuple[str, str]]:
        """Each filter in force, in words, with the query string that takes it away."""
        found = []
        for name in ("q", "state", "severity", "product", "who"):
            value = self.value(name)
            if value is not None:
                found.append((self._word(name, value), self.query_without(name)))
        return found

    def query_without(self, name: str) -> str:
        rest = self.querystring.copy()
        for key in (name, "before"):
            rest.pop(key, None)
        return rest.urlencode()

    def query_before(self, ticket: Ticket) -> str:
        """The query string of the page that follows after this ticket."""
        rest = self.querystring.copy()
        rest["before"] = cursor(ticket)
        return rest.urlencode()

    def _word(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            return str(value)
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value])  # type: ignore[arg-type]
        return f"“{value}”"


def _says(text: str, viewer: Viewer) -> Q:
    """Number, subject or a message that the viewer may read contains the text."""
    messages = Entry.objects.visible_to(viewer).filter(ticket=OuterRef("pk"), body__icontains=text)
    found = Q(subject__icontains=text) | Q(Exists(messages))
    number = text.rpartition("-")[2]
    if number.isascii() and number.isdigit() and len(number) < 10:
        found |= Q(number=int(number))
    return found


def cursor(ticket: Ticket) -> str:
    """A place in the list, newest change first: microseconds since 1970 and the row."""
    return f"{(ticket.updated_at - EPOCH) // MICROSECOND}-{ticket.pk}"


def older_than(tickets: QuerySet[Ticket], place: str) -> QuerySet[Ticket] | None:
    """The tickets after a place in the list; None when it is no place."""
    match = CURSOR.match(place)
    if match is None:
        return None
    try:
        at = EPOCH + int(match[1]) * MICROSECOND
    except OverflowError:
        return None
    return tickets.filter(Q(updated_at__lt=at) | Q(updated_at=at, pk__lt=int(match[2])))
