"""Where a page may send people on to: paths of this site and nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme


def is_own_path(url: str) -> bool:
    """Whether `url` is a path of this site: no scheme, no host, no `//evil` or `/\\evil`."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def own_path(url: str | None, default: str = "/") -> str:
    """`url` if it is a path of this site, else `default`."""
    return url if url and is_own_path(url) else default


def path_of_page(url: str | None, host: str) -> str:
    """The path and query of an address on `host` (as in a Referer), else an empty text."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.netloc != host:
        return ""
    return own_path(parts.path + (f"?{parts.query}" if parts.query else ""), "")
