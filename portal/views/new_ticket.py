"""Open a ticket."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import access
from knowledge import languages
from knowledge.models import Article, Translation
from portal.suggesting import Suggestions
from portal.views import answers, drafts, uploads
from portal.views.members import MemberRequest, for_members
from portal.views.ticket_form import TicketForm, facts_of_last_ticket
from portal.views.uploads import Uploads
from tickets import attachments, deflections, lifecycle, ticket_articles
from tickets.models import Ticket
from tickets.models.ticket import Severity

DRAFT = "new-ticket"


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def new_ticket(request: MemberRequest) -> HttpResponse:
    """The form, prefilled from last time; sent back with everything in it if something is wrong."""
    access.require(request.viewer, "ticket.open", request.organization.pk)
    if request.method != "POST":
        start = facts_of_last_ticket(request.viewer, request.organization)
        start["subject"] = request.GET.get("subject", "")[:200].replace("\x00", "")
        start |= answers.kept_draft(request, request.GET.get("answered", ""))
        form = TicketForm(initial=start, organization=request.organization, now=request.now)
        return _page(request, form, Uploads())
    if "look" in request.POST:
        return _with_answers(request)
    form = TicketForm(request.POST, organization=request.organization, now=request.now)
    files = uploads.take(request, request.organization)
    ticket = _open(request, form, files) if form.is_valid() and not files.errors else None
    if ticket is None:
        return _page(request, form, files, status=413 if files.too_large else 422)
    _remember_where_from(request, ticket)
    drafts.finished(request, DRAFT)
    return redirect("portal:ticket", ticket.reference)


def _with_answers(request: MemberRequest) -> HttpResponse:
    """The form as it is, with what may answer it: for browsers that run no script."""
    given = {name: value for name, value in request.POST.items() if name != "look"}
    form = TicketForm(initial=given, organization=request.organization, now=request.now)
    return _page(request, form, Uploads(), suggestions=answers.of_form(request))


def _remember_where_from(request: MemberRequest, ticket: Ticket) -> None:
    """Link the article one came from; take back that another one had answered it."""
    if article := _article(request, request.POST.get("from_article", "")):
        ticket_articles.came_from(
            ticket=ticket, article=article, by=request.viewer, now=request.now
        )
    if deflection := answers.named_uuid(request.POST.get("answered", "")):
        deflections.opened_anyway(deflection=deflection, ticket=ticket, by=request.viewer)
        request.session.pop(answers.KEPT, None)


def _article(request: MemberRequest, key: str) -> Article | None:
    """The article of that key if they may read it; any other is as if nothing was said."""
    if not key or "\0" in key:
        return None
    return Article.objects.visible_to(request.viewer).filter(key=key).first()


def _title(request: MemberRequest, article: Article | None) -> str:
    if article is None:
        return ""
    texts = Translation.objects.visible_to(request.viewer).published().filter(article=article)
    titles = dict(texts.values_list("language", "title"))
    return titles.get(languages.of_page()) or next(iter(titles.values()), article.key)


def _open(request: MemberRequest, form: TicketForm, files: Uploads) -> Ticket | None:
    try:
        return lifecycle.open_ticket(
            by=request.viewer,
            organization=request.organization,
            subject=form.cleaned_data["subject"],
            body=form.cleaned_data["body"],
            severity=Severity(form.cleaned_data["severity"]),
            attachment_ids=files.ids,
            submission=form.cleaned_data["submission"],
            now=request.now,
            **form.facts(),
        )
    except ValidationError as error:
        form.take_errors(error)
        return None


def _page(
    request: MemberRequest,
    form: TicketForm,
    files: Uploads,
    status: int = 200,
    suggestions: Suggestions | None = None,
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    article = _article(request, given.get("from_article", "") or given.get("article", ""))
    context = {
        "from_article": article,
        "from_title": _title(request, article),
        "answered": answers.named_uuid(given.get("answered", "")) or "",
        "suggestions": suggestions,
        "form": form,
        "files": files,
        "max_bytes": attachments.MAX_BYTES,
        "draft_key": DRAFT,
    }
    return render(request, "portal/new_ticket.html", context, status=status)
