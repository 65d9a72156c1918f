"""Error codes: what they mean, why they come, what to do."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from knowledge.admin.article_field import NamesArticle
from knowledge.admin.platform import PlatformAdmin
from knowledge.models import ErrorCode


class ErrorCodeForm(NamesArticle):
    class Meta:
        model = ErrorCode
        fields = (
            *("product", "platform", "number", "name"),
            *("meaning_en", "meaning_zh", "cause_en", "cause_zh", "remedy_en", "remedy_zh"),
            "article",
        )
        widgets = {  # noqa: RUF012  as Django reads it
            name: UnfoldAdminTextareaWidget(attrs={"rows": 3})
            for name in ("cause_en", "cause_zh", "remedy_en", "remedy_zh")
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a platform the product is not made for."""
        data = super().clean() or {}
        product, platform = data.get("product"), data.get("platform")
        if product and platform and platform not in product.platforms:
            names = get_text_list(product.platforms, _("and"))
            sentence = _("%(product)s is made for %(platforms)s only.")
            self.add_error(
                "platform",
                ValidationError(sentence, params={"product": product, "platforms": names}),
            )
        return data


@admin.register(ErrorCode)
class ErrorCodeAdmin(PlatformAdmin):
    form = ErrorCodeForm
    list_display = ("__str__", "product", "for_platform", "meaning_here", "article")
    list_select_related = ("product", "article")
    list_filter = ("product", "platform")
    search_fields = ("name", "number", "meaning_en", "meaning_zh")
    fieldsets = (
        (None, {"fields": (("product", "platform"), ("number", "name"), "article")}),
        (None, {"fields": ("meaning_en", "meaning_zh")}),
        (None, {"fields": ("cause_en", "cause_zh")}),
        (None, {"fields": ("remedy_en", "remedy_zh")}),
    )

    @admin.display(description=gettext_lazy("Meaning"))
    def meaning_here(self, code: ErrorCode) -> str:
        """In the language of the page."""
        return code.meaning
