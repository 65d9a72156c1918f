"""Releases with what changed in each, line by line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from accounts import access
from accounts.listing import listed
from accounts.requests import TenantRequest
from knowledge import announcing, versions
from knowledge.admin.article_field import NamesArticle
from knowledge.admin.platform import PlatformAdmin
from knowledge.models import Change, ChangeKind, Platform, Release
from knowledge.releasing import places_of_fix


class ReleaseForm(forms.ModelForm):
    class Meta:
        model = Release
        fields = (
            *("product", "platform", "version", "released_on", "end_of_support"),
            *("note_en", "note_zh"),
        )
        widgets = {  # noqa: RUF012  as Django reads it
            "note_en": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
            "note_zh": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
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


class ChangeForm(NamesArticle):
    """`fixed_in` is written as a version: the release of this product that ends a known issue."""

    platforms = forms.CharField(
        label=gettext_lazy("Platforms"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Such as android, ios. Empty: all that the release is for."),
        widget=UnfoldAdminTextInputWidget,
    )
    fixed_in = forms.CharField(
        label=capfirst(gettext_lazy("fixed in")),
        required=False,
        max_length=versions.LONGEST,
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Change
        fields = ("position", "kind", "platforms", "text_en", "text_zh", "article", "fixed_in")
        widgets = {  # noqa: RUF012  as Django reads it
            "text_en": UnfoldAdminTextareaWidget(attrs={"rows": 2}),
            "text_zh": UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.fixed_in_id:
            self.initial["fixed_in"] = self.instance.fixed_in.version
        self.initial["platforms"] = ", ".join(self.instance.platforms)

    def clean_platforms(self) -> list[str]:
        """Their keys, however they are written; which the release is for is the model's to say."""
        named = [one.strip() for one in self.cleaned_data["platforms"].split(",") if one.strip()]
        keys = {one: one.lower().replace(" ", "-") for one in named}
        unknown = [one for one, key in keys.items() if key not in Platform.values]
        if unknown:
            raise ValidationError(
                _("We know no platform called %(names)s."), params={"names": listed(unknown)}
            )
        return list(keys.values())

    def clean_fixed_in(self) -> Release | None:
        """The release of that version, for the line's platform or for all."""
        text = self.cleaned_data["fixed_in"].strip()
        if not text:
            return None
        try:
            version = versions.parse(text)
        except ValueError:
            raise ValidationError(_("Write it like 5.2.1 or 5.3.0-rc.1.")) from None
        release = self.instance.release
        found = Release.objects.filter(
            product=release.product_id,
            platform__in=places_of_fix(release.platform, self.cleaned_data.get("platforms", ())),
            version=str(version),
        ).order_by("-platform")
        if not found:
            raise ValidationError(
                _("There is no release %(version)s of this product on this platform."),
                params={"version": version},
            )
        if release.sort_key and version.sort_key <= release.sort_key:
            raise ValidationError(_("It cannot be fixed in a version before its own."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        """Only what is a known issue can be fixed later."""
        data = super().clean() or {}
        kind = data.get("kind")
        if data.get("fixed_in") and kind and kind != ChangeKind.KNOWN_ISSUE:
            self.add_error("fixed_in", _("Only a known issue is fixed in a later version."))
        return data


class ChangeInline(StackedInline):
    """One below the other: two languages of a sentence do not fit the columns of a table."""

    model = Change
    form = ChangeForm
    fk_name = "release"
    extra = 0
    fields = (("position", "kind"), "text_en", "text_zh", "platforms", "article", "fixed_in")

    def get_queryset(self, request: TenantRequest) -> Any:
        return super().get_queryset(request).select_related("article", "fixed_in", "release")


@admin.register(Release)
class ReleaseAdmin(PlatformAdmin):
    form = ReleaseForm
    list_display = ("product", "version", "for_platform", "released_on", "end_of_support")
    list_display_links = ("product", "version")
    list_select_related = ("product",)
    list_filter = ("product", "platform")
    search_fields = ("version", "note_en", "note_zh")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("product", "platform"),
                    "version",
                    ("released_on", "end_of_support"),
                    "note_en",
                    "note_zh",
                )
            },
        ),
    )
    inlines = (ChangeInline,)
    actions = ("tell_customers",)

    def has_delete_permission(self, request: TenantRequest, obj: Any = None) -> bool:
        """What was out was out: checklists, mails and known issues name it."""
        return False

    @admin.action(description=gettext_lazy("Tell the customers whom it concerns, by mail"))
    def tell_customers(self, request: TenantRequest, queryset: Any) -> None:
        """Once for each release, whoever asks again."""
        access.require(request.viewer, "release.announce")
        for release in queryset:
            try:
                announcing.announce(release=release, by=request.viewer, now=request.now)
            except ValidationError as error:
                messages.error(request, f"{release}: {' '.join(error.messages)}")
            else:
                messages.success(
                    request, _("%(release)s: those who run less are told.") % {"release": release}
                )
