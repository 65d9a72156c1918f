"""How pages of the knowledge base show days, kinds, versions and where things lead."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.templatetags.vigil import icon
from knowledge.addresses import article_path
from knowledge.models import Article, Change, ErrorCode
from portal.docs import hit_addresses
from portal.docs.kinds import ICONS, TONES
from portal.docs.reading_errors import name_in_address

register = template.Library()
register.filter("name_in_address", name_in_address)
register.filter("release_address", hit_addresses.of_release)


@register.simple_tag
def day(value: dt.date | None) -> SafeString:
    """A day with its year, in UTC where it is an instant: the same for every reader."""
    if not value:  # what a template does not find is an empty text
        return SafeString("")
    plain = value.astimezone(dt.UTC).date() if isinstance(value, dt.datetime) else value
    text = date_format(plain, pgettext("date format", "j M Y"))
    return format_html('<time datetime="{}">{}</time>', plain.isoformat(), text)


@register.simple_tag
def kind_icon(kind: str) -> SafeString:
    return icon(ICONS.get(kind, "file-text"))


@register.filter
def tone(change: Change) -> str:
    """The class of the badge of a kind of change."""
    return TONES[change.kind]


@register.simple_tag
def article_url(key: str, language: str) -> str:
    return article_path(key, language)


@register.filter
def version_words(article: Article) -> str:
    """The versions an article is about, in words; empty for all."""
    names = {"first": article.versions_from, "before": article.versions_before}
    if article.versions_from and article.versions_before:
        return _("%(first)s to before %(before)s") % names
    if article.versions_from:
        return _("%(first)s and later") % names
    return _("before %(before)s") % names if article.versions_before else ""


@register.filter
def platform_words(code: ErrorCode) -> str:
    return str(code.get_platform_display()) if code.platform else _("All platforms")
