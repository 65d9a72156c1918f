"""The secret an organization signs with for the chat widget: made, shown once, withdrawn.

It is derived from the installation's own secret, the organization and a generation number, so
that no table holds anything a thief of the database could sign with; the next generation makes
the one before worthless at once.
"""

from __future__ import annotations

import base64
import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts import access, events
from accounts.models import Organization, WidgetKey
from accounts.viewer import Viewer

PREFIX: Final = "vgk_"
_SALT: Final = "vigil.widget"


def secret_of(organization_id: int, generation: int) -> str:
    """The secret of that generation; 256 bits, in letters that need no escaping."""
    made = salted_hmac(_SALT, f"{organization_id}:{generation}", algorithm="sha256").digest()
    return PREFIX + base64.urlsafe_b64encode(made).decode().rstrip("=")


@transaction.atomic
def renew(*, by: Viewer, organization: Organization, now: dt.datetime) -> str:
    """Turn the widget on with a new secret, and return it; every older one ends at once."""
    access.require(by, "widget.manage", organization.pk)
    key = _locked(organization)
    if key is None:
        key = WidgetKey(organization=organization, generation=0)
    key.generation += 1
    key.is_on = True
    _save(key, "widget.key_renewed", by=by, now=now)
    return secret_of(organization.pk, key.generation)


@transaction.atomic
def turn_off(*, by: Viewer, organization: Organization, now: dt.datetime) -> None:
    """Let nobody in by the widget any more; open ones end within seconds."""
    access.require(by, "widget.manage", organization.pk)
    key = _locked(organization)
    if key is not None and key.is_on:
        key.is_on = False
        _save(key, "widget.turned_off", by=by, now=now)


def _locked(organization: Organization) -> WidgetKey | None:
    return WidgetKey.objects.select_for_update().filter(organization=organization).first()


def _save(key: WidgetKey, verb: str, *, by: Viewer, now: dt.datetime) -> None:
    key.changed_at, key.changed_by_name = now, by.name
    key.save()
    events.record(
        verb=verb,
        subject=f"widget/{key.organization_id}",
        by=by,
        at=now,
        organization_id=key.organization_id,
        generation=key.generation,
    )
