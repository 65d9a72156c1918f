"""What people say about themselves: name, language, time zone.

No event is recorded: a profile belongs to no organization and to no organization's log.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people import clean_name
from accounts.time_zones import time_zones


def change(*, user: User, name: str, language: str, time_zone: str) -> None:
    """Save a person's own profile. Raises ValidationError by field."""
    name = clean_name(name, field="name")
    if time_zone not in time_zones():
        raise ValidationError({"time_zone": _("There is no such time zone.")})
    User.objects.filter(pk=user.pk).update(
        name=name, language=_known_language(language), time_zone=time_zone
    )


def prefer_language(*, user: User, language: str) -> None:
    """Save only the language, as the switch on every page does."""
    User.objects.filter(pk=user.pk).update(language=_known_language(language))


def _known_language(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": _("There is no such language.")})
    return language
