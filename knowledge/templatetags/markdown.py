"""`{{ text|markdown }}`: what people wrote, rendered harmless."""

from django import template
from django.utils.safestring import SafeString

from knowledge.markdown import render

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """HTML of a text written in Markdown."""
    return render(text)
