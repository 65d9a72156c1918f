"""Forms of duty: swap a shift, add an override, take leave, plan a temporary schedule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.requests import TenantRequest
from tickets.models import Roster
from tickets.oncall import duty, spans

AHEAD: Final = dt.timedelta(days=35)
SHIFT_ROWS: Final = 8
REASON_LENGTH: Final = 200


class LocalMomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """Day and time in the reader's zone; a time the clocks skip or show twice is refused."""

    widget = LocalMomentInput

    def to_python(self, value: Any) -> dt.datetime | None:
        moment = super().to_python(value)
        if moment is not None and not 2000 <= moment.year <= 2099:
            raise ValidationError(_("The year must lie between 2000 and 2099."))
        return moment


class PersonField(forms.ModelChoiceField):
    """An active person of staff."""

    def __init__(self, **kwargs: Any) -> None:
        people = User.objects.filter(is_staff=True, is_active=True).order_by("name", "pk")
        super().__init__(people, **{"empty_label": "—"} | kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class RosterField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        rosters = Roster.objects.filter(ended_at=None).select_related("team").order_by("team", "pk")
        super().__init__(rosters, label=gettext_lazy("Roster"), empty_label="—", **kwargs)


class ReasonField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Reason"),
            required=False,
            max_length=REASON_LENGTH,
            help_text=gettext_lazy("Only colleagues see it."),
            **kwargs,
        )


