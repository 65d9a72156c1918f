"""Keep an upgrade with the organization, and tick off what is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import Organization
from accounts.viewer import Viewer
from knowledge.models import ChecklistTick, Product, UpgradeChecklist
from knowledge.versions import Version

MOST: Final = 100  # of an organization


@transaction.atomic
def keep(
    *,
    organization: Organization,
    by: Viewer,
    now: dt.datetime,
    product: Product,
    platform: str,
    first: Version,
    last: Version,
    items: Sequence[str],
) -> UpgradeChecklist:
    """Take up an upgrade; one that is kept already is given back as it is.

    `items` are the keys on the way now: what is published later will be new.
    """
    access.require(by, "checklist.keep", organization.pk)
    named = {
        "organization": organization,
        "product": product,
        "platform": platform,
        "from_version": str(first),
        "to_version": str(last),
    }
    made, is_new = UpgradeChecklist.objects.get_or_create(
        **named,
        defaults={"known": list(items), "by": by.user, "by_name": by.name, "at": now},
    )
    if is_new:
        if UpgradeChecklist.objects.filter(organization=organization).count() > MOST:
            raise ValidationError(
                _("You keep %(number)d upgrades. Remove one that is done first.") % {"number": MOST}
            )
        _record(made, "checklist.kept", by=by, now=now, product=product.key, to=str(last))
    return made


@transaction.atomic
def tick(
    *, checklist: UpgradeChecklist, item: str, items: Sequence[str], by: Viewer, now: dt.datetime
) -> None:
    """Say that an item is done; whoever said so first stays. `items` are those on the way now."""
    access.require(by, "checklist.keep", checklist.organization_id)
    if item not in items:
        raise ValidationError(_("This is not on the list any more."))
    _tick, is_new = ChecklistTick.objects.get_or_create(
        checklist=checklist,
        item=item,
        defaults={
            "organization_id": checklist.organization_id,
            "by": by.user,
            "by_name": by.name,
            "at": now,
        },
    )
    if is_new:
        _record(checklist, "checklist.ticked", by=by, now=now, item=item)


@transaction.atomic
def untick(*, checklist: UpgradeChecklist, item: str, by: Viewer, now: dt.datetime) -> None:
    """Say that it is not done after all."""
    access.require(by, "checklist.keep", checklist.organization_id)
    ticks = ChecklistTick.objects.filter(checklist=checklist)
    found = next((one for one in ticks if one.item == item), None)  # whatever was sent
    if found is not None:
        found.delete()
        _record(checklist, "checklist.unticked", by=by, now=now, item=item)


@transaction.atomic
def remove(*, checklist: UpgradeChecklist, by: Viewer, now: dt.datetime) -> None:
    """Keep it no longer; the log still says who ticked what."""
    access.require(by, "checklist.keep", checklist.organization_id)
    _record(checklist, "checklist.removed", by=by, now=now, to=checklist.to_version)
    checklist.delete()


def _record(
    checklist: UpgradeChecklist, verb: str, *, by: Viewer, now: dt.datetime, **data: Any
) -> None:
    events.record(
        verb=verb,
        subject=checklist.event_subject,
        by=by,
        at=now,
        organization_id=checklist.organization_id,
        **data,
    )
