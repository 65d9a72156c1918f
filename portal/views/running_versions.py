"""Settings: which versions the organization runs, and mails about releases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from knowledge import languages, release_mails, running_versions, versions
from knowledge.models import Platform, Product, ReleaseMailMute, RunningVersion
from portal.views.members import MemberRequest, for_members
from tickets import versions_in_use


class RunningVersionForm(forms.Form):
    product = forms.ModelChoiceField(
        Product.objects.none(), to_field_name="key", label=_("Product"), empty_label=None
    )
    platform = forms.ChoiceField(
        label=_("Platform"), required=False, choices=[("", _("All")), *Platform.choices]
    )
    version = forms.CharField(
        label=_("Version"),
        max_length=versions.LONGEST,
        widget=forms.TextInput({"placeholder": "5.2.1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = Product.objects.all()


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def versions_page(request: MemberRequest) -> HttpResponse:
    """What we know of it, from tickets and from here; a POST states a version."""
    if request.method != "POST":
        return _page(request, RunningVersionForm())
    form = RunningVersionForm(request.POST)
    access.require(request.viewer, "version.state", request.organization.pk)
    if form.is_valid():
        try:
            row = running_versions.state(
                organization=request.organization,
                by=request.viewer,
                now=request.now,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _now("Noted: %(product)s %(version)s.") % _named(row))
            return redirect("portal:versions")
    return _page(request, form, status=422)


@require_POST
@for_members
def forget(request: MemberRequest, pk: int) -> HttpResponse:
    rows = RunningVersion.objects.visible_to(request.viewer).select_related("product")
    row = get_object_or_404(rows.select_related("organization", "product"), pk=pk)
    running_versions.forget(row=row, by=request.viewer, now=request.now)
    messages.success(request, _now("%(product)s %(version)s is noted no longer.") % _named(row))
    return redirect("portal:versions")


@require_POST
@for_members
def release_mails_choice(request: MemberRequest) -> HttpResponse:
    """`wanted` is "yes" or "no"; anything else changes nothing."""
    verbs = {"yes": release_mails.unmute, "no": release_mails.mute}
    verb = verbs.get(request.POST.get("wanted", ""))
    if verb is None:
        messages.error(request, _now("Say whether you want mails about releases."))
    else:
        verb(organization=request.organization, by=request.viewer, now=request.now)
        messages.success(request, _now("Your choice was saved."))
    return redirect("portal:versions")


def _page(request: MemberRequest, form: RunningVersionForm, status: int = 200) -> HttpResponse:
    organization = request.organization
    stated = RunningVersion.objects.visible_to(request.viewer).filter(organization=organization)
    context = {
        "form": form,
        "in_use": versions_in_use.of_organization(organization, now=request.now),
        "stated": list(stated.select_related("product")),
        "may_state": access.allows(request.viewer, "version.state", organization.pk),
        "gets_mails": not ReleaseMailMute.objects.filter(
            organization=organization, user=request.viewer.user
        ).exists(),
        "language": languages.of_page(),
    }
    return render(request, "portal/versions.html", context, status=status)


def _named(row: RunningVersion) -> dict[str, str]:
    return {"product": row.product.name, "version": row.version}
