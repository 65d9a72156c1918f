"""Passkeys belong to a domain name: at a bare IP address no browser makes or uses one."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.http.request import split_domain_port


def work_at(request: HttpRequest) -> bool:
    """Whether this page was asked for by a name (W3C Web Authentication, "effective domain")."""
    domain, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
    try:
        ipaddress.ip_address(domain.strip("[]"))
    except ValueError:
        return True
    return False
