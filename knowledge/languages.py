"""The two languages articles are written in, and which of them a reader's page is in."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    EN = "en", _("English")
    ZH = "zh", _("Chinese")

    @property
    def other(self) -> Language:
        return Language.ZH if self is Language.EN else Language.EN

    @property
    def locale(self) -> str:
        """Django's name of it."""
        return "zh-hans" if self is Language.ZH else "en"


def of_page() -> Language:
    """The language of the page being made."""
    return Language.ZH if (get_language() or "").startswith("zh") else Language.EN


def in_language_of_page(row: object, field: str) -> str:
    """`row.<field>_zh` or `row.<field>_en`; the other one where it is empty."""
    language = of_page()
    return str(
        getattr(row, f"{field}_{language}", "") or getattr(row, f"{field}_{language.other}", "")
    )
