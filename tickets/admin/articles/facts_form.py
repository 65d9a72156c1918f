"""What both languages of an article share, as a form."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.listing import listed
from accounts.models import Organization, User
from accounts.plans import PLANS
from knowledge.languages import Language
from knowledge.models import Article, ArticleKind, Audience, Category, Platform, Product
from tickets.admin.articles.text_form import TextForm

_SEPARATORS = re.compile(r"[\s,;，；、]+")


class CustomersField(forms.CharField):
    """Keys of customers, such as STAR, BRIT; cleans to the rows."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        keys = {key.upper() for key in _SEPARATORS.split(str(super().clean(value))) if key}
        found = list(Organization.objects.filter(key__in=keys).order_by("key")) if keys else []
        unknown = sorted(keys - {one.key for one in found})
        if unknown:
            raise ValidationError(
                _now("No customer is called %(keys)s."),
                params={"keys": listed([key[:10] for key in unknown[:5]])},
            )
        return found


class CategoriesField(forms.ModelMultipleChoiceField):
    """Each after the one it is part of, and named with it."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, category: Any) -> str:
        above = category.parent
        return f"{above.name} › {category.name}" if above else str(category.name)


class FactsForm(forms.Form):
    """All but the words. Fields are `writing.change_article`'s."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ArticleKind.choices)
    product = forms.ModelChoiceField(
        Product.objects.all(),
        label=_("Product"),
        required=False,
        empty_label=_("all products"),
        to_field_name="key",
    )
    platforms = forms.MultipleChoiceField(
        label=_("Platforms"),
        choices=Platform.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )
    versions_from = forms.CharField(
        label=_("From version"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "4.0.0", "autocomplete": "off"}),
    )
    versions_before = forms.CharField(
        label=_("Before version"),
        required=False,
        max_length=40,
        help_text=_("The first version it is no longer true of."),
        widget=forms.TextInput(attrs={"placeholder": "6.0.0", "autocomplete": "off"}),
    )
    audience = forms.ChoiceField(
        label=_("Readers"), choices=Audience.choices, widget=forms.RadioSelect
    )
    plans = forms.MultipleChoiceField(
        label=_("Plans"),
        choices=[(plan.key, plan.name) for plan in PLANS.values()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For customers with certain plans."),
    )
    organizations = CustomersField(
        label=_("Customers"),
        required=False,
        max_length=500,
        help_text=_("For certain customers: their keys, such as STAR, BRIT."),
    )
    categories = CategoriesField(Category.objects.none(), label=_("Categories"), required=False)
    owner = forms.ModelChoiceField(
        User.names.none(), label=_("Owner"), required=False, empty_label=_("Nobody")
    )
    review_on = forms.DateField(
        label=_("To be reviewed"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    tested_with = forms.CharField(
        label=_("Tested with version"),
        required=False,
        max_length=40,
        help_text=_("Of sample code."),
        widget=forms.TextInput(attrs={"placeholder": "5.3.1", "autocomplete": "off"}),
    )
    checked_on = forms.DateField(
        label=_("Last checked"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_from("categories", Category.objects.in_tree())
        self.choose_from("owner", User.names.filter(is_staff=True, is_active=True).order_by("name"))

    def choose_from(self, name: str, rows: Any) -> None:
        field = self.fields.get(name)
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows

    def clean_owner(self) -> User | None:
        owner: User | None = self.cleaned_data["owner"]
        return owner

    def wanted(self) -> dict[str, Any]:
        clean = dict(self.cleaned_data)
        return {name: clean[name] for name in FactsForm.base_fields if name in clean}

    def take(self, error: ValidationError) -> None:
        put_beside(self, error)


def put_beside(form: forms.Form, error: ValidationError) -> None:
    """Put what the model refuses beside the field it is about."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.message_dict.items():
        form.add_error(name if name in form.fields else None, problems)


def facts_of(article: Article) -> dict[str, Any]:
    """What a form begins with; two queries."""
    initial = {
        name: getattr(article, name)
        for name in FactsForm.base_fields
        if name not in ("product", "organizations", "categories", "owner")
    }
    return initial | {
        "product": article.product.key if article.product else None,
        "owner": article.owner_id,
        "categories": list(article.categories.values_list("pk", flat=True)),
        "organizations": list(
            article.readers.order_by("organization__key").values_list(
                "organization__key", flat=True
            )
        ),
    }


class NewArticleForm(TextForm):
    """A new article: its first text, and what has to be known of it from the beginning."""

    language = forms.ChoiceField(label=_("Written in"), choices=Language.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=ArticleKind.choices)
    product = forms.ModelChoiceField(
        Product.objects.all(),
        label=_("Product"),
        required=False,
        empty_label=_("all products"),
        to_field_name="key",
    )
    platform = forms.ChoiceField(
        label=_("Platform"),
        required=False,
        choices=[("", _("all platforms")), *Platform.choices],
    )
    versions_from = forms.CharField(
        label=_("From version"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    key = forms.SlugField(
        label=_("Key"),
        required=False,
        max_length=80,
        help_text=_("Part of its address, never changed again. Left empty: made from the title."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def take(self, error: ValidationError) -> None:
        put_beside(self, error)
