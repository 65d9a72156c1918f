"""What can be asked of the search, and how little of it has to be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge import versions
from knowledge.models import ArticleKind, Platform, Product

KINDS: Final = (
    *ArticleKind.choices,
    ("error_code", _("Error code")),
    ("release", _("Release")),
)


class SearchForm(forms.Form):
    """A filter that cannot be is none: an old link still finds something."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "maxlength": 200, "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *KINDS])
    product = forms.ModelChoiceField(
        Product.objects.none(),
        to_field_name="key",
        label=_("Product"),
        required=False,
        empty_label=_("All"),
    )
    platform = forms.ChoiceField(
        label=_("Platform"), required=False, choices=[("", _("All")), *Platform.choices]
    )
    version = forms.CharField(
        label=_("Version"),
        required=False,
        max_length=versions.LONGEST,
        widget=forms.TextInput({"placeholder": "5.3.0", "autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        field = self.fields["product"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  for the type checker
        field.queryset = Product.objects.all()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is left of the form once what cannot be is dropped."""

    text: str
    kind: str = ""
    product: Product | None = None
    platform: str = ""
    version: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.kind or self.product or self.platform or self.version)

    @property
    def query(self) -> str:
        """The filters and the text for an address."""
        values = {
            "q": self.text[:200],
            "kind": self.kind,
            "product": self.product.key if self.product else "",
            "platform": self.platform,
            "version": self.version,
        }
        return urlencode({name: value for name, value in values.items() if value})


def asked(form: SearchForm, text: str) -> Asked:
    """Reads the form's fields one by one: each holds or is left out. `text` is as it was typed."""
    form.is_valid()
    given = form.cleaned_data
    version = given.get("version") or ""
    try:
        version = str(versions.parse(version)) if version else ""
    except ValueError:
        version = ""
    return Asked(
        text=" ".join(text.replace("\0", " ").split()),
        kind=given.get("kind") or "",
        product=given.get("product"),
        platform=given.get("platform") or "",
        version=version,
    )
