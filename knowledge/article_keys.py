"""Keys of articles made from their titles."""

from __future__ import annotations

from typing import Final

from django.utils.text import slugify

from knowledge.models import Article

_LONGEST: Final = 70  # of 80, so that a number fits behind


def free_key(title: str, *, kind: str, product: str = "") -> str:
    """A key nobody has: from the title's Latin words, after the product's key. One query.

    A title without any, in Chinese say, gets the kind instead.
    """
    words = slugify(title)[:_LONGEST].strip("-_")
    if len(words) < 4:
        words = f"{kind.replace('_', '-')}-{words}".strip("-")
    start = f"{product}-{words}" if product and not words.startswith(f"{product}-") else words
    start = start[:_LONGEST].rstrip("-")
    taken = set(Article.objects.filter(key__startswith=start).values_list("key", flat=True))
    if start not in taken:
        return start
    number = 2
    while f"{start}-{number}" in taken:
        number += 1
    return f"{start}-{number}"
