"""Where a hit of the search is read, and error codes and releases wherever they are named."""

from __future__ import annotations

from urllib.parse import quote

from django.urls import reverse

from knowledge.addresses import DOCS, article_path
from knowledge.models import ErrorCode, Release
from knowledge.search import Hit
from portal.docs.reading_releases import anchor_of


def target(hit: Hit) -> str:
    """Its name in an address: "article:zh:token-expired", "error:12", "release:7"."""
    if hit.error_code is not None:
        return f"error:{hit.error_code.pk}"
    if hit.release is not None:
        return f"release:{hit.release.pk}"
    return f"article:{hit.language}:{hit.key}"


def address(hit: Hit, language: str) -> str:
    """The page, in the language of the reader where it has one."""
    if hit.error_code is not None:
        return of_error_code(hit.error_code, language)
    if hit.release is not None:
        return of_release(hit.release, language)
    return article_path(hit.key, hit.language)


def of_error_code(code: ErrorCode, language: str) -> str:
    """Its own page, by its name, or its number where it has none."""
    name = quote(code.name or str(code.number), safe="")
    return f"{DOCS}{language}/errors/{code.product.key}/{name}/"


def of_release(release: Release, language: str) -> str:
    """At its place in the list, of which a page shows only some."""
    return f"{DOCS}{language}/releases/{release.product.key}/?at={release.pk}#{anchor_of(release)}"


def opened(token: str, hit: Hit, language: str) -> str:
    """The address that puts down the click and leads on."""
    return reverse("docs:search_open", args=[language, token, target(hit)])
