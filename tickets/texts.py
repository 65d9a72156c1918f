"""Limits and cleaning of text people type in."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _

BODY_LIMIT: Final = 50_000
SUBJECT_LIMIT: Final = 200
VERSION_LIMIT: Final = 40
REASON_LIMIT: Final = 500


def clean_body(text: str, *, field: str = "body") -> str:
    """A message as typed, without trailing space; refuses empty, overlong and NUL bytes."""
    if "\x00" in text:
        raise ValidationError({field: _("The text contains a NUL byte, which cannot be kept.")})
    cleaned = text.replace("\r\n", "\n").strip()
    if not cleaned:
        raise ValidationError({field: _("Please write something.")})
    if len(cleaned) > BODY_LIMIT:
        raise ValidationError(
            {
                field: _("This is %(length)d characters long; at most %(limit)d fit. Attach it.")
                % {"length": len(cleaned), "limit": BODY_LIMIT}
            }
        )
    return cleaned


def clean_subject(text: str) -> str:
    """One line of at most 200 characters."""
    return clean_line(clean_body(text, field="subject"), field="subject", limit=SUBJECT_LIMIT)


def clean_line(text: str, *, field: str, limit: int) -> str:
    """One line, perhaps empty; refuses overlong and NUL bytes."""
    if "\x00" in text:
        raise ValidationError({field: _("The text contains a NUL byte, which cannot be kept.")})
    cleaned = " ".join(text.split())
    if len(cleaned) > limit:
        raise ValidationError(
            {
                field: _("This is %(length)d characters long; at most %(limit)d fit.")
                % {"length": len(cleaned), "limit": limit}
            }
        )
    return cleaned


def known(value: str, choices: type[TextChoices], *, field: str) -> str:
    """One of the choices, or nothing."""
    if value and value not in choices.values:
        raise ValidationError({field: _("“%(value)s” is unknown.") % {"value": value[:40]}})
    return value


def subject_from(text: str) -> str:
    """The first line of a message as its subject, cut at a word within 80 characters."""
    line = clean_body(text).splitlines()[0].strip()
    if len(line) <= 80:
        return line
    cut = line[:79]
    head, _space, _tail = cut.rpartition(" ")
    return (head if len(head) >= 40 else cut) + "…"
