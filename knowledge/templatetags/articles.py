"""Addresses of articles in templates: `{% load articles %}`."""

from django import template

from knowledge.addresses import article_path

register = template.Library()


@register.simple_tag
def article_url(key: str, language: str) -> str:
    """The page of an article in that language."""
    return article_path(key, language)
