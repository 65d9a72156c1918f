"""Files of an article: images in its text, and sample code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.models.article import Article

if TYPE_CHECKING:
    from accounts.viewer import Viewer

LARGEST_FILE = 2 * 1024 * 1024  # bytes


class FileKind(models.TextChoices):
    IMAGE = "image", _("Image")
    SAMPLE = "sample", _("Sample code")


class ArticleFileQuerySet(models.QuerySet["ArticleFile"]):
    def visible_to(self, viewer: Viewer) -> ArticleFileQuerySet:
        if viewer.is_staff:
            return self
        return self.filter(article__in=Article.objects.visible_to(viewer))


class ArticleFile(models.Model):
    """One file, small, and kept in the database: the same wall and the same backup hold it.

    `path` is relative to the article ("src/Main.kt", "images/flow.png"). `digest` is the
    SHA-256 of the content, in hexadecimal.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="files")
    path = models.CharField(_("path"), max_length=200)
    kind = models.CharField(_("kind"), max_length=6, choices=FileKind.choices)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size"))
    digest = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ArticleFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["article", "position", "path"]
        constraints = [
            models.UniqueConstraint(fields=["article", "path"], name="one_file_per_path"),
        ]

    def __str__(self) -> str:
        return self.path
