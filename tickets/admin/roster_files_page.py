"""Rosters out as files and in from files; what a file would change is shown before it is done."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import access
from accounts.requests import TenantRequest
from tickets.admin.frame import frame
from tickets.models import Roster
from tickets.presentation.coverage_words import period_words
from tickets.roster_files import exporting, ical, importing

MAX_BYTES: Final = 500_000
JSON: Final = "json"


class ImportForm(forms.Form):
    """A file the first time; the same text again when the reader says yes to what it changes."""

    how = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[
            (JSON, gettext_lazy("teams and rosters (JSON)")),
            (ical.TEMPORARY, gettext_lazy("iCal: in place of one roster's rotation")),
            (ical.OVERRIDES, gettext_lazy("iCal: on duty besides one roster's rotation")),
        ],
    )
    roster = forms.ModelChoiceField(
        Roster.objects.none(),
        label=gettext_lazy("Roster (for iCal)"),
        required=False,
        empty_label="–",
    )
    file = forms.FileField(label=gettext_lazy("File"), required=False)
    text = forms.CharField(
        required=False, strip=False, max_length=MAX_BYTES, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rosters = self.fields["roster"]
        assert isinstance(rosters, forms.ModelChoiceField)  # noqa: S101  for the type checker
        rosters.queryset = Roster.objects.filter(ended_at=None).select_related("team")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") not in (None, JSON) and not data.get("roster") and not self.errors:
            self.add_error("roster", _("Say which roster the shifts are for."))
        file = data.get("file")
        if file is not None:
            data["text"] = self._read(file)
        if not data.get("text") and not self.errors:
            self.add_error("file", _("Choose a file."))
        return data

    def _read(self, file: Any) -> str:
        if file.size > MAX_BYTES:
            self.add_error("file", _("The file is larger than 500 kB."))
            return ""
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not text in UTF-8."))
            return ""
        return text


@require_http_methods(["GET", "HEAD", "POST"])
def roster_files(request: TenantRequest) -> HttpResponse:
    access.require(request.viewer, "roster.edit")
    if request.method != "POST":
        return _show(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, form, status=422)
    sure = request.POST.get("sure") == "yes"
    try:
        lines = _work(request, form.cleaned_data, sure=sure)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return _show(request, form, status=422)
    if sure:
        said = ngettext("%(number)d change was made.", "%(number)d changes were made.", len(lines))
        messages.success(request, said % {"number": len(lines)})
        return redirect("admin:duty")
    return _show(request, form, lines=lines, text=form.cleaned_data["text"])


@require_safe
def export(request: TenantRequest, kind: str) -> HttpResponse:
    access.require(request.viewer, "roster.edit")
    if kind not in (JSON, "ical"):
        raise Http404
    if kind == JSON:
        answer = HttpResponse(exporting.as_json(), content_type="application/json")
    else:
        answer = HttpResponse(exporting.as_ical(request.now), content_type="text/calendar")
    name = f"rosters.{'json' if kind == JSON else 'ics'}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _work(request: TenantRequest, data: dict[str, Any], *, sure: bool) -> list[str]:
    """Do it, or try it and take it back; what changes, a line each."""
    by, now = request.viewer, request.now
    if data["how"] == JSON:
        work = importing.apply if sure else importing.preview
        return [f"{one.what}: {one.name}" for one in work(data["text"], by=by, now=now)]
    put = ical.apply if sure else ical.preview
    shifts = put(data["text"].encode(), roster=data["roster"], by=by, how=data["how"], now=now)
    return [f"{one.person.name}: {_span(one.starts_at, one.ends_at)}" for one in shifts]


def _span(start: dt.datetime, end: dt.datetime) -> str:
    zone = timezone.get_current_timezone()
    return period_words((start, end), zone)


def _show(
    request: TenantRequest,
    form: ImportForm,
    *,
    lines: list[str] | None = None,
    text: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "lines": lines, "text": text}
    around = frame(request, "duty")
    return render(request, "tickets/roster_files.html", context | around, status=status)
