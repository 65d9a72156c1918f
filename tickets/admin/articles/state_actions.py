"""Submit, send back, publish, archive: each a form of its own, answered by the editor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import TenantRequest
from knowledge import publishing
from knowledge.models import Revision, Translation
from tickets.admin.articles.editor_page import SendBackForm, show
from tickets.admin.articles.reading import article_of, language_of
from tickets.row_keys import row_key


@require_POST
def submit(request: TenantRequest, key: str, language: str) -> HttpResponse:
    return _done(request, key, language, publishing.submit, _("It waits for a colleague's review."))


@require_POST
def publish(request: TenantRequest, key: str, language: str) -> HttpResponse:
    """`revision` is the number of the one on the page: what came after it, nobody has reviewed."""
    verb = partial(publishing.publish, was_read=row_key(request.POST.get("revision", "")) or 0)
    return _done(request, key, language, verb, _("It is published."))


@require_POST
def archive(request: TenantRequest, key: str, language: str) -> HttpResponse:
    done = _("It is archived: readers no longer see it, its history stays.")
    return _done(request, key, language, publishing.archive, done)


@require_POST
def send_back(request: TenantRequest, key: str, language: str) -> HttpResponse:
    text = _text(request, key, language)
    form = SendBackForm(request.POST)
    if form.is_valid():
        try:
            publishing.send_back(
                translation=text,
                by=request.viewer,
                now=request.now,
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("It is a draft again; your reason stands above it."))
            return redirect("admin:article", key, language)
    return show(request, text.article, language_of(language), send_back=form)


@require_POST
def revert(request: TenantRequest, key: str, language: str, number: int) -> HttpResponse:
    """Make an old revision the newest one again, as a draft."""
    text = _text(request, key, language)
    revision = get_object_or_404(Revision, translation=text, number=number)
    revision.translation = text
    made = publishing.revert(revision=revision, by=request.viewer, now=request.now)
    messages.success(
        request,
        _("Revision %(new)d says again what revision %(old)d said. It is a draft.")
        % {"new": made.number, "old": number},
    )
    return redirect("admin:article", key, language)


def _text(request: TenantRequest, key: str, language: str) -> Translation:
    article = article_of(request, key)
    text = get_object_or_404(Translation, article=article, language=language_of(language))
    text.article = article
    return text


def _done(
    request: TenantRequest, key: str, language: str, verb: Callable[..., Any], told: str
) -> HttpResponse:
    text = _text(request, key, language)
    try:
        verb(translation=text, by=request.viewer, now=request.now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, told)
    return redirect("admin:article", key, language)
