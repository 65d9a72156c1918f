"""What both languages of an article share: kind, product, readers, versions, owner, dates."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.requests import TenantRequest
from knowledge import writing
from tickets.admin.articles.facts_form import FactsForm, facts_of
from tickets.admin.articles.reading import article_of, heading, texts_of, use_of
from tickets.admin.frame import frame


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: TenantRequest, key: str) -> HttpResponse:
    article = article_of(request, key)
    form = FactsForm(request.POST or None, initial=facts_of(article))
    if request.method == "POST":
        access.require(request.viewer, "article.write")
        form = FactsForm(request.POST)
        if form.is_valid():
            try:
                writing.change_article(
                    article=article, by=request.viewer, now=request.now, **form.wanted()
                )
            except ValidationError as error:
                form.take(error)
            else:
                messages.success(request, _("The details are saved."))
                return redirect("admin:article_facts", article.key)
    use = use_of(article, request.viewer, now=request.now)
    context = {"form": form, "use": use} | heading(article, texts_of(article), "facts")
    context |= frame(request, "articles")
    failed = form.is_bound and form.errors
    return render(request, "tickets/article_facts.html", context, status=422 if failed else 200)
