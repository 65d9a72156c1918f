"""A refusal of the pure arithmetic in the reader's language."""

from __future__ import annotations

from django.utils import translation

from tickets.refusal import Refusal


def told(refusal: Refusal) -> str:
    """Its sentence, translated and with its values, for a form to show as it is."""
    return translation.gettext(refusal.sentence) % refusal.values
