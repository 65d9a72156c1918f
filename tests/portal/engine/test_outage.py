"""An outage is said once, however many lanes meet it and in whatever order."""

from __future__ import annotations

from typing import Any

import pytest

from portal.engine import outage
from portal.engine.outage import Outage


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    words: list[str] = []

    class Log:
        def error(self, text: str, **_: Any) -> None:
            words.append("away")

        def info(self, text: str) -> None:
            words.append("back")

    monkeypatch.setattr(outage, "log", Log())
    return words


def test_work_that_began_before_the_outage_does_not_end_it(said: list[str]) -> None:
    shared = Outage()
    began = shared.notices
    shared.noticed(OSError("gone"))
    shared.over(notices=began)
    shared.noticed(OSError("gone"))
    assert said == ["away"]


def test_work_that_began_after_it_does(said: list[str]) -> None:
    shared = Outage()
    shared.noticed(OSError("gone"))
    shared.over(notices=shared.notices)
    shared.over(notices=shared.notices)
    assert said == ["away", "back"]
