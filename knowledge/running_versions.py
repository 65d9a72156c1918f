"""Say which versions an organization runs."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import Organization
from accounts.viewer import Viewer
from knowledge import versions
from knowledge.models import Platform, Product, RunningVersion


@transaction.atomic
def state(
    *,
    organization: Organization,
    by: Viewer,
    now: dt.datetime,
    product: Product,
    platform: str,
    version: str,
) -> RunningVersion:
    """The organization runs this version of the product on that platform ("": on all).

    Stating it again, unchanged, makes it fresh. `ValidationError` for what is no version.
    """
    access.require(by, "version.state", organization.pk)
    try:
        parsed = str(versions.parse(version))
    except ValueError:
        raise ValidationError({"version": _("Write it like 5.2.1 or 5.3.0-rc.1.")}) from None
    if platform and platform not in {*Platform.values} & {*product.platforms}:
        raise ValidationError(
            {"platform": _("%(product)s does not run there.") % {"product": product}}
        )
    row, _is_new = RunningVersion.objects.update_or_create(
        organization=organization,
        product=product,
        platform=platform,
        defaults={"version": parsed, "by": by.user, "by_name": by.name, "at": now},
    )
    _record(organization, "version.stated", by=by, now=now, row=row)
    return row


@transaction.atomic
def forget(*, row: RunningVersion, by: Viewer, now: dt.datetime) -> None:
    """The organization no longer says what it runs there."""
    access.require(by, "version.state", row.organization_id)
    _record(row.organization, "version.forgotten", by=by, now=now, row=row)
    row.delete()


def _record(
    organization: Organization, verb: str, *, by: Viewer, now: dt.datetime, row: RunningVersion
) -> None:
    events.record(
        verb=verb,
        subject=f"organization/{organization.pk}",
        by=by,
        at=now,
        organization_id=organization.pk,
        product=row.product.key,
        platform=row.platform,
        version=row.version,
    )
