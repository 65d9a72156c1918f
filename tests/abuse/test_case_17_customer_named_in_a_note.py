"""Abuse case 17: a note that names a customer sends nobody anything."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from accounts.models import Deadline, Delivery
from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import lifecycle
from tickets.models import Follower

pytestmark = pytest.mark.django_db


def test_a_mention_in_a_note_puts_down_no_message_and_no_follower(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)

    def after_effects() -> tuple[int, int, int]:
        letters = Deadline.objects.filter(kind="event.announce").count()
        return letters, Delivery.objects.count(), Follower.objects.count()

    before = after_effects()
    lifecycle.add_note(
        ticket=ticket,
        by=Viewer.of(cast.engineer),
        body=f"@{cast.owner.name} @{cast.owner.email} is wrong.",
        now=NOON,
    )
    assert after_effects() == before
