"""Articles at a ticket: find one to send, link one by hand, take a link away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import TenantRequest
from knowledge.addresses import article_path
from knowledge.languages import Language
from knowledge.models import Article, Audience
from knowledge.search import Hit, find
from tickets import finding, ticket_articles
from tickets.models import Ticket

CHOICES: Final = 6
_BRACKETS: Final = re.compile(r"([\\\[\]])")


@dataclass(frozen=True, slots=True)
class Choice:
    """An article to insert. `why_not`: a sentence on why it cannot go to this customer."""

    hit: Hit
    markdown: str
    kind: str
    why_not: str


@require_safe
def choices(request: TenantRequest, reference: str) -> HttpResponse:
    """For what is typed in the composer, or without it for the ticket's subject."""
    ticket = _visible(request, reference)
    text = request.GET.get("q", "").strip() or ticket.subject
    language = Language.ZH if ticket.language.startswith("zh") else Language.EN
    hits = find(text, language=language, viewer=request.viewer, limit=CHOICES).articles[:CHOICES]
    is_note = request.GET.get("for") == "note"
    readable = set() if is_note else _readable(ticket, hits)
    rows = [
        Choice(hit, _markdown(hit), _kind(hit), "" if is_note else _why_not(hit, ticket, readable))
        for hit in hits
    ]
    return render(request, "tickets/_article_choices.html", {"rows": rows, "text": text})


@require_POST
def link(request: TenantRequest, reference: str) -> HttpResponse:
    """`article` is a key, or an address that holds one."""
    ticket, typed = _visible(request, reference), request.POST.get("article", "").strip()
    key = next(iter(ticket_articles.named_in(typed)), typed)
    article = Article.objects.filter(key=key).first() if key and "\0" not in key else None
    if article is None:
        messages.error(request, _("There is no such article: paste its address, or its key."))
    else:
        ticket_articles.link(ticket=ticket, article=article, by=request.viewer, now=request.now)
        if not ticket_articles.suits(article, ticket.organization):
            messages.info(request, _("Linked for colleagues: the customer may not read it."))
    return redirect("admin:ticket", ticket.reference)


@require_POST
def unlink(request: TenantRequest, reference: str) -> HttpResponse:
    ticket = _visible(request, reference)
    key = request.POST.get("article", "").replace("\0", "")
    article = get_object_or_404(Article, key=key)
    ticket_articles.unlink(ticket=ticket, article=article, by=request.viewer, now=request.now)
    return redirect("admin:ticket", ticket.reference)


def _visible(request: TenantRequest, reference: str) -> Ticket:
    tickets = finding.by_reference(request.viewer, reference)
    return get_object_or_404(tickets.select_related("organization"))


def _readable(ticket: Ticket, hits: list[Hit]) -> set[str]:
    customer = ticket_articles.of_organization(ticket.organization_id)
    articles = Article.objects.visible_to(customer).filter(key__in=[hit.key for hit in hits])
    return set(articles.values_list("key", flat=True))


def _why_not(hit: Hit, ticket: Ticket, readable: set[str]) -> str:
    if hit.key in readable or hit.translation is None:
        return ""
    article = hit.translation.article
    if article.audience == Audience.INTERNAL:
        return _("For staff only: say it in your own words.")
    return _("%(customer)s may not read it: %(readers)s.") % {
        "customer": ticket.organization.name,
        "readers": article.get_audience_display(),
    }


def _markdown(hit: Hit) -> str:
    title = hit.translation.title if hit.translation else hit.key
    words = _BRACKETS.sub(r"\\\1", " ".join(title.split()))
    return f"[{words}]({settings.PUBLIC_URL}{article_path(hit.key, hit.language)})"


def _kind(hit: Hit) -> str:
    return str(hit.translation.article.get_kind_display()) if hit.translation else ""
