"""Ladders: whom a team's tickets of a severity ring, step by step."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.recorded import LabelledInline, RecordedAdmin
from accounts.models import User
from accounts.requests import TenantRequest
from tickets.models import Escalation, Ladder, LadderStep, Roster
from tickets.models.ladder import LONGEST_PATIENCE_SECONDS, SHORTEST_PATIENCE_SECONDS
from tickets.oncall import duty
from tickets.oncall.freezing import span
from tickets.oncall.line_up import Staff
from tickets.presentation.ladder_preview import preview

NAMED_BY = {LadderStep.Kind.ROSTER: "roster", LadderStep.Kind.PERSON: "person"}


class LadderStepForm(forms.ModelForm):
    class Meta:
        model = LadderStep
        fields = ("position", "kind", "roster", "person", "level", "patience_seconds", "times")

    def clean(self) -> dict[str, Any]:
        """Each kind names what it rings and nothing else; there is time to acknowledge."""
        data = super().clean() or {}
        kind = data.get("kind")
        if kind is None:  # not known: refused already
            return data
        for name in ("roster", "person"):
            wanted, given = name == NAMED_BY.get(kind), data.get(name)
            if wanted and not given and name not in self.errors:
                self.add_error(name, ValidationError(_("Say whom this step rings.")))
            elif given and not wanted:
                self.add_error(name, ValidationError(_("This kind of step rings no such thing.")))
        if data.get("level") and kind != LadderStep.Kind.ROSTER:
            self.add_error("level", ValidationError(_("Only people on duty have a lowest level.")))
        patience = data.get("patience_seconds")
        if patience is not None and patience < SHORTEST_PATIENCE_SECONDS:
            self.add_error(
                "patience_seconds", ValidationError(_("Nobody can acknowledge that fast."))
            )
        elif patience is not None and patience > LONGEST_PATIENCE_SECONDS:
            self.add_error("patience_seconds", ValidationError(_("Wait a day at most.")))
        return data


class StepFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        """Refuse a ladder nobody stands on."""
        super().clean()
        if any(self.errors):
            return
        kept = [
            form
            for form in self.forms
            if form.cleaned_data.get("kind") and not form.cleaned_data.get("DELETE")
        ]
        if not kept:
            raise ValidationError(_("A ladder needs at least one step."))


class LadderStepInline(LabelledInline):
    model = LadderStep
    form = LadderStepForm
    formset = StepFormSet
    min_num = 1

    def formfield_for_dbfield(self, db_field: Any, request: TenantRequest, **kwargs: Any) -> Any:
        """Without the links beside a choice: a step has seven fields in one row."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for link in ("can_add_related", "can_change_related", "can_view_related"):
            if field is not None and hasattr(field.widget, link):
                setattr(field.widget, link, False)
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: TenantRequest, **kwargs: Any) -> Any:
        if db_field.name == "person":
            kwargs["queryset"] = User.names.filter(is_staff=True, is_active=True)
        elif db_field.name == "roster":
            kwargs["queryset"] = Roster.objects.filter(ended_at=None).select_related("team")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Ladder)
class LadderAdmin(RecordedAdmin):
    list_display = ("team", "severity_in_words", "rounds", "silence_minutes")
    list_display_links = ("team", "severity_in_words")
    list_select_related = ("team",)
    list_filter = ("team",)
    fields = ("team", "severity", "rounds", "silence_minutes", "rings_now")
    readonly_fields = ("rings_now",)
    inlines = (LadderStepInline,)

    class Media:
        css: ClassVar = {"all": ["css/ladder-editor.css"]}

    @admin.display(description=gettext_lazy("severity"), ordering="severity")
    def severity_in_words(self, ladder: Ladder) -> str:
        return ladder.get_severity_display()

    @admin.display(description=gettext_lazy("rings now"))
    def rings_now(self, ladder: Any) -> str:
        """Who is rung at this moment, and when, as it was last saved."""
        if ladder.pk is None:
            return _("Save it to see whom it rings.")
        now = ladder.looked_at
        saved = Ladder.objects.prefetch_related("steps").get(pk=ladder.pk)
        on_duty = span(list(saved.steps.all()), now)
        team = duty.teams().get(pk=saved.team_id)
        lines = preview(saved, team, Staff.read(), on_duty, now)
        return render_to_string("tickets/_ladder_preview.html", {"lines": lines, "plain": True})

    def get_object(self, request: TenantRequest, *args: Any, **kwargs: Any) -> Any:
        ladder = super().get_object(request, *args, **kwargs)
        if ladder is not None:
            ladder.looked_at = request.now
        return ladder

    def save_related(self, request: TenantRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        ringing = Escalation.objects.filter(
            source=form.instance, state=Escalation.State.RINGING
        ).count()
        if change and ringing:
            text = ngettext(
                "This ladder rings for %(count)d ticket at this moment; it keeps the names it"
                " began with.",
                "This ladder rings for %(count)d tickets at this moment; they keep the names"
                " they began with.",
                ringing,
            )
            messages.info(request, text % {"count": ringing})

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """The default team's ladder for any severity is rung when there is no other."""
        if obj is not None and obj.severity == "" and obj.team.is_default:
            return False
        return bool(super().has_delete_permission(request, obj))
