"""Teams, and the ladder that is rung for their tickets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.admin.recorded import LabelledInline, RecordedAdmin
from tickets.models import LadderStep, Team

NAMED_BY = {LadderStep.Kind.ROSTER: "roster", LadderStep.Kind.PERSON: "person"}


class LadderStepForm(forms.ModelForm):
    class Meta:
        model = LadderStep
        fields = ("position", "kind", "roster", "person", "patience_seconds")

    def clean(self) -> dict[str, Any]:
        """Each kind names what it rings, and nothing else; at least 10 seconds to acknowledge."""
        data = super().clean() or {}
        wanted = NAMED_BY.get(data.get("kind", ""))
        for name in ("roster", "person"):
            if name == wanted and not data.get(name):
                self.add_error(name, ValidationError(_("Say whom this step rings.")))
            elif name != wanted and data.get(name):
                self.add_error(name, ValidationError(_("This kind of step rings no such thing.")))
        patience = data.get("patience_seconds")
        if patience is not None and patience < 10:
            self.add_error(
                "patience_seconds", ValidationError(_("Nobody can acknowledge that fast."))
            )
        return data


class LadderStepInline(LabelledInline):
    model = LadderStep
    form = LadderStepForm


@admin.register(Team)
class TeamAdmin(RecordedAdmin):
    list_display = ("name", "rounds", "is_default")
    fields = ("name", "products", "rounds", "duty_level", "is_default")
    inlines = (LadderStepInline,)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """The default team takes what belongs to nobody, so there is always one.

        One that ever had a roster stays too: who was on duty stays on record.
        """
        if obj is not None and (obj.is_default or obj.rosters.exists()):
            return False
        return bool(super().has_delete_permission(request, obj))
