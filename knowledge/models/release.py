"""Releases of a product and what changed in each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.listing import listed
from knowledge import versions
from knowledge.languages import in_language_of_page
from knowledge.models.platform import Platform

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, viewer: Viewer, *, on: dt.date) -> ReleaseQuerySet:
        """What is out on that day (UTC); staff see what is being prepared, too."""
        return self if viewer.is_staff else self.filter(released_on__lte=on)


class Release(models.Model):
    """One version of a product, on one platform or (`platform` empty) on all of them.

    `sort_key` orders as semantic versions do; it is made from `version`, never typed in.
    """

    product = models.ForeignKey(
        "knowledge.Product", models.PROTECT, related_name="releases", verbose_name=_("product")
    )
    platform = models.CharField(
        _("platform"), max_length=12, choices=Platform.choices, blank=True, default=""
    )
    version = models.CharField(_("version"), max_length=versions.LONGEST)
    sort_key = ArrayField(models.IntegerField(), editable=False)
    released_on = models.DateField(_("released"))
    end_of_support = models.DateField(_("end of support"), null=True, blank=True)
    note_en = models.TextField(_("in a few words, English"), max_length=1000, blank=True)
    note_zh = models.TextField(_("in a few words, Chinese"), max_length=1000, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["product", "-sort_key", "platform"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "platform", "version"], name="one_release_per_version"
            ),
            models.CheckConstraint(
                condition=models.Q(end_of_support__isnull=True)
                | models.Q(end_of_support__gte=models.F("released_on")),
                name="release_is_supported_from_its_day",
                violation_error_message=_("Support cannot end before the release."),
            ),
        ]
        indexes = [models.Index(fields=["product", "sort_key"], name="release_order")]

    def __str__(self) -> str:
        platform = f" {self.get_platform_display()}" if self.platform else ""
        return f"{self.product}{platform} {self.version}"

    def clean(self) -> None:
        """Write the version in its full form; refuse what is none."""
        super().clean()
        try:
            version = versions.parse(self.version)
        except ValueError:
            raise ValidationError({"version": _now("Write it like 5.2.1 or 5.3.0-rc.1.")}) from None
        self.version, self.sort_key = str(version), version.sort_key

    @property
    def note(self) -> str:
        return in_language_of_page(self, "note")


class ChangeKind(models.TextChoices):
    """In the order in which a reader who upgrades needs them."""

    BREAKING = "breaking", _("Breaking change")
    SECURITY = "security", _("Security")
    DEPRECATION = "deprecation", _("Deprecation")
    KNOWN_ISSUE = "known_issue", _("Known issue")
    FEATURE = "feature", pgettext_lazy("kind of change", "New")
    FIX = "fix", _("Fix")


class Change(models.Model):
    """One line of a release's notes. `fixed_in` ends a known issue.

    `platforms` empty: all that the release is for.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="changes")
    kind = models.CharField(_("kind"), max_length=11, choices=ChangeKind.choices)
    platforms = ArrayField(
        models.CharField(max_length=12, choices=Platform.choices),
        verbose_name=_("platforms"),
        blank=True,
        default=list,
    )
    text_en = models.TextField(_("English"), max_length=2000, blank=True)
    text_zh = models.TextField(_("Chinese"), max_length=2000, blank=True)
    article = models.ForeignKey(
        "knowledge.Article",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("guide or known issue"),
    )
    fixed_in = models.ForeignKey(
        Release,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="fixes",
        verbose_name=_("fixed in"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["release", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text_en="", text_zh=""),
                name="change_says_something",
                violation_error_message=_("Write what changed in at least one language."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Put the platforms in their usual order; refuse those the release is not for."""
        super().clean()
        release = self.release
        offered = [release.platform] if release.platform else None
        if offered is None and release.product_id:
            offered = release.product.platforms
        if offered is not None and (other := set(self.platforms) - set(offered)):
            sentence = _now("The release is not for %(platforms)s.")
            names = ", ".join(sorted(map(str, other)))
            raise ValidationError({"platforms": sentence % {"platforms": names}})
        self.platforms = [key for key in Platform.values if key in self.platforms]

    def concerns(self, platform: str) -> bool:
        """Whether it is of that platform, as far as its release is (empty: of any)."""
        return not platform or not self.platforms or platform in self.platforms

    @property
    def platform_words(self) -> str:
        """ "Android, iOS", or nothing where it is of all the release is for."""
        return listed(Platform(key).label for key in self.platforms)

    @property
    def text(self) -> str:
        return in_language_of_page(self, "text")
