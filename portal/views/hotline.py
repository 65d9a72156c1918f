"""Settings of the hotline: the numbers, the organization's PIN, and in whose name calls open."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import access, hotline_pins
from accounts.models import HotlinePin, User
from portal.account_forms import blame
from portal.hotline.offered import numbers_for
from portal.hotline.words import is_configured
from portal.views.members import MemberRequest, for_members

COLUMNS = ("made_at", "made_by_name", "last_used_at", "contact_id", "organization_id")


class ContactForm(forms.Form):
    """Whose tickets calls become."""

    contact = forms.TypedChoiceField(
        label=gettext_lazy("Calls open tickets in the name of"),
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, *args: object, people: list[User], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [("", _("an owner")), *((one.pk, one.name) for one in people)]


@for_members
@require_safe
def hotline(request: MemberRequest) -> HttpResponse:
    return _page(request)


@require_POST
@for_members
def rotate_pin(request: MemberRequest) -> HttpResponse:
    """Answers with the page itself and not a redirect: the PIN is stored nowhere."""
    _require_hotline()
    access.require(request.viewer, "hotline.manage", request.organization.pk)
    try:
        pin = hotline_pins.rotate(
            by=request.viewer, organization=request.organization, now=request.now
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _page(request, status=422)
    return _page(request, pin=pin)


@require_POST
@for_members
def choose_contact(request: MemberRequest) -> HttpResponse:
    _require_hotline()
    access.require(request.viewer, "hotline.manage", request.organization.pk)
    people = hotline_pins.candidates(request.organization)
    form = ContactForm(request.POST, people=people)
    if form.is_valid():
        chosen = form.cleaned_data["contact"]
        try:
            hotline_pins.choose_contact(
                by=request.viewer,
                organization=request.organization,
                member=next((one for one in people if one.pk == chosen), None),
                now=request.now,
            )
        except ValidationError as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:hotline")
    return _page(request, form=form, status=422)


def _require_hotline() -> None:
    if not is_configured():
        raise Http404


def _page(
    request: MemberRequest, *, pin: str = "", form: ContactForm | None = None, status: int = 200
) -> HttpResponse:
    """With a new PIN, once, or a form as it was typed; without a hotline, what to do instead."""
    organization = request.organization
    manages = access.allows(request.viewer, "hotline.manage", organization.pk)
    present = HotlinePin.objects.filter(organization=organization).only(*COLUMNS).first()
    if form is None and manages and present is not None:
        people = hotline_pins.candidates(organization)
        form = ContactForm(initial={"contact": present.contact_id}, people=people)
    context = {
        "numbers": numbers_for(organization),
        "is_configured": is_configured(),
        "manages": manages,
        "present": present,
        "form": form if manages else None,
        "pin": " ".join(pin[start : start + 4] for start in range(0, len(pin), 4)),
    }
    return render(request, "portal/hotline.html", context, status=status)