class SpanForm(forms.Form):
    """From and until, in the reader's zone; what is over already is the verbs' affair."""

    starts_at = MomentField(label=gettext_lazy("From"))
    ends_at = MomentField(label=gettext_lazy("Until"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("The end must lie after the start."))
        return data


class OverrideForm(SpanForm):
    """Who comes on duty, in whose place; without a place, besides."""

    roster = RosterField()
    person = PersonField(label=gettext_lazy("Comes on duty"))
    replaces = PersonField(
        label=gettext_lazy("In place of"),
        required=False,
        empty_label=gettext_lazy("nobody: comes on besides"),
    )
    reason = ReasonField()
    field_order = ("roster", "person", "replaces", "starts_at", "ends_at", "reason")

    def __init__(self, *args: Any, request: TenantRequest, manages: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        if manages:
            person.required, person.empty_label = False, _("nobody: the place stays empty")
        else:
            person.queryset = person.queryset.filter(pk=request.user.pk)
            person.initial, person.empty_label = request.user.pk, None
            person.help_text = _("Somebody else comes on by a swap, or by a manager.")


class LeaveForm(SpanForm):
    person = PersonField(label=gettext_lazy("Who is off"))
    stand_in = PersonField(
        label=gettext_lazy("Stands in"),
        required=False,
        empty_label=gettext_lazy("nobody yet: the calendar shows the hole"),
        help_text=gettext_lazy("Takes their shifts on every roster meanwhile."),
    )
    reason = ReasonField()
    field_order = ("person", "starts_at", "ends_at", "stand_in", "reason")

    def __init__(self, *args: Any, request: TenantRequest, manages: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.initial, person.empty_label = request.user.pk, None
        if not manages:
            person.queryset = person.queryset.filter(pk=request.user.pk)


class TemporaryForm(SpanForm):
    roster = RosterField()
    reason = ReasonField()
    field_order = ("roster", "starts_at", "ends_at", "reason")


class ShiftForm(forms.Form):
    """One shift of a temporary schedule; a row left empty is none."""

    person = PersonField(label=gettext_lazy("Engineer"), required=False)
    starts_at = MomentField(label=gettext_lazy("From"), required=False)
    ends_at = MomentField(label=gettext_lazy("Until"), required=False)

    def __init__(self, *args: Any, people: list[tuple[Any, str]], **kwargs: Any) -> None:
        """`people` are the choices of every row, read once."""
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "—"), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [data.get(name) for name in ("person", "starts_at", "ends_at")]
        if any(given) and not all(given) and not self.errors:
            raise ValidationError(_("A shift needs an engineer, a beginning and an end."))
        return data


ShiftFormSet: Final = forms.formset_factory(ShiftForm, extra=SHIFT_ROWS, max_num=60)


def shift_rows(data: Any) -> Any:
    """The rows of a temporary schedule."""
    people = User.objects.filter(is_staff=True, is_active=True).order_by("name", "pk")
    choices = list(people.values_list("pk", "name"))
    return ShiftFormSet(data, prefix="shifts", form_kwargs={"people": choices})


class SwapForm(forms.Form):
    """One of my coming shifts, or a part of it, to a colleague; perhaps for one of theirs.

    A shift is chosen as `roster|start|end`; whether it still is somebody's, the verb looks.
    """

    shift = forms.ChoiceField(label=gettext_lazy("Your shift"))
    starts_at = MomentField(
        label=gettext_lazy("From"),
        required=False,
        help_text=gettext_lazy("Leave both empty for the whole shift."),
    )
    ends_at = MomentField(label=gettext_lazy("Until"), required=False)
    asked = PersonField(label=gettext_lazy("Whom you ask"))
    in_return = forms.ChoiceField(
        label=gettext_lazy("In return you take"),
        required=False,
        help_text=gettext_lazy("One of the shifts of whom you ask."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=REASON_LENGTH)

    def __init__(self, *args: Any, request: TenantRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coming = coming_shifts(request)
        asked: Any = self.fields["asked"]
        asked.queryset = asked.queryset.exclude(pk=request.user.pk)
        names = dict(asked.queryset.values_list("pk", "name"))
        mine, theirs = [("", "—")], [("", _("nothing"))]
        for key, (roster, person, start, end) in self.coming.items():
            told = f"{roster} · {spans.moment(start)} – {spans.moment(end)}"
            if person == request.user.pk:
                mine.append((key, told))
            elif person in names:
                theirs.append((key, f"{names[person]} · {told}"))
        self.fields["shift"].choices = mine  # type: ignore[attr-defined]
        self.fields["in_return"].choices = theirs  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("shift"):
            _roster, _person, start, end = self.coming[data["shift"]]
            data["starts_at"] = data.get("starts_at") or start
            data["ends_at"] = data.get("ends_at") or end
            if not start <= data["starts_at"] < data["ends_at"] <= end:
                self.add_error("starts_at", _("That is not a part of the shift you chose."))
        if data.get("in_return") and data.get("asked"):
            person = self.coming[data["in_return"]][1]
            if person != data["asked"].pk:
                self.add_error("in_return", _("That is a shift of somebody else."))
        return data

    def chosen(self, name: str) -> tuple[Roster, dt.datetime, dt.datetime] | None:
        """Roster, beginning and end of the shift chosen in that field."""
        found = self.coming.get(self.cleaned_data.get(name) or "")
        return (found[0], found[2], found[3]) if found else None


Coming = dict[str, tuple[Roster, int, dt.datetime, dt.datetime]]


def coming_shifts(request: TenantRequest) -> Coming:
    """Everybody's shifts that begin within the next weeks, by the key the form sends.

    One under way counts from the next full hour: what is to come of it can still be swapped.
    """
    rosters = list(Roster.objects.filter(ended_at=None).select_related("team").order_by("team"))
    begins = request.now.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    found = duty.shifts(rosters, begins, request.now + AHEAD, known_at=request.now)
    return {
        f"{roster.pk}|{one.starts_at:%Y%m%dT%H%M}|{one.member}": (
            roster,
            int(str(one.member)),
            one.starts_at,
            one.ends_at,
        )
        for roster in rosters
        for one in _in_order(found[roster.pk])
    }


def _in_order(shifts: Iterable[Any]) -> list[Any]:
    return sorted(shifts, key=lambda one: (one.starts_at, one.member))
