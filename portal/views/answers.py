"""Answers beside a half-written ticket, and "this answered it"."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import access
from knowledge import languages
from knowledge.languages import Language
from knowledge.models import Article, Platform, Product, Translation
from portal.suggesting import Suggestions, suggest
from portal.views import drafts
from portal.views.members import MemberRequest, for_members
from tickets import deflections, texts
from tickets.models import Deflection

FORMS: Final = {"new-ticket": "new-ticket", "break-glass": "break-glass"}  # draft keys
KEPT: Final = "answered_draft"
_TEXTS: Final = ("severity", "subject", "body", "product", "platform", "sdk_version", "environment")


@require_POST
@for_members
def suggestions(request: MemberRequest) -> HttpResponse:
    """A part of the page, asked for while one types: by POST, so that no log holds the text."""
    access.require(request.viewer, "ticket.open", request.organization.pk)
    context = {"suggestions": of_form(request), "opens_here": True}
    return render(request, "portal/_answers.html", context)


@require_safe
@for_members
def read(request: MemberRequest, language: Language, key: str) -> HttpResponse:
    """An article, to be read beside the draft."""
    article = get_object_or_404(Article.objects.visible_to(request.viewer), key=key)
    texts_of_it = Translation.objects.visible_to(request.viewer).published()
    text = get_object_or_404(texts_of_it, article=article, language=language)
    context = {"text": text, "article": article, "form_id": _form(request)}
    return render(request, "portal/_answer.html", context)


@require_POST
@for_members
def answered(request: MemberRequest) -> HttpResponse:
    """The draft ends here. What was written is kept for this session, should it not be so."""
    key = request.POST.get("article", "").replace("\0", "")
    article = Article.objects.visible_to(request.viewer).filter(key=key).first()
    if article is None:
        raise Http404
    body = request.POST.get("body", "")
    row = deflections.answered(
        organization=request.organization,
        article=article,
        by=request.viewer,
        now=request.now,
        key=_submission(request),
        subject=request.POST.get("subject", "") or body[: texts.SUBJECT_LIMIT],
        product=_product(request),
    )
    request.session[KEPT] = {
        "deflection": str(row.pk),
        **{name: request.POST.get(name, "")[: texts.BODY_LIMIT] for name in _TEXTS},
    }
    drafts.finished(request, _form(request))
    return redirect("portal:answered", row.pk)


@require_safe
@for_members
def thanks(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    rows = Deflection.objects.visible_to(request.viewer).select_related("article", "ticket")
    row = get_object_or_404(rows, pk=pk)
    language = languages.of_page()
    text = (
        Translation.objects.visible_to(request.viewer)
        .published()
        .filter(article=row.article_id)
        .order_by("language" if language == Language.EN else "-language")
        .defer("body", "html", "contents")
        .first()
    )
    context = {
        "deflection": row,
        "text": text,
        "key": row.article.key,
        "finished_draft": drafts.take_finished(request),
    }
    return render(request, "portal/answered.html", context)


def of_form(request: MemberRequest) -> Suggestions:
    """For what stands in a form, whatever of it is right."""

    def given(name: str, length: int) -> str:
        return request.POST.get(name, "").replace("\0", " ")[:length]

    platform = given("platform", 20)
    return suggest(
        subject=given("subject", texts.SUBJECT_LIMIT),
        body=given("body", texts.BODY_LIMIT),
        product=_product(request),
        platform=platform if platform in Platform.values else "",
        version=given("sdk_version", texts.VERSION_LIMIT),
        language=languages.of_page(),
        viewer=request.viewer,
    )


def kept_draft(request: MemberRequest, deflection: str) -> dict[str, Any]:
    """What was written before an article answered it, to open the ticket all the same."""
    kept = request.session.get(KEPT) or {}
    if not deflection or kept.get("deflection") != deflection:
        return {}
    return {name: kept[name] for name in _TEXTS if kept.get(name)}


def named_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _product(request: MemberRequest) -> Product | None:
    key = request.POST.get("product", "").replace("\0", "")
    return Product.objects.filter(key=key).first() if key else None


def _submission(request: MemberRequest) -> uuid.UUID:
    """The form's one-time key: a second click is the same answer."""
    key = named_uuid(request.POST.get("submission", ""))
    if key is None:
        return uuid.uuid4()
    return uuid.uuid5(key, f"answered by {request.viewer.user.pk if request.viewer.user else 0}")


def _form(request: MemberRequest) -> str:
    return FORMS.get(request.GET.get("form", ""), "new-ticket")
