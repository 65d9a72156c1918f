"""A hotline that is set up, a PIN, and engineers with telephones."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from accounts import hotline_pins
from accounts.viewer import Viewer
from tests import factories, telephone
from tests.factories import NOON
from tests.portal.conftest import Clock
from tests.telephone import Telephone

NUMBERS = {
    "engineer": "+8613800000001",
    "second": "+8613800000002",
    "lead": "+8613800000003",
}


@pytest.fixture(autouse=True)
def _hotline(settings: Any, tmp_path: Any) -> None:
    telephone.set_up(settings)
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def pin(cast: SimpleNamespace) -> str:
    """StarCast's, and a telephone for everybody on the ladder."""
    for who, number in NUMBERS.items():
        address = f"jsons://sms.example/{number}"
        factories.contact_method(getattr(cast, who), address, kind="phone")
    return hotline_pins.rotate(by=Viewer.of(cast.owner), organization=cast.star, now=NOON)


@pytest.fixture
def call(client: Any, clock: Clock, pin: str) -> Telephone:
    """Somebody about to ring the English number."""
    return Telephone(client)
