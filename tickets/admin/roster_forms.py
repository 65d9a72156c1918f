"""The form of a roster: name, zone, and its layers with their people in order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from accounts.time_zones import known_time_zone
from tickets.models import Roster, Team
from tickets.oncall.definition import LONGEST, MINUTES, LayerPlan, Member, RosterPlan
from tickets.oncall.rotation import Unit
from tickets.refusal import Refusal
from tickets.refusal_words import told

SPARE_PLACES: Final = 2
FEWEST_PLACES: Final = 4
MOST_PLACES: Final = 40
WEEKDAYS: Final = (
    (0, gettext_lazy("Mon")),
    (1, gettext_lazy("Tue")),
    (2, gettext_lazy("Wed")),
    (3, gettext_lazy("Thu")),
    (4, gettext_lazy("Fri")),
    (5, gettext_lazy("Sat")),
    (6, gettext_lazy("Sun")),
)
UNITS: Final = (
    (Unit.HOURS.value, gettext_lazy("hours")),
    (Unit.DAYS.value, gettext_lazy("days")),
    (Unit.WEEKS.value, gettext_lazy("weeks")),
    (Unit.MONTHS.value, gettext_lazy("months")),
)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class RosterForm(forms.Form):
    """A new roster names its team; later it stays there."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=40,
        validators=[known_time_zone],
        help_text=gettext_lazy(
            "Hand-overs and hours below are by the wall clock there, such as Asia/Shanghai."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With what is asked of people when shifts change, worded and bounded as on the model."""
        super().__init__(*args, **kwargs)
        for name in MINUTES:
            self.fields[name] = forms.fields_for_model(Roster, [name])[name]

    def first_fields(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in MINUTES]

    def minute_fields(self) -> list[BoundField]:
        return [self[name] for name in MINUTES]

    def minutes(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in MINUTES}


class NewRosterForm(RosterForm):
    team = forms.ModelChoiceField(Team.objects.all(), label=gettext_lazy("Team"))
    field_order = ("team", "name", "time_zone")


class LayerForm(forms.Form):
    """One layer. `people` are (key, name) of everyone who may take turns."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    length = forms.IntegerField(
        label=gettext_lazy("A turn lasts"), min_value=1, max_value=LONGEST, initial=1
    )
    unit = forms.ChoiceField(
        label=pgettext_lazy("of a turn", "Unit"), choices=UNITS, initial=Unit.WEEKS.value
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DateInput())
    hand_over_at = forms.TimeField(label=gettext_lazy("Hand-over"), widget=TimeInput())
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only on"),
        choices=WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    opens = forms.TimeField(label=gettext_lazy("From"), widget=TimeInput(), required=False)
    closes = forms.TimeField(
        label=gettext_lazy("Until"),
        widget=TimeInput(),
        required=False,
        help_text=gettext_lazy("Not after the beginning: it ends the next day."),
    )

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = dict(people)
        chosen: list[int] = (self.initial or {}).get("members", [])
        for number in range(self._places(len(chosen))):
            self.fields[f"member_{number}"] = forms.TypedChoiceField(
                label=_("%(number)d. in turn") % {"number": number + 1},
                choices=[("", "—"), *people],
                coerce=int,
                empty_value=None,
                required=False,
                initial=chosen[number] if number < len(chosen) else None,
            )

    def _places(self, chosen: int) -> int:
        sent = sum(self.add_prefix("member_") in name for name in self.data) if self.data else 0
        return min(max(FEWEST_PLACES, chosen + SPARE_PLACES, sent), MOST_PLACES)

    def places(self) -> Iterator[BoundField]:
        """The fields of the people, in order."""
        return (self[name] for name in self.fields if name.startswith("member_"))

    def clean(self) -> dict[str, Any]:
        """Refuse what the layer by itself cannot be reckoned with."""
        data = super().clean() or {}
        if self.errors or data.get("DELETE"):
            return data
        try:
            RosterPlan("UTC", (self.plan(),)).pure()
        except Refusal as refusal:
            raise ValidationError(told(refusal)) from refusal
        return data

    def plan(self) -> LayerPlan:
        data = self.cleaned_data
        keys = [data[name] for name in self.fields if name.startswith("member_") and data[name]]
        days: list[int] = data["weekdays"]
        has_hours = bool(days or data["opens"] or data["closes"])
        return LayerPlan(
            name=data["name"],
            members=tuple(Member(key, self.people[key]) for key in keys),
            starts_on=data["starts_on"],
            hand_over_at=data["hand_over_at"],
            length=data["length"],
            unit=data["unit"],
            weekdays=frozenset(days) if has_hours else None,
            opens=data["opens"],
            closes=data["closes"],
        )


LayerFormSet: Final = forms.formset_factory(
    LayerForm, extra=0, max_num=12, validate_max=True, can_delete=True
)


def layer_forms(data: Any, plan: RosterPlan | None, *, more: bool, today: dt.date) -> Any:
    """The layers' forms, filled in from the plan; `more` adds an empty one."""
    people = list(
        User.objects.filter(is_staff=True, is_active=True)
        .order_by("name", "pk")
        .values_list("pk", "name")
    )
    initial = [_initial(layer) for layer in plan.layers] if plan else []
    if more or not initial:
        initial.append({"starts_on": today, "hand_over_at": dt.time(9), "unit": "weeks"})
    made = LayerFormSet(data, prefix="layers", initial=initial, form_kwargs={"people": people})
    for form in made.forms:
        form.empty_permitted = False
    return made


def plan_of(form: RosterForm, layers: Any) -> RosterPlan:
    """What the sent forms say."""
    kept = [one for one in layers.forms if not one.cleaned_data.get("DELETE")]
    return RosterPlan(form.cleaned_data["time_zone"], tuple(one.plan() for one in kept))


def _initial(layer: LayerPlan) -> dict[str, Any]:
    return {
        "name": layer.name,
        "length": layer.length,
        "unit": layer.unit,
        "starts_on": layer.starts_on,
        "hand_over_at": layer.hand_over_at,
        "weekdays": sorted(layer.weekdays) if layer.weekdays is not None else [],
        "opens": layer.opens,
        "closes": layer.closes,
        "members": [member.key for member in layer.members],
    }
