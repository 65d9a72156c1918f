"""What people type about themselves and others, cleaned: names and e-mail addresses.

Raises ValidationError, at `field` if one is named.
"""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.invisible import hides

NAME_LIMIT: Final = 80
ADDRESS_LIMIT: Final = 254
PLAIN_LIMIT: Final = 40


def clean_name(text: str, *, field: str = "") -> str:
    """One line of at most 80 characters, none of which hides or reorders text."""
    cleaned = text.strip()
    if not cleaned:
        raise _refusal(field, _("Please give a name."))
    if len(cleaned) > NAME_LIMIT:
        raise _refusal(
            field,
            _("This is %(length)d characters long; at most %(limit)d fit.")
            % {"length": len(cleaned), "limit": NAME_LIMIT},
        )
    if hides(cleaned) or len(cleaned.splitlines()) > 1 or "\t" in cleaned:
        raise _refusal(field, _("A name may not contain invisible characters."))
    return cleaned


def clean_address(text: str, *, field: str = "") -> str:
    """An e-mail address in lower case, so that one address is one person."""
    cleaned = text.strip().lower()
    if hides(cleaned) or len(cleaned) > ADDRESS_LIMIT:
        raise _refusal(field, _("Enter a valid e-mail address."))
    try:
        validate_email(cleaned)
    except ValidationError:
        raise _refusal(field, _("Enter a valid e-mail address.")) from None
    return cleaned


def _refusal(field: str, sentence: str) -> ValidationError:
    return ValidationError({field: sentence} if field else sentence)


def plain_name(text: str) -> str:
    """A name as it may stand in a mail to a stranger: nothing in it can be an address or a link."""
    kept = "".join(c if c.isalnum() or c in " -'·" else " " for c in text)
    return " ".join(kept.split())[:PLAIN_LIMIT].strip()
