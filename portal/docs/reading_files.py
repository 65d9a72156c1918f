"""Files of articles: images of the text, sample code one by one and all in a zip."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable
from typing import Final

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.viewer import Viewer
from knowledge.models import Article, ArticleFile
from knowledge.models.article_file import FileKind
from portal.docs.keeping import kept_as
from portal.docs.opening import DocsRequest, open_page

# What a browser shows and cannot run. A drawing (SVG) can hold a script: as an image of a page
# it does nothing, and opened by itself it is a download in a sandbox.
SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
DRAWING: Final = "image/svg+xml"
OLDEST: Final = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name: files have no other


@open_page
@require_safe
def file(request: DocsRequest, key: str, path: str) -> HttpResponseBase:
    """One file, or 404 like for what does not exist."""
    if "\x00" in path:
        raise Http404
    found = get_object_or_404(
        ArticleFile.objects.visible_to(request.reader).select_related("article"),
        article__key=key,
        path=path,
    )
    content_type = found.content_type
    if found.kind == FileKind.SAMPLE:
        content_type = "text/plain; charset=utf-8"
    elif content_type not in SHOWN and content_type != DRAWING:
        content_type = "application/octet-stream"
    response = HttpResponse(bytes(found.content), content_type=content_type)
    if content_type not in SHOWN:
        _as_download(response, path.rpartition("/")[2])
    return kept_as(request, response, found.digest, for_all=_is_public(found.article))


@open_page
@require_safe
def sample_zip(request: DocsRequest, key: str) -> HttpResponseBase:
    """All files of sample code, in a folder named for the article."""
    article = get_object_or_404(Article.objects.visible_to(request.reader), key=key)
    files = list(article.files.filter(kind=FileKind.SAMPLE))
    if not files:
        raise Http404
    digest = hashlib.sha256("".join(f"{one.path} {one.digest} " for one in files).encode())
    response = HttpResponse(zipped(key, files), content_type="application/zip")
    _as_download(response, f"{key}.zip")
    return kept_as(request, response, digest.hexdigest(), for_all=_is_public(article))


def zipped(folder: str, files: Iterable[ArticleFile]) -> bytes:
    """The same files always give the same bytes. Paths that lead out of the folder are left out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in files:
            if ".." not in one.path.split("/") and not one.path.startswith("/"):
                name = zipfile.ZipInfo(f"{folder}/{one.path}", OLDEST)
                name.compress_type = zipfile.ZIP_DEFLATED
                name.external_attr = 0o644 << 16
                archive.writestr(name, bytes(one.content))
    return packed.getvalue()


def _as_download(response: HttpResponse, name: str) -> None:
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"


def _is_public(article: Article) -> bool:
    """Whether anybody gets this file, so that a cache may share it."""
    return Article.objects.visible_to(Viewer(user=None)).filter(pk=article.pk).exists()
