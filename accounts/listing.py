"""Several words or names as one text, in the punctuation of the reader's language."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(items: Iterable[object]) -> str:
    """ "Li Wei, Ana Souza"; in Chinese with the enumeration comma."""
    return pgettext("between the items of a list", ", ").join(str(item) for item in items)
