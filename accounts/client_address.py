"""Which machine asks, for rate limits and the list of sessions."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's IP address; empty when it is not known.

    Of X-Forwarded-For only what our own proxies wrote is believed: the entry
    TRUSTED_PROXIES from the right. Without proxies, or with too few entries, it is the
    machine at the other end of the connection.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    hops = settings.TRUSTED_PROXIES
    forwarded = request.headers.get("X-Forwarded-For", "").split(",") if hops else []
    for candidate in ([forwarded[-hops]] if len(forwarded) >= hops > 0 else []) + [direct]:
        try:
            return str(ipaddress.ip_address(candidate.strip()))
        except ValueError:
            continue
    return ""
