"""A customer's peak hours: rows on the page of the organization."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.recorded import LabelledInline
from accounts.models import PeakHours
from accounts.scenarios import PeakSpan, overlap


class PeakHoursForm(forms.ModelForm):
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("weekdays"),
        coerce=int,
        choices=PeakHours.WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one weekday.")},
    )

    class Meta:
        model = PeakHours
        fields = ("weekdays", "starts_at", "ends_at")


class PeakHoursFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse hours said twice: one of them is a slip."""
        super().clean()
        if any(self.errors):
            return
        kept = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data.get("weekdays") and not form.cleaned_data.get("DELETE")
        ]
        if overlap(
            PeakSpan(tuple(row["weekdays"]), row["starts_at"], row["ends_at"]) for row in kept
        ):
            raise ValidationError(_("Two rows of peak hours overlap."))


class PeakHoursInline(LabelledInline):
    model = PeakHours
    form = PeakHoursForm
    formset = PeakHoursFormSet
    fields = ("weekdays", "starts_at", "ends_at")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in ("starts_at", "ends_at"):
            field.widget = forms.TimeInput(
                format="%H:%M", attrs={"type": "time", "aria-label": field.label}
            )
        return field
