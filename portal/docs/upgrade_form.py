"""Where from, where to: the form of the upgrade path, filled in as far as we know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.viewer import Viewer
from knowledge import versions
from knowledge.models import Product, Release
from knowledge.upgrade_reading import known_versions, released_platforms
from knowledge.versions import Version
from tickets.versions_in_use import InUse


class VersionField(forms.CharField):
    """A version in any form people write it in; cleaned to a `Version`, or None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=versions.LONGEST, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return versions.parse(text)
        except ValueError:
            raise forms.ValidationError(_now("Write it like 5.2.1 or 5.3.0-rc.1.")) from None


class UpgradeForm(forms.Form):
    """`product`, `platform`, `from` and `to`; `to` left empty means the newest release."""

    product = forms.ModelChoiceField(
        Product.objects.none(),
        to_field_name="key",
        label=_("Product"),
        empty_label=None,
        error_messages={"invalid_choice": _("There is no such product.")},
    )
    platform = forms.ChoiceField(
        label=_("Platform"),
        required=False,
        error_messages={"invalid_choice": _("The product does not run there.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, product: Product | None) -> None:
        """Of that product: its platforms are the choices."""
        super().__init__(data)
        chooser, platforms = self.fields["product"], self.fields["platform"]
        assert isinstance(chooser, forms.ModelChoiceField)  # noqa: S101  for the type checker
        assert isinstance(platforms, forms.ChoiceField)  # noqa: S101
        chooser.queryset = Product.objects.all()
        offered = released_platforms(product) if product else []
        platforms.choices = [("", _("Any")), *((one.value, one.label) for one in offered)]
        # `from` is a word of the language, so these two cannot be attributes.
        self.fields["from"] = VersionField(
            label=_("From version"),
            widget=_version_input(),
            error_messages={"required": _("Say which version you run.")},
        )
        self.fields["to"] = VersionField(
            label=_("To version"),
            required=False,
            widget=_version_input(placeholder=_("newest")),
        )

    @property
    def first(self) -> Version | None:
        found: Version | None = self.cleaned_data.get("from")
        return found

    @property
    def last(self) -> Version | None:
        found: Version | None = self.cleaned_data.get("to")
        return found


def _version_input(**attributes: Any) -> forms.TextInput:
    known = {"list": "known-versions", "autocomplete": "off", "spellcheck": "false"}
    return forms.TextInput(known | {"inputmode": "text", "class": "tabular"} | attributes)


def chosen_product(
    key: str, products: Sequence[Product], in_use: Sequence[InUse]
) -> Product | None:
    """The product named; else the one the organization runs; else the first there is."""
    named = next((one for one in products if one.key == key), None)
    if named is not None or key:
        return named
    return in_use[0].product if in_use else next(iter(products), None)


def start(product: Product | None, in_use: Sequence[InUse]) -> dict[str, str]:
    """What the form begins with: the version in use, to the newest."""
    mine = next((one for one in in_use if product and one.product.pk == product.pk), None)
    return {
        "product": product.key if product else "",
        "platform": mine.platform if mine else "",
        "from": str(mine.version) if mine else "",
        "to": "",
    }


def newest(releases: Sequence[Release]) -> Version | None:
    """The newest of these (newest first) that is no pre-release, or the newest of all."""
    known = [versions.parse(release.version) for release in releases]
    return next((one for one in known if not one.pre), known[0] if known else None)


def offered_versions(
    product: Product | None, platform: str, *, viewer: Viewer, on: dt.date
) -> list[Release]:
    """What can be chosen from; without a product, nothing."""
    return known_versions(product, platform, viewer=viewer, on=on) if product else []
