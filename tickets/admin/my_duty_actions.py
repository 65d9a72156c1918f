"""What the buttons of "My duty" do. Each finds one's own things only: all others are 404."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import access, contact_checks, contacts
from accounts.contact_checks import Answer
from accounts.models import ContactMethod, User
from accounts.requests import TenantRequest
from tickets import feeds
from tickets.admin.contact_forms import AddForm, ChangeForm, QuietForm, blame
from tickets.admin.my_duty_page import Secret, Unsaved, page
from tickets.models import CalendarFeed, Team


@require_POST
def add(request: TenantRequest) -> HttpResponse:
    form = AddForm(request.POST)
    if form.is_valid():
        try:
            method = contacts.add(
                user=_me(request), by=request.viewer, now=request.now, **form.cleaned_data
            )
        except ValidationError as refusal:
            blame(form, refusal)
        else:
            if method.verified_at is None or method.fallback_address:
                messages.success(request, _("A message is on its way there. Confirm that it came."))
            else:
                messages.success(request, _("From now on you are rung there."))
            return redirect("admin:my-duty")
    return page(request, unsaved=Unsaved(add=form))


@require_POST
def change(request: TenantRequest, pk: int) -> HttpResponse:
    method = _mine(request, pk)
    form = ChangeForm(request.POST, method=method)
    if form.is_valid():
        try:
            contacts.change(
                method=method,
                by=request.viewer,
                now=request.now,
                even_if_last=bool(form.cleaned_data.get("even_if_last")),
                **form.values,
            )
        except contacts.LeavesLoginOnly as refusal:
            warned = request.POST.copy()
            warned["warned"] = "1"
            form = ChangeForm(warned, method=method)
            form.is_valid()
            blame(form, refusal)
        except ValidationError as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("admin:my-duty")
    return page(request, unsaved=Unsaved(change={pk: form}))


@require_POST
def move(request: TenantRequest, pk: int) -> HttpResponse:
    up = request.POST.get("to") == "up"
    contacts.move(method=_mine(request, pk), up=up, by=request.viewer, now=request.now)
    return redirect("admin:my-duty")


@require_POST
def remove(request: TenantRequest, pk: int) -> HttpResponse:
    method = _mine(request, pk)
    try:
        contacts.remove(
            method=method,
            by=request.viewer,
            now=request.now,
            even_if_last=request.POST.get("even_if_last") == "1",
        )
    except contacts.LeavesLoginOnly as refusal:
        sentence = refusal.messages[0]
        return page(request, unsaved=Unsaved(refusals={pk: sentence}, warnings=frozenset({pk})))
    messages.success(request, _("Removed: you are not rung there any more."))
    return redirect("admin:my-duty")


@require_POST
def check(request: TenantRequest, pk: int) -> HttpResponse:
    """Send a message to one of its addresses: for the first time, again, or as a test."""
    method = _mine(request, pk)
    try:
        contact_checks.ask(
            method=method,
            is_fallback=_is_fallback(request),
            by=request.viewer,
            now=request.now,
        )
    except ValidationError as refusal:
        return page(request, unsaved=Unsaved(refusals={pk: refusal.messages[0]}))
    messages.success(request, _("A message is on its way there. Confirm that it came."))
    return redirect("admin:my-duty")


@require_POST
def code(request: TenantRequest, pk: int) -> HttpResponse:
    """The code of the message, typed. A wrong one is counted, so nothing here may undo it."""
    answer = contact_checks.confirm_by_code(
        method=_mine(request, pk),
        typed=request.POST.get("code", ""),
        is_fallback=_is_fallback(request),
        by=request.viewer,
        now=request.now,
    )
    if answer == Answer.CONFIRMED:
        messages.success(request, _("Confirmed: from now on you are rung there."))
        return redirect("admin:my-duty")
    sentences = {
        Answer.WRONG: _("This is not the code. Look at the newest message."),
        Answer.NO_MORE: _("Too many wrong codes. Have a new message sent."),
        Answer.NOTHING_OPEN: _("There is no code to type any more. Have a new message sent."),
    }
    return page(request, unsaved=Unsaved(refusals={pk: sentences[answer]}))


@require_POST
def quiet_hours(request: TenantRequest) -> HttpResponse:
    form = QuietForm(request.POST)
    if form.is_valid():
        try:
            contacts.set_quiet_hours(
                user=_me(request), by=request.viewer, now=request.now, **form.cleaned_data
            )
        except ValidationError as refusal:
            blame(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("admin:my-duty")
    return page(request, unsaved=Unsaved(quiet=form))


@require_POST
def make_feed(request: TenantRequest) -> HttpResponse:
    """Answers with the page itself and not a redirect: the address is stored nowhere."""
    access.require(request.viewer, "roster.read")
    key = request.POST.get("team", "")
    team = get_object_or_404(Team, pk=int(key)) if key.isdecimal() and len(key) < 10 else None
    if key and team is None:
        return redirect("admin:my-duty")
    _feed, token = feeds.make(by=request.viewer, team=team, now=request.now)
    address = settings.PUBLIC_URL + reverse("calendar_feed", args=[token])
    return page(request, secret=Secret(address=address, team=team))


@require_POST
def revoke_feed(request: TenantRequest, pk: int) -> HttpResponse:
    feed = get_object_or_404(CalendarFeed.objects.filter(owner=_me(request)), pk=pk)
    feeds.revoke(feed=feed, by=request.viewer, now=request.now)
    messages.success(request, _("The calendar's address does not work any more."))
    return redirect("admin:my-duty")


def _me(request: TenantRequest) -> User:
    person = request.viewer.user
    assert person is not None  # noqa: S101  the site lets in people of staff alone
    return person


def _mine(request: TenantRequest, pk: int) -> ContactMethod:
    methods = ContactMethod.objects.filter(user=_me(request)).select_related("user")
    return get_object_or_404(methods, pk=pk)


def _is_fallback(request: TenantRequest) -> bool:
    return request.POST.get("which") == "fallback"
