"""Whether, and at which numbers, an organization may call us."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.hotline_pins import PHONE
from accounts.models import Organization
from portal.hotline.words import is_configured


@dataclass(frozen=True, slots=True)
class Number:
    """`number` as it is dialled, +861050001234; `language` in words, empty where one chooses."""

    number: str
    language: str


def numbers_for(organization: Organization | None) -> list[Number]:
    """Empty where no hotline is set up or the plan has none."""
    if organization is None or not is_configured():
        return []
    if PHONE not in organization.entitlements.channels:
        return []
    words = {"en": _("in English"), "zh-hans": _("in Chinese"), "": _("in either language")}
    return [
        Number(number, words[language]) for number, language in settings.HOTLINE_NUMBERS.items()
    ]
