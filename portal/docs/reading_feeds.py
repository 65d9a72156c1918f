"""A product's releases as an Atom feed."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.translation import gettext as _

from knowledge.addresses import DOCS
from knowledge.models import Product, Release
from portal.docs import hit_addresses
from portal.docs.opening import DocsRequest, docs_page, hreflang
from portal.docs.reading_releases import ORDER, card, with_changes

NEWEST: Final = 30
BEGINNING: Final = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


class ReleaseFeed(Atom1Feed):
    """One without releases was last changed before the first: the same each time it is asked."""

    def latest_post_date(self) -> dt.datetime:
        return super().latest_post_date() if self.items else BEGINNING


@docs_page
def releases(request: DocsRequest, product: str) -> HttpResponseBase:
    """The newest releases, each with what changed."""
    found = get_object_or_404(Product, key=product)
    rows = Release.objects.visible_to(request.reader, on=request.now.date()).filter(product=found)
    page = reverse("docs:releases", args=[request.language, found.key])
    feed = ReleaseFeed(
        title=_("Releases of %(product)s") % {"product": found.name},
        link=settings.PUBLIC_URL + page,
        description=None,
        language=hreflang(request.language),
        feed_url=settings.PUBLIC_URL + request.path,
        author_name="Vigil",
    )
    for release in with_changes(rows, request.reader).order_by(*ORDER)[:NEWEST]:
        released = dt.datetime.combine(release.released_on, dt.time(), dt.UTC)
        feed.add_item(
            title=str(release),
            link=settings.PUBLIC_URL + hit_addresses.of_release(release, request.language),
            description=_described(request, release),
            unique_id=_name(request, release),
            pubdate=released,
            updateddate=released,
        )
    response = HttpResponse(content_type=f"{Atom1Feed.content_type}")
    feed.write(response, "utf-8")
    return response


def _name(request: DocsRequest, release: Release) -> str:
    """What feed readers know the entry by for ever, whatever becomes of its address."""
    named = f"{settings.PUBLIC_URL}{DOCS}{request.language}/releases/{release.pk}"
    return get_tag_uri(named, BEGINNING)


def _described(request: DocsRequest, release: Release) -> str:
    made = card(release, request.now.date())
    return render_to_string("docs/_release_in_feed.html", {"card": made})
