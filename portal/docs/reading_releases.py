"""Releases of a product: what changed, by platform, and how long each is supported."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts.viewer import Viewer
from knowledge.models import Article, Change, ChangeKind, Platform, Product, Release
from portal.docs.kinds import TONES
from portal.docs.opening import DocsRequest, docs_page, show
from portal.docs.paging import page_after

PAGE: Final = 15
ORDER: Final = ("-sort_key", "-released_on", "-pk")
SOON: Final = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """`support` is `ended`, `ending`, `until` or empty (no end is set); `groups` the changes by
    kind, in the order in which who upgrades needs them."""

    release: Release
    anchor: str
    support: str
    groups: list[tuple[str, str, list[Change]]]


@docs_page
def products(request: DocsRequest) -> HttpResponseBase:
    """The newest release of each product, and of each platform whose own is not older than it."""
    newest = (
        Release.objects.visible_to(request.reader, on=request.now.date())
        .order_by("product_id", "platform", "-sort_key", "-released_on")
        .distinct("product", "platform")
    )
    cards: dict[int, list[ReleaseCard]] = {}
    for release in newest.select_related("product"):
        everywhere = cards.get(release.product_id, [])[:1]  # "" sorts before every platform
        if everywhere and everywhere[0].release.platform == "":
            if list(release.sort_key) < list(everywhere[0].release.sort_key):
                continue
        made = ReleaseCard(release, anchor_of(release), support_of(release, request.now.date()), [])
        cards.setdefault(release.product_id, []).append(made)
    context = {"products": [(one, cards.get(one.pk, [])) for one in Product.objects.all()]}
    return show(request, "docs/all_releases.html", context)


@docs_page
def releases(request: DocsRequest, product: str) -> HttpResponseBase:
    found = get_object_or_404(Product, key=product)
    rows = with_changes(
        Release.objects.visible_to(request.reader, on=request.now.date()), request.reader
    )
    rows = rows.filter(product=found)
    platform = request.GET.get("platform", "")
    if platform in Platform.values:
        rows = rows.filter(Q(platform=platform) | Q(platform=""))
    else:
        platform = ""
    place = {name: request.GET.get(name, "") for name in ("after", "at")}
    page, following = page_after(rows, ORDER, place["after"], PAGE, at=place["at"])
    context = {
        "product": found,
        "products": Product.objects.all(),
        "platform": platform,
        "platforms": [(key, label) for key, label in Platform.choices if key in found.platforms],
        "cards": [card(release, request.now.date(), platform) for release in page],
        "after": following,
        "is_first": not any(place.values()),
    }
    return show(request, "docs/releases.html", context)


def with_changes(releases: QuerySet[Release], reader: Viewer) -> QuerySet[Release]:
    """With what changed in each, and of the articles it refers to those that may be read."""
    return releases.select_related("product").prefetch_related(
        Prefetch(
            "changes",
            Change.objects.select_related("fixed_in").prefetch_related(
                Prefetch("article", Article.objects.visible_to(reader))
            ),
        )
    )


def card(release: Release, today: dt.date, platform: str = "") -> ReleaseCard:
    """With what changed on that platform, or on any."""
    changes = [change for change in release.changes.all() if change.concerns(platform)]
    groups = [
        (str(kind.label), TONES[kind], [change for change in changes if change.kind == kind])
        for kind in ChangeKind
    ]
    return ReleaseCard(
        release,
        anchor_of(release),
        support_of(release, today),
        [group for group in groups if group[2]],
    )


def anchor_of(release: Release) -> str:
    """What a release is reached by on its product's page: `5.3.0` or `android-5.3.0`."""
    return "-".join(filter(None, (release.platform, release.version)))


def support_of(release: Release, today: dt.date) -> str:
    end = release.end_of_support
    if end is None:
        return ""
    if end < today:
        return "ended"
    return "ending" if end - today <= SOON else "until"
