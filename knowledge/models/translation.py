"""An article in one language, and every version of its text there was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge.languages import Language
from knowledge.models.article import Article

if TYPE_CHECKING:
    from accounts.viewer import Viewer

# Characters. Twice the longest page we know; the worst that can be written takes 3 s to render.
LONGEST_BODY = 200_000


class TextState(models.TextChoices):
    """Where the newest revision stands."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class TranslationQuerySet(models.QuerySet["Translation"]):
    def visible_to(self, viewer: Viewer) -> TranslationQuerySet:
        """Published texts of articles the reader may read; staff see all."""
        if viewer.is_staff:
            return self
        return self.filter(
            published_revision__isnull=False, article__in=Article.objects.visible_to(viewer)
        )

    def published(self) -> TranslationQuerySet:
        return self.filter(published_revision__isnull=False)


class Translation(models.Model):
    """The text as it is published, beside where the newest revision stands.

    Readers see it while `published_revision` is set; a newer revision may be in the making.
    Until something is published, `title` and `summary` are the newest revision's and `body`
    is empty. `html` and `contents` (level, anchor and text of each heading) are rendered once,
    at publishing, by the renderer of that `rendered_by`. `aligned_with` is the revision of the
    other language this text says the same as.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    state = models.CharField(
        _("state"), max_length=9, choices=TextState.choices, default=TextState.DRAFT
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=400, blank=True, default="")
    body = models.TextField(_("text"), blank=True, default="")
    html = models.TextField(blank=True, default="")
    contents = models.JSONField(default=list, blank=True)
    rendered_by = models.PositiveSmallIntegerField(default=0)
    latest_revision = models.PositiveIntegerField(default=0)
    published_revision = models.PositiveIntegerField(null=True, blank=True)
    aligned_with = models.PositiveIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    updated_at = models.DateTimeField(_("last change"))

    objects = TranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("article text")
        verbose_name_plural = _("article texts")
        ordering = ["article", "language"]
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="one_text_per_language"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.published_revision is not None

    @property
    def is_behind(self) -> bool:
        """Whether the other language says more: it has a newer text, and this none of its own."""
        other = next(
            (row for row in self.article.translations.all() if row.language != self.language), None
        )
        return (
            other is not None
            and other.latest_revision > (self.aligned_with or 0)
            and (other.aligned_with or 0) >= self.latest_revision
        )


class Revision(models.Model):
    """A text as it was saved once; never changed."""

    translation = models.ForeignKey(Translation, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=400, blank=True, default="")
    body = models.TextField(_("text"), max_length=LONGEST_BODY)
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(_("author"), max_length=80, blank=True)
    note = models.CharField(_("what changed"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["translation", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "number"], name="one_revision_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
