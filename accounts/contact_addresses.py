"""Addresses people are rung at: an e-mail address, or an Apprise URL of a service on the web."""

from __future__ import annotations

import sys
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts import outward
from accounts.invisible import hides
from accounts.models import ContactMethod
from accounts.people import clean_address

LIMIT: Final = 400
READS_FILES: Final = ("keyfile", "subfile")  # parameters that name a file of this machine
NEEDS_FILES: Final = ("NotifyVapid",)


def clean(text: str, *, kind: str) -> str:
    """The address as it is stored; raises ValidationError with a sentence."""
    if kind == ContactMethod.Kind.EMAIL:
        return clean_address(text)
    cleaned = text.strip()
    if hides(cleaned) or len(cleaned) > LIMIT or not _is_on_the_web(cleaned):
        raise ValidationError(_("This is not an address Apprise can ring."))
    if _leads_inside(cleaned):
        raise ValidationError(_("This address leads into our own network."))
    return cleaned


def channel_of(address: str, *, kind: str) -> str:
    """How that address is rung, when it stands in for a method of that kind."""
    if "://" not in address:
        return str(ContactMethod.Kind.EMAIL)
    return kind if kind != ContactMethod.Kind.EMAIL else str(ContactMethod.Kind.PUSH)


def shown(address: str) -> str:
    """The address without what is secret in it: tokens and passwords are shown as dots."""
    if "://" not in address:
        return address
    from apprise import Apprise

    service: Any = Apprise.instantiate(address)
    return str(service.url(privacy=True)).partition("?")[0] if service is not None else "…"


def service_at(address: str) -> Any:
    """Apprise's service for a URL; None if it knows none, or one that is not on the web.

    Some of its services do something on this machine, read its files or speak other protocols
    than HTTP; what leaves by those could not be kept from leading inside.
    """
    from apprise import Apprise  # here, because its import costs a third of a second

    service = Apprise.instantiate(address)
    if service is None or type(service).__name__ in NEEDS_FILES:
        return None
    modules = [sys.modules[base.__module__] for base in type(service).__mro__]
    if not any(hasattr(module, "requests") for module in modules):
        return None
    query = dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))
    return None if any(name.lower() in READS_FILES for name in query) else service


def _is_on_the_web(address: str) -> bool:
    return service_at(address) is not None


def _leads_inside(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return True
    found = outward.literal(host)
    if found is not None and outward.is_outside(found, allowed=settings.PAGES_INSIDE):
        return False
    return outward.names_inside(host)
