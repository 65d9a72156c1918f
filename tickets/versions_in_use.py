"""Which versions organizations run: what their tickets say, and what they state themselves.

Of each product and platform the latest word counts, whichever of the two it is. What a ticket
names and is no version is passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from accounts.models import Organization
from knowledge import versions
from knowledge.models import Platform, Product, Release, RunningVersion
from knowledge.versions import Version
from tickets.models import Ticket

RECENT: Final = dt.timedelta(days=180)


@dataclass(frozen=True, slots=True)
class InUse:
    """`ticket` is the reference of the ticket that says so; empty when the organization does.

    `platform` empty: nobody said on which.
    """

    organization_id: int
    product: Product
    platform: str
    version: Version
    at: dt.datetime
    ticket: str = ""
    by_name: str = ""

    @property
    def platform_name(self) -> str:
        return str(Platform(self.platform).label) if self.platform else ""


def of_organization(organization: Organization, *, now: dt.datetime) -> list[InUse]:
    """All we know of one organization, by product and platform; two queries."""
    mine = Q(organization=organization)
    found = _latest([*_stated(mine), *_from_tickets(mine, now)])
    return sorted(found, key=lambda one: (one.product.pk, one.platform))


def below(
    release: Release,
    *,
    now: dt.datetime,
    platforms: Collection[str] = (),
    only: Q | None = None,
) -> dict[int, list[InUse]]:
    """By organization: where it runs less than that release, on a platform the release is for.

    `platforms` narrows these down, if there are any. Where nobody said on which platform, it may
    be one of them. `only` narrows the organizations down (by `organization…`). Two queries.
    """
    about = Q(product=release.product_id)
    wanted = set(platforms) or set(filter(None, [release.platform]))
    if wanted:
        about &= Q(platform__in=[*wanted, ""])
    if only is not None:
        about &= only
    target = versions.parse(release.version)
    found: dict[int, list[InUse]] = {}
    for one in _latest([*_stated(about), *_from_tickets(about, now)]):
        if one.version < target:
            found.setdefault(one.organization_id, []).append(one)
    return found


def _latest(known: Iterable[InUse]) -> list[InUse]:
    latest: dict[tuple[int, int, str], InUse] = {}
    for one in known:
        place = (one.organization_id, one.product.pk, one.platform)
        if place not in latest or latest[place].at < one.at:
            latest[place] = one
    return list(latest.values())


def _stated(about: Q) -> list[InUse]:
    rows = RunningVersion.objects.filter(about).select_related("product")
    return [
        InUse(
            organization_id=row.organization_id,
            product=row.product,
            platform=row.platform,
            version=versions.parse(row.version),
            at=row.at,
            by_name=row.by_name,
        )
        for row in rows
    ]


def _from_tickets(about: Q, now: dt.datetime) -> list[InUse]:
    """The newest ticket of the last 180 days for each product and platform."""
    rows = (
        Ticket.objects.filter(about, opened_at__gt=now - RECENT, product__isnull=False)
        .exclude(sdk_version="")
        .select_related("product", "organization")
        .order_by("organization_id", "product_id", "platform", "-opened_at", "-pk")
        .distinct("organization_id", "product_id", "platform")
    )
    found = []
    for row in rows:
        try:
            version = versions.parse(row.sdk_version)
        except ValueError:
            continue
        assert row.product is not None  # noqa: S101  filtered above; for the type checker
        found.append(
            InUse(
                organization_id=row.organization_id,
                product=row.product,
                platform=row.platform,
                version=version,
                at=row.opened_at,
                ticket=row.reference,
            )
        )
    return found
