"""The form of a text: what was typed. Whether it can be kept is `knowledge.writing`'s affair."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from knowledge.models import Revision

LONGEST_NOTE = Revision._meta.get_field("note").max_length


class TextForm(forms.Form):
    """One language of an article. `written_on` is the revision the writer began from."""

    title = forms.CharField(
        label=_("Title"),
        required=False,
        widget=forms.TextInput(attrs={"maxlength": 200, "autocomplete": "off"}),
    )
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
        help_text=_("One sentence: it stands in search results."),
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 24, "class": "article-source", "spellcheck": "true", "data-source": True}
        ),
    )
    note = forms.CharField(
        label=_("What changed"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For colleagues, in the history."),
    )
    is_aligned = forms.BooleanField(
        label=_("Says the same as the newest text in the other language"), required=False
    )
    written_on = forms.IntegerField(
        required=False, min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, has_other: bool = False, language: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not has_other:
            del self.fields["is_aligned"]
        for name in ("title", "summary", "body"):
            self.fields[name].widget.attrs["lang"] = language

    def clean_body(self) -> str:
        """Line ends as they are kept everywhere."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")

    def wanted(self) -> dict[str, Any]:
        """As `writing.save_revision` takes it."""
        clean = self.cleaned_data
        return {
            "title": clean["title"],
            "summary": clean["summary"],
            "body": clean["body"],
            "note": clean["note"],
            "is_aligned": clean.get("is_aligned", False),
            "written_on": clean["written_on"] or 0,  # of nothing, if the form does not say
        }
