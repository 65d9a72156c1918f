"""What the company sells and supports."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Product(models.Model):
    """An SDK. Belongs to no organization: everyone may read it."""

    key = models.SlugField(_("key"), max_length=20, unique=True)
    name_en = models.CharField(_("English name"), max_length=60)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    platforms = ArrayField(models.CharField(max_length=20), verbose_name=_("platforms"))

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the language of the page."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en
