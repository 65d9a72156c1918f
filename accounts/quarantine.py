"""What the engine gave up on waits in quarantine until a person has it tried again."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import Deadline, Delivery
from accounts.viewer import Viewer


@transaction.atomic
def try_again(*, row: Deadline | Delivery, by: Viewer, now: dt.datetime) -> None:
    """Let the engine claim the row at once, with all its attempts again.

    `ValidationError` when the row is not in quarantine (any more).
    """
    access.require(by, "quarantine.retry", row.organization_id)
    waiting = type(row)._default_manager.select_for_update(of=("self",))
    failed = waiting.filter(pk=row.pk, failed_at__isnull=False).first()
    if failed is None:
        raise ValidationError(_("This is no longer in quarantine."))
    failed.failed_at, failed.attempts, failed.claimable_at = None, 0, now
    failed.save(update_fields=["failed_at", "attempts", "claimable_at"])
    events.record(
        verb=f"{row._meta.model_name}.retried",
        subject=row.subject,
        by=by,
        at=now,
        organization_id=row.organization_id,
        internal=True,
        key=row.key,
    )
