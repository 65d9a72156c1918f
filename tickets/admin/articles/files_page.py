"""The files of an article: images for its text, sample code to copy and download."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import access
from accounts.requests import TenantRequest
from knowledge import file_changes
from knowledge.models import Article, ArticleFile, ArticleKind, FileKind
from knowledge.models.article_file import LARGEST_FILE
from tickets.admin.articles.reading import article_of, heading, texts_of
from tickets.admin.forms import FilesField
from tickets.admin.frame import frame


class FilesForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What they are"), choices=FileKind.choices, widget=forms.RadioSelect
    )
    folder = forms.CharField(
        label=gettext_lazy("In the folder"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Such as images or src/main. Left empty: none."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    files = FilesField(  # type: ignore[assignment]
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG, GIF or WebP images; code as text. 2 MB each at most."),
    )

    def clean_files(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["files"]
        if not files:
            raise ValidationError(_("Choose a file."))
        for file in files:
            if (file.size or 0) > LARGEST_FILE:
                raise ValidationError(
                    _("“%(path)s” is larger than 2 MB."), params={"path": file.name}
                )
        return files

    def contents(self) -> dict[str, bytes]:
        """What to put where."""
        folder = self.cleaned_data["folder"].strip().strip("/")
        return {
            f"{folder}/{file.name}" if folder else str(file.name): file.read()
            for file in self.cleaned_data["files"]
        }


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: TenantRequest, key: str) -> HttpResponse:
    """The files there are, and a form to add more."""
    article = article_of(request, key)
    form = FilesForm(initial={"kind": _usual(article)})
    if request.method == "POST":
        access.require(request.viewer, "article.write")
        form = FilesForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                file_changes.add_files(
                    article=article,
                    kind=FileKind(form.cleaned_data["kind"]),
                    files=form.contents(),
                    by=request.viewer,
                    now=request.now,
                )
            except ValidationError as error:
                form.add_error("files", error)
            else:
                messages.success(request, _("The files are there."))
                return redirect("admin:article_files", article.key)
    context = {"form": form, "groups": _groups(article)}
    context |= heading(article, texts_of(article), "files") | frame(request, "articles")
    failed = form.is_bound and form.errors
    return render(request, "tickets/article_files.html", context, status=422 if failed else 200)


@require_POST
def remove(request: TenantRequest, key: str, pk: int) -> HttpResponse:
    article = article_of(request, key)
    file = get_object_or_404(ArticleFile, article=article, pk=pk)
    try:
        file_changes.remove_file(file=file, by=request.viewer, now=request.now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(path)s is removed.") % {"path": file.path})
    return redirect("admin:article_files", article.key)


@require_safe
def view(request: TenantRequest, key: str, path: str) -> HttpResponse:
    """A file as it is, published or not: for the preview."""
    article = article_of(request, key)
    if "\x00" in path:
        path = ""
    file = get_object_or_404(
        ArticleFile.objects.visible_to(request.viewer), article=article, path=path
    )
    response = HttpResponse(bytes(file.content), content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


def _usual(article: Article) -> FileKind:
    """What is added most likely: a sample is its code, other articles have pictures."""
    return FileKind.SAMPLE if article.kind == ArticleKind.SAMPLE else FileKind.IMAGE


def _groups(article: Article) -> list[dict[str, Any]]:
    """The files by kind, without their contents."""
    rows = list(article.files.defer("content"))
    return [
        {
            "kind": kind,
            "files": [row for row in rows if row.kind == kind],
        }
        for kind in FileKind
    ]
