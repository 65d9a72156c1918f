"""A new article: from nothing, or from what was said in a ticket."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.requests import TenantRequest
from knowledge import versions, writing
from knowledge.article_keys import free_key
from knowledge.languages import Language, of_page
from knowledge.models import Article, ArticleKind
from knowledge.models.translation import LONGEST_BODY
from knowledge.rendering import Rendered
from tickets import finding, ticket_articles
from tickets.admin.articles.facts_form import NewArticleForm
from tickets.admin.articles.reading import previewed
from tickets.admin.frame import frame
from tickets.masked_conversation import MaskedConversation, masked_conversation
from tickets.models import Ticket


@require_http_methods(["GET", "HEAD", "POST"])
def new_article(request: TenantRequest) -> HttpResponse:
    """A new article. `title`, `product`, `kind` of the address are filled in: gaps lead here."""
    return _page(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def from_ticket(request: TenantRequest, reference: str) -> HttpResponse:
    """A new article with the masked conversation of a ticket at its side; it stays linked."""
    tickets = finding.by_reference(request.viewer, reference)
    return _page(request, get_object_or_404(tickets.select_related("organization", "product")))


def _page(request: TenantRequest, ticket: Ticket | None) -> HttpResponse:
    beside = masked_conversation(request.viewer, ticket) if ticket else None
    draft_key = f"article-from-{ticket.pk}" if ticket else "article-new"
    if request.method != "POST":
        initial = _of_ticket(ticket, beside) if ticket and beside else _of_address(request)
        return _shown(request, NewArticleForm(initial=initial), ticket, beside, draft_key)
    access.require(request.viewer, "article.write")
    form = NewArticleForm(request.POST)
    if request.POST.get("step") != "preview" and form.is_valid():
        try:
            article = _make(request, form, ticket)
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(
                request, _("The draft is saved. Nobody but staff sees it."), extra_tags=draft_key
            )
            return redirect("admin:article", article.key, form.cleaned_data["language"])
    return _shown(request, form, ticket, beside, draft_key)


@require_POST
def preview(request: TenantRequest) -> HttpResponse:
    """The typed text of an article that is not kept yet, as a part of the page."""
    language = request.POST.get("language", "")
    language = Language(language) if language in Language.values else Language.EN
    context = {"preview": _previewed(request.POST.get("body", ""), language), "language": language}
    return render(request, "tickets/_article_preview.html", context)


@transaction.atomic
def _make(request: TenantRequest, form: NewArticleForm, ticket: Ticket | None) -> Article:
    clean = form.cleaned_data
    product = clean["product"]
    article = writing.create_article(
        by=request.viewer,
        now=request.now,
        key=clean["key"]
        or free_key(clean["title"], kind=clean["kind"], product=product.key if product else ""),
        kind=clean["kind"],
        product=product,
        platforms=[clean["platform"]] if clean["platform"] else [],
        versions_from=clean["versions_from"],
        owner=request.viewer.user,
    )
    writing.save_revision(
        article=article,
        language=Language(clean["language"]),
        by=request.viewer,
        now=request.now,
        title=clean["title"],
        summary=clean["summary"],
        body=clean["body"],
        note=clean["note"],
    )
    if ticket is not None:
        ticket_articles.link(ticket=ticket, article=article, by=request.viewer, now=request.now)
    return article


def _of_ticket(ticket: Ticket, beside: MaskedConversation) -> dict[str, Any]:
    """What the ticket knows, and headings to write under, in its language."""
    language = Language.ZH if ticket.language.startswith("zh") else Language.EN
    with translation.override(language.locale):
        parts = (_("What you see"), _("Why it happens"), _("What to do"))
    try:
        version = str(versions.parse(ticket.sdk_version)) if ticket.sdk_version else ""
    except ValueError:
        version = ""
    return {
        "language": language,
        "title": beside.subject,
        "kind": ArticleKind.TROUBLESHOOTING,
        "product": ticket.product.key if ticket.product else None,
        "platform": ticket.platform,
        "versions_from": version,
        "body": "\n\n".join(f"## {part}\n" for part in parts),
    }


def _of_address(request: TenantRequest) -> dict[str, Any]:
    asked = {name: request.GET.get(name, "") for name in ("title", "kind", "product", "language")}
    asked = {name: value[:200] for name, value in asked.items() if value and "\0" not in value}
    return {"kind": ArticleKind.FAQ, "language": of_page()} | asked


def _shown(
    request: TenantRequest,
    form: NewArticleForm,
    ticket: Ticket | None,
    beside: MaskedConversation | None,
    draft_key: str,
) -> HttpResponse:
    language = form["language"].value()
    language = Language(language) if language in Language.values else Language.EN
    context = {
        "form": form,
        "ticket": ticket,
        "beside": beside,
        "draft_key": draft_key,
        "language": language,
        "preview": _previewed(str(form["body"].value() or ""), language),
    }
    failed = form.is_bound and form.errors
    context |= frame(request, "articles")
    return render(request, "tickets/article_new.html", context, status=422 if failed else 200)


def _previewed(body: str, language: Language) -> Rendered | None:
    """None for a text no revision could hold. There are no files of it yet."""
    if "\0" in body or len(body) > LONGEST_BODY:
        return None
    article = Article(pk=0, key="new")
    return previewed(body.replace("\r\n", "\n"), article=article, language=language)
