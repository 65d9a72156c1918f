"""One language of an article: its text beside a preview, the other language, what changed there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.access import StaffRole
from accounts.requests import TenantRequest
from knowledge import writing
from knowledge.comparing import compare, unified
from knowledge.languages import Language
from knowledge.models import Article, Revision, TextState
from knowledge.models.translation import LONGEST_BODY
from knowledge.rendering import Rendered
from tickets.admin.articles.conversation import conversation_beside
from tickets.admin.articles.reading import (
    Text,
    article_of,
    heading,
    language_of,
    last_move,
    previewed,
    texts_of,
)
from tickets.admin.articles.text_form import TextForm
from tickets.admin.frame import frame


class SendBackForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What is missing"),
        max_length=1000,
        error_messages={"required": gettext_lazy("Say what is missing.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def editor(request: TenantRequest, key: str, language: str) -> HttpResponse:
    """The editor; sent, its text becomes the newest revision, a draft."""
    article, wanted = article_of(request, key), language_of(language)
    if request.method != "POST":
        return show(request, article, wanted)
    access.require(request.viewer, "article.write")
    form = TextForm(request.POST, has_other=True, language=wanted)
    if request.POST.get("step") == "preview" or not form.is_valid():
        return show(request, article, wanted, form=form)
    try:
        revision = writing.save_revision(
            article=article,
            language=wanted,
            by=request.viewer,
            now=request.now,
            **form.wanted(),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return show(request, article, wanted, form=form)
    messages.success(
        request,
        _("Revision %(number)d is saved.") % {"number": revision.number},
        extra_tags=draft_key(article, wanted),
    )
    return redirect("admin:article", article.key, wanted)


@require_POST
def preview(request: TenantRequest, key: str, language: str) -> HttpResponse:
    """The typed text as readers will see it, as a part of the page."""
    article, wanted = article_of(request, key), language_of(language)
    body = request.POST.get("body", "")
    context = {"preview": _previewed(body, article, wanted), "language": wanted}
    return render(request, "tickets/_article_preview.html", context)


def show(
    request: TenantRequest,
    article: Article,
    language: Language,
    *,
    form: TextForm | None = None,
    send_back: SendBackForm | None = None,
) -> HttpResponse:
    """The page; with a form that was sent, that text and not the saved one."""
    texts = texts_of(article)
    text, other = texts[language], texts[language.other]
    typed = form is not None
    if form is None:
        initial = {"written_on": text.number}
        if text.revision:
            initial |= {name: getattr(text.revision, name) for name in ("title", "summary", "body")}
        form = TextForm(initial=initial, has_other=other.revision is not None, language=language)
    elif other.revision is None:
        del form.fields["is_aligned"]
    body = str(form["body"].value() or "")
    is_conflict = typed and str(form["written_on"].value() or 0) != str(text.number)
    is_behind = text.is_behind(other)
    context = {
        "form": form,
        "text": text,
        "other": other,
        "language": language,
        "draft_key": draft_key(article, language),
        "is_typed": typed,
        "theirs": _differences(text.revision, body) if is_conflict else None,
        "preview": _previewed(body, article, language),
        "is_behind": is_behind,
        "changed_there": _changed_since(text, other) if is_behind else [],
        "send_back_form": send_back or SendBackForm(),
        "move": last_move(article, language) if text.state == TextState.DRAFT else None,
        "may": _may(request, text),
        "beside": conversation_beside(request.viewer, article),
        "written_on": text.number,
    }
    context |= heading(article, texts, language) | frame(request, "articles")
    failed = (typed and form.errors) or (send_back is not None and send_back.errors)
    return render(request, "tickets/article.html", context, status=422 if failed else 200)


def draft_key(article: Article, language: Language) -> str:
    return f"article-{article.pk}-{language}"


def _previewed(body: str, article: Article, language: Language) -> Rendered | None:
    """None for a text no revision could hold."""
    if "\0" in body or len(body) > LONGEST_BODY:
        return None
    return previewed(body.replace("\r\n", "\n"), article=article, language=language)


def _differences(saved: Revision | None, typed: str) -> list[Any]:
    """What the saved text and the typed one differ in."""
    return list(unified(compare(saved.body if saved else "", typed.replace("\r\n", "\n"))))


def _changed_since(text: Text, other: Text) -> list[Any]:
    """What was written in the other language since this one said the same; [] for everything."""
    since = text.translation.aligned_with if text.translation else None
    if since is None or other.revision is None:
        return []
    before = Revision.objects.filter(translation=other.translation, number=since).first()
    if before is None:
        return []
    return list(unified(compare(_whole(before), _whole(other.revision))))


def _whole(revision: Revision) -> str:
    return "\n".join(filter(None, (revision.title, revision.summary, revision.body)))


def _may(request: TenantRequest, text: Text) -> dict[str, bool]:
    """Which buttons there are. `publish_own`: it would be one's own text, and one is no manager."""
    viewer = request.viewer
    may_publish = access.allows(viewer, "article.publish")
    is_own = (
        text.revision is not None
        and viewer.staff_role == StaffRole.ENGINEER
        and viewer.user is not None
        and text.revision.author_id == viewer.user.pk
    )
    is_newer = text.revision is not None and not text.is_newest_published
    return {
        "submit": text.state == TextState.DRAFT,
        "send_back": may_publish and text.state == TextState.REVIEW,
        "publish": may_publish and is_newer and not is_own,
        "publish_own": is_newer and is_own,
        "archive": may_publish and text.state not in ("", TextState.ARCHIVED),
    }
