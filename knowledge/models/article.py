"""Articles: what both languages of a page share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.plans import PLANS
from knowledge import versions
from knowledge.models.platform import Platform

if TYPE_CHECKING:
    from accounts.viewer import Viewer


class ArticleKind(models.TextChoices):
    FAQ = "faq", _("FAQ")
    GUIDE = "guide", _("Guide")
    SAMPLE = "sample", _("Sample code")
    MIGRATION = "migration", _("Migration guide")
    RELEASE_NOTES = "release_notes", _("Release notes")
    TROUBLESHOOTING = "troubleshooting", _("Troubleshooting")
    KNOWN_ISSUE = "known_issue", _("Known issue")


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    CUSTOMERS = "customers", _("All customers")
    PLAN = "plan", _("Customers with certain plans")
    ORGANIZATIONS = "organizations", _("Certain customers")
    INTERNAL = "internal", _("Staff only")


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, viewer: Viewer) -> ArticleQuerySet:
        """What this reader may know of. Anonymous readers see what is for everyone."""
        if viewer.is_staff:
            return self
        audience = models.Q(audience=Audience.PUBLIC)
        organizations = viewer.organization_ids
        if organizations:
            from accounts.models import Organization

            plans = list(
                Organization.objects.filter(pk__in=organizations).values_list("plan", flat=True)
            )
            audience |= models.Q(audience=Audience.CUSTOMERS)
            audience |= models.Q(audience=Audience.PLAN, plans__overlap=plans)
            audience |= models.Q(
                audience=Audience.ORGANIZATIONS,
                pk__in=ArticleReader.objects.filter(organization_id__in=organizations).values(
                    "article_id"
                ),
            )
        return self.filter(audience, is_published=True)

    def for_customers(self) -> ArticleQuerySet:
        """What some customer, or everyone, may read."""
        return self.filter(is_published=True).exclude(audience=Audience.INTERNAL)

    def open_to_readers_of(self, article: Article) -> ArticleQuerySet:
        """What everyone who may read that article may read as well."""
        published = self.filter(is_published=True)
        if article.audience == Audience.INTERNAL:
            return published
        audience = models.Q(audience=Audience.PUBLIC)
        if article.audience != Audience.PUBLIC:
            audience |= models.Q(audience=Audience.CUSTOMERS)
        if article.audience == Audience.PLAN:
            audience |= models.Q(audience=Audience.PLAN, plans__contains=article.plans)
        if article.audience == Audience.ORGANIZATIONS:
            theirs = ArticleReader.objects.filter(article_id=models.OuterRef(models.OuterRef("pk")))
            left_out = ArticleReader.objects.filter(article_id=article.pk).exclude(
                organization_id__in=theirs.values("organization_id")
            )
            audience |= models.Q(~models.Exists(left_out), audience=Audience.ORGANIZATIONS)
        return published.filter(audience)


class Article(models.Model):
    """Kind, product, platforms, versions and readers; its words are its translations'.

    `platforms` and both ends of the version range empty: all of them. `is_published` says
    whether any translation is; the publishing verbs keep it, for the wall to look at.
    """

    key = models.SlugField(_("key"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=15, choices=ArticleKind.choices)
    product = models.ForeignKey(
        "knowledge.Product",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("product"),
    )
    platforms = ArrayField(
        models.CharField(max_length=12, choices=Platform.choices),
        verbose_name=_("platforms"),
        blank=True,
        default=list,
    )
    audience = models.CharField(
        _("readers"), max_length=13, choices=Audience.choices, default=Audience.PUBLIC
    )
    plans = ArrayField(
        models.CharField(max_length=12, choices=[(plan.key, plan.name) for plan in PLANS.values()]),
        verbose_name=_("plans"),
        blank=True,
        default=list,
    )
    organizations: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "accounts.Organization",
        through="knowledge.ArticleReader",
        verbose_name=_("customers"),
        blank=True,
        related_name="+",
    )
    versions_from = models.CharField(
        _("from version"), max_length=versions.LONGEST, blank=True, default=""
    )
    versions_before = models.CharField(
        _("before version"), max_length=versions.LONGEST, blank=True, default=""
    )
    categories = models.ManyToManyField(
        "knowledge.Category", blank=True, related_name="articles", verbose_name=_("categories")
    )
    owner = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
        limit_choices_to={"is_staff": True},
    )
    review_on = models.DateField(_("to be reviewed"), null=True, blank=True)
    tested_with = models.CharField(
        _("tested with version"), max_length=versions.LONGEST, blank=True, default=""
    )
    checked_on = models.DateField(_("last checked"), null=True, blank=True)
    is_published = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("created"))

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["key"]
        indexes = [models.Index(fields=["product", "kind"], name="article_product_kind")]

    def __str__(self) -> str:
        return self.key

    @property
    def version_range(self) -> versions.VersionRange:
        return versions.VersionRange(
            versions.parse(self.versions_from) if self.versions_from else None,
            versions.parse(self.versions_before) if self.versions_before else None,
        )

    @property
    def is_on_no_path(self) -> bool:
        """Whether it is a migration guide that upgrade paths cannot place (`upgrades`)."""
        is_placed = self.product_id and self.versions_from and self.versions_before
        return self.kind == ArticleKind.MIGRATION and not is_placed

    def clean(self) -> None:
        """Versions in their full form and in order; plans where the readers are told by plan."""
        super().clean()
        wrong = {}
        for field in ("versions_from", "versions_before", "tested_with"):
            try:
                if text := getattr(self, field):
                    setattr(self, field, str(versions.parse(text)))
            except ValueError:
                wrong[field] = _now("Write it like 5.2.1 or 5.3.0-rc.1.")
        if not wrong and self.versions_from and self.versions_before:
            span = self.version_range
            if span.first and span.before and not span.first < span.before:
                wrong["versions_before"] = _now("The range ends before it begins.")
        if self.audience == Audience.PLAN and not self.plans:
            wrong["plans"] = _now("Say which plans may read it.")
        if wrong:
            raise ValidationError(wrong)


class ArticleReader(models.Model):
    """A customer who may read an article that is for certain customers."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="readers")
    organization = models.ForeignKey("accounts.Organization", models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "organization"], name="one_row_a_reader_of_an_article"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.organization_id}"
