"""Limits and cleaning of text people type in."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

BODY_LIMIT: Final = 50_000
SUBJECT_LIMIT: Final = 200


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
    cleaned = " ".join(clean_body(text, field="subject").split())
    if len(cleaned) > SUBJECT_LIMIT:
        raise ValidationError(
            {
                "subject": _("This is %(length)d characters long; at most %(limit)d fit.")
                % {"length": len(cleaned), "limit": SUBJECT_LIMIT}
            }
        )
    return cleaned


def subject_from(text: str) -> str:
    """The first line of a message as its subject, cut at a word within 80 characters."""
    line = clean_body(text).splitlines()[0].strip()
    if len(line) <= 80:
        return line
    cut = line[:79]
    head, _space, _tail = cut.rpartition(" ")
    return (head if len(head) >= 40 else cut) + "…"
