"""The cast of the live stream's tests, committed, with the application that streams to them."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import events
from accounts.access import Role
from accounts.models import Event
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import SYSTEM
from portal.database import DatabaseUrls
from tests import factories
from tests.live_stream import Live, live


@pytest.fixture
def live_cast(committed_database: DatabaseUrls) -> SimpleNamespace:
    """`developer` of StarCast, `stranger` of BrightClass, `engineer` of staff."""
    with acting_as(DatabaseRole.ENGINE):
        star = factories.organization("StarCast", key="STAR")
        bright = factories.organization("BrightClass", key="BRIT")
        return SimpleNamespace(
            star=star,
            bright=bright,
            developer=factories.member(star, Role.DEVELOPER, "Bob Lin"),
            stranger=factories.member(bright, Role.OWNER, "Sam Stranger"),
            engineer=factories.engineer("Zhao Min"),
        )


@pytest.fixture
def live_process(committed_database: DatabaseUrls) -> Iterator[Live]:
    with live(committed_database.app) as running:
        yield running


def happen(organization: Any, subject: str = "ticket/7", **fields: Any) -> Event:
    """Record and commit one event."""
    with acting_as(DatabaseRole.ENGINE) as now:
        return events.record(
            verb=fields.pop("verb", "ticket.replied"),
            subject=subject,
            by=SYSTEM,
            at=now,
            organization_id=organization.pk if organization else None,
            **fields,
        )
