"""The files of an article: images in its text, and sample code."""

from __future__ import annotations

import datetime as dt
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access
from accounts.viewer import Viewer
from knowledge.models import Article, ArticleFile, FileKind
from knowledge.models.article_file import LARGEST_FILE
from knowledge.writing import record

MOST_FILES: Final = 100  # of one kind in one article
_IMAGES: Final = {  # how a file begins -> what it is; nothing that can hold a script
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_PATH: Final = re.compile(r"[^\x00-\x1f\x7f\\:*?\"<>|]+")


@transaction.atomic
def set_files(
    *,
    article: Article,
    kind: FileKind,
    files: Mapping[str, bytes],
    by: Viewer,
    now: dt.datetime,
) -> bool:
    """Make these the article's files of that kind, in this order; False when they are already.

    Raises `ValidationError` for a path that leads elsewhere, a file that is too large, an
    image that is none. Published texts show the new files from their next rendering on.
    """
    access.require(by, "article.write")
    if len(files) > MOST_FILES:
        raise ValidationError(_("At most %(number)d files.") % {"number": MOST_FILES})
    types = {path: _checked(path, content, kind) for path, content in files.items()}
    present = dict(article.files.filter(kind=kind).values_list("path", "digest"))
    wanted = digests(files)
    if present == wanted:
        return False
    article.files.filter(kind=kind).delete()
    ArticleFile.objects.bulk_create(
        ArticleFile(
            article=article,
            path=path,
            kind=kind,
            content_type=types[path],
            content=content,
            size=len(content),
            digest=wanted[path],
            position=position,
        )
        for position, (path, content) in enumerate(files.items())
    )
    record(article, "article.files_changed", by=by, now=now, kind=str(kind), files=list(files))
    return True


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 of each file, in hexadecimal."""
    return {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}


def _checked(path: str, content: bytes, kind: FileKind) -> str:
    """The type to serve it as; `ValidationError` with the path when it cannot be kept."""
    parts = path.split("/")
    if len(path) > 200 or not _PATH.fullmatch(path) or {"", ".", ".."} & set(parts):
        raise ValidationError(_("“%(path)s” is no path within the article.") % {"path": path[:80]})
    if len(content) > LARGEST_FILE:
        raise ValidationError(_("“%(path)s” is larger than 2 MB.") % {"path": path})
    if kind == FileKind.SAMPLE:
        if b"\0" in content:
            raise ValidationError(_("“%(path)s” is no text.") % {"path": path})
        return "text/plain"
    for beginning, content_type in _IMAGES.items():
        if content.startswith(beginning):
            return content_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    guess = mimetypes.guess_type(path)[0] or _("unknown")
    raise ValidationError(
        _("“%(path)s” (%(type)s) is no PNG, JPEG, GIF or WebP image.")
        % {"path": path, "type": guess}
    )
