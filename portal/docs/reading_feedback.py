""" "Did this help?" under an article."""

from __future__ import annotations

import secrets
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from rest_framework.throttling import SimpleRateThrottle

from accounts.client_address import client_address
from knowledge import feedback
from knowledge.models import Translation
from knowledge.models.feedback import LONGEST_WORDS
from portal.docs.opening import DocsRequest, docs_page, open_page, show
from portal.docs.reading_article import texts_of

VISITOR: Final = settings.COOKIE_PREFIX + "reader"
REMEMBERED: Final = 365 * 24 * 3600  # seconds


class PerAddress(SimpleRateThrottle):
    """Answers from one machine, whoever sits there."""

    scope = "docs_feedback"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": client_address(request)}


class FeedbackForm(forms.Form):
    helped = forms.ChoiceField(
        label=_("Did this help?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        error_messages={"required": _("Say yes or no."), "invalid_choice": _("Say yes or no.")},
    )
    words = forms.CharField(
        label=_("What helped, or what is missing?"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


@csrf_exempt
@open_page
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: DocsRequest, key: str) -> HttpResponseBase:
    """Record an answer. The page is the same for everyone and so has no token of a form; that a
    form of ours was sent is told by what the browser says of where it comes from."""
    text = texts_of(request, key).get(request.language)
    if text is None:
        raise Http404
    if request.method != "POST":  # the answer's address was loaded again
        return redirect("docs:article", request.language, key)
    if not _is_ours(request):
        return HttpResponse(status=403)
    limit = PerAddress()
    if not limit.allow_request(request, None):  # type: ignore[arg-type]
        return show(request, "docs/feedback_too_often.html", {"text": text}, status=429)
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return show(request, "docs/feedback.html", {"text": text, "form": form}, status=422)
    return _record(request, text, form.cleaned_data)


@docs_page
def given(request: DocsRequest, key: str) -> HttpResponseBase:
    """Thanks, and the way back."""
    text = texts_of(request, key).get(request.language)
    if text is None:
        raise Http404
    return show(request, "docs/feedback_given.html", {"text": text})


def _record(request: DocsRequest, text: Translation, said: dict[str, str]) -> HttpResponseBase:
    visitor = request.COOKIES.get(VISITOR, "")[:64] or secrets.token_urlsafe(24)
    feedback.give(
        translation=text,
        by=request.reader,
        visitor=visitor,
        organization=request.organization,
        helped=said["helped"] == "yes",
        words=said["words"],
        now=request.now,
    )
    # Said twice is thanked for twice and counted once.
    response = redirect("docs:feedback_given", request.language, text.article.key)
    if not request.user.is_authenticated:
        response.set_cookie(
            VISITOR,
            visitor,
            max_age=REMEMBERED,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _is_ours(request: DocsRequest) -> bool:
    """Whether a page of this site sent the form: browsers say so, and no page can make them lie."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"
