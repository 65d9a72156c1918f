"""What an engineer is qualified for: rows on the page of the person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.admin.recorded import LabelledInline
from accounts.admin.user import UserAdmin
from accounts.requests import TenantRequest
from knowledge.models import Platform
from tickets.models import Skill


class SkillForm(forms.ModelForm):
    platforms = forms.MultipleChoiceField(
        choices=Platform.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=Skill._meta.get_field("platforms").help_text,
    )

    class Meta:
        model = Skill
        fields = ("product", "platforms")

    def clean(self) -> dict[str, Any]:
        """Refuse platforms the product is not made for: nobody could ever ask for them."""
        data = super().clean() or {}
        product, platforms = data.get("product"), data.get("platforms") or []
        foreign = [key for key in platforms if product and key not in product.platforms]
        if foreign:
            names = get_text_list([str(Platform(key).label) for key in foreign], _("and"))
            self.add_error(
                "platforms",
                ValidationError(
                    _("%(product)s is not made for %(platforms)s."),
                    params={"product": product, "platforms": names},
                ),
            )
        return data


class SkillInline(LabelledInline):
    model = Skill
    form = SkillForm
    fields = ("product", "platforms")

    def get_queryset(self, request: TenantRequest) -> Any:
        return super().get_queryset(request).select_related("product")


UserAdmin.inlines = (*UserAdmin.inlines, SkillInline)
