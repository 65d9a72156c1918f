"""The form of a calendar: hours by weekday, a country's holidays, days of its own, a file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.calendar_editing import Written
from tickets.calendar_files import closures_of
from tickets.instants import zone_named
from tickets.presentation.working_hours import day_names
from tickets.public_holidays import CHINA, countries
from tickets.refusal import Refusal
from tickets.refusal_words import told
from tickets.sla.written_calendar import WEEKDAYS

TEXTS = ("closed", "special", "breaks")
TEXT_LIMIT = 40_000


def _days(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(
        label=label, help_text=help_text, max_length=TEXT_LIMIT, required=False, widget=widget
    )


class CalendarForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    around_the_clock = forms.BooleanField(
        label=gettext_lazy("Around the clock: nothing below counts"), required=False
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("By its IANA name: Asia/Shanghai."),
    )
    country = forms.ChoiceField(label=gettext_lazy("Public holidays of"), required=False)
    subdivision = forms.CharField(
        label=gettext_lazy("Part of the country"),
        max_length=10,
        required=False,
        help_text=gettext_lazy("By its code, such as BY for Bavaria, if holidays differ there."),
    )
    closed = _days(
        gettext_lazy("Closed days"),
        gettext_lazy("One a line: 2026-12-24 Inventory, or 2027-02-01..2027-02-03 Move."),
    )
    special = _days(
        gettext_lazy("Days with other hours"),
        gettext_lazy("One a line: 2026-12-31 09:00-12:00 Half a day. They win over holidays."),
    )
    breaks = _days(
        gettext_lazy("Breaks"),
        gettext_lazy("Taken out of the open hours of one day: 2026-12-01 12:00-13:00 All hands."),
    )
    closures = forms.FileField(
        label=gettext_lazy("Add closures from a file"),
        required=False,
        help_text=gettext_lazy("iCalendar (.ics). Its days are added to the fields above."),
    )
    note = forms.CharField(
        label=gettext_lazy("What changes and why"), max_length=200, required=False
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101  for the type checker
        codes = [(CHINA, _("China: days off and make-up working days"))]
        codes += [(code, code) for code in sorted(countries()) if code != CHINA]
        country.choices = [("", _("no country")), *codes]
        for day, label in zip(WEEKDAYS, day_names(), strict=True):
            self.fields[f"hours_{day}"] = forms.CharField(
                label=label,
                max_length=200,
                required=False,
                widget=forms.TextInput({"placeholder": "09:00-18:00"}),
            )

    @staticmethod
    def initial_of(name: str, written: Written) -> dict[str, Any]:
        initial = {f"hours_{day}": hours for day, hours in written.hours.items()}
        names = ("around_the_clock", "zone", "country", "subdivision", *TEXTS)
        return initial | {"name": name} | {each: getattr(written, each) for each in names}

    @property
    def week(self) -> list[forms.BoundField]:
        return [self[f"hours_{day}"] for day in WEEKDAYS]

    @property
    def day_texts(self) -> list[forms.BoundField]:
        return [self[name] for name in TEXTS]

    def clean(self) -> dict[str, Any]:
        """The file's days become lines of the text fields, so that they are seen and kept."""
        clean = super().clean() or {}
        upload = clean.get("closures")
        if upload:
            try:
                zone = zone_named(clean.get("zone", ""))
                found = closures_of(upload.read(), zone, self.today)
            except Refusal as refusal:
                self.add_error("closures", told(refusal))
            else:
                clean["closed"] = _added(clean.get("closed", ""), found.closed)
                clean["breaks"] = _added(clean.get("breaks", ""), found.breaks)
                added = {"closed": clean["closed"], "breaks": clean["breaks"]}
                self.data = {name: self.data.get(name) for name in self.data} | added
        return clean

    def written(self) -> Written:
        clean = self.cleaned_data
        return Written(
            around_the_clock=clean["around_the_clock"],
            zone=clean["zone"],
            hours={day: clean[f"hours_{day}"] for day in WEEKDAYS if clean[f"hours_{day}"]},
            country=clean["country"],
            subdivision=clean["subdivision"],
            **{name: clean[name].replace("\r\n", "\n") for name in TEXTS},
        )

    def take(self, error: ValidationError) -> None:
        """Put what was refused beside the field it is about."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, problems in error.error_dict.items():
            field = f"hours_{name}" if name in WEEKDAYS else name
            self.add_error(field if field in self.fields else None, problems)


def _added(text: str, lines: list[str]) -> str:
    """The text with the lines whose day it does not name yet."""
    named = {line.split()[0] for line in text.splitlines() if line.split()}
    fresh = [line for line in lines if line.split()[0] not in named]
    return "\n".join([*(line for line in text.splitlines() if line.strip()), *fresh])
