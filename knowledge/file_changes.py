"""Put files into an article or take one out, beside those it has.

Readers of a published article have its files at once. So there, four eyes: an engineer adds
pictures, which a text must name first; what readers copy or see already, a manager changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access
from accounts.access import StaffRole
from accounts.viewer import Viewer
from knowledge import article_files, publishing
from knowledge.models import Article, ArticleFile, FileKind


@transaction.atomic
def add_files(
    *,
    article: Article,
    kind: FileKind,
    files: Mapping[str, bytes],
    by: Viewer,
    now: dt.datetime,
) -> None:
    """Add these, in place of those of the same path. Published texts show them at once.

    Raises `ValidationError` as `article_files.set_files` does, for a path that is taken by
    a file of the other kind, and for what takes a second person.
    """
    access.require(by, "article.write")
    article = Article.objects.select_for_update().get(pk=article.pk)
    taken = article.files.exclude(kind=kind).filter(path__in=files).values_list("path", flat=True)
    if taken:
        raise ValidationError(
            _("“%(path)s” is there already, as the other kind of file.") % {"path": taken[0]}
        )
    present = _present(article, kind)
    if kind == FileKind.SAMPLE or present.keys() & files.keys():
        _need_a_manager(article, by)
    _set(article, kind, present | dict(files), by=by, now=now)


@transaction.atomic
def remove_file(*, file: ArticleFile, by: Viewer, now: dt.datetime) -> None:
    """Take a file out of its article. A text that names it shows its path instead.

    Raises `ValidationError` for what takes a second person.
    """
    access.require(by, "article.write")
    article = Article.objects.select_for_update().get(pk=file.article_id)
    _need_a_manager(article, by)
    kind = FileKind(file.kind)
    rest = {path: content for path, content in _present(article, kind).items() if path != file.path}
    _set(article, kind, rest, by=by, now=now)


def _need_a_manager(article: Article, by: Viewer) -> None:
    if article.is_published and by.staff_role == StaffRole.ENGINEER:
        raise ValidationError(
            _("Readers have the files of a published article at once: a manager has to do this.")
        )


def _present(article: Article, kind: FileKind) -> dict[str, bytes]:
    rows = article.files.filter(kind=kind).values_list("path", "content")
    return {path: bytes(content) for path, content in rows}


def _set(
    article: Article, kind: FileKind, files: Mapping[str, bytes], *, by: Viewer, now: dt.datetime
) -> None:
    if article_files.set_files(article=article, kind=kind, files=files, by=by, now=now):
        for translation in article.translations.filter(published_revision__isnull=False):
            publishing.rerender(translation=translation)
