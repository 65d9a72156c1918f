"""An article named by its key: a list of thousands to choose from helps nobody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from knowledge.models import Article


class ArticleKeyField(forms.CharField):
    """Cleans to the article; what is typed may also be the address of its page."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=300,
            help_text=_("Its key, as in the list of articles, or the address of its page."),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip().rstrip("/")
        if not text:
            return None
        key = text.rpartition("/")[2]
        article = Article.objects.filter(key=key).first()
        if article is None:
            raise ValidationError(_now("No article is called %(key)s."), params={"key": key[:80]})
        return article


class NamesArticle(forms.ModelForm):
    """A form of a row with an `article`."""

    article = ArticleKeyField(label=_("Article"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.article_id:
            self.initial["article"] = self.instance.article.key
