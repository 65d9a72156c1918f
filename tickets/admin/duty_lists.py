"""What is to come, beside the calendar: changes of duty, and swaps that wait for an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from accounts import access
from accounts.requests import TenantRequest
from tickets.duty_changes import is_own
from tickets.models import DutyChange, Swap

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class ComingChange:
    """A change that has not ended; `may_cancel` says whether the reader may take it back."""

    change: DutyChange
    may_cancel: bool


def changes_since(at: dt.datetime) -> list[DutyChange]:
    """All that hold after `at`, cancelled or not, the nearest first. One query."""
    found = DutyChange.objects.filter(ends_at__gt=at)
    return list(found.select_related("roster__team").order_by("starts_at", "id"))


def changes_to_come(request: TenantRequest, changes: Iterable[DutyChange]) -> list[ComingChange]:
    """Of these, those that are not cancelled and not over."""
    manages = access.allows(request.viewer, "roster.edit")
    return [
        ComingChange(change, manages or is_own(change, request.viewer.user))
        for change in changes
        if change.cancelled_at is None and change.ends_at > request.now
    ]


def swaps_to_answer(request: TenantRequest) -> list[Swap]:
    """Those the reader was asked for or asks for, while they can be answered. One query."""
    found = Swap.objects.filter(state=Swap.State.ASKED, expires_at__gt=request.now).filter(
        Q(asked=request.viewer.user) | Q(asker=request.viewer.user)
    )
    return list(found.select_related("roster__team", "return_roster__team")[:SHOWN])
