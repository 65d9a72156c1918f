"""Case 36: names, subjects and code that read differently from what they are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.abuse.files import media, only_file, send

__all__ = ["media"]
pytestmark = pytest.mark.django_db
CHARACTERS = ["\u202e", "\u2066", "\u200b"]


@pytest.mark.parametrize("character", CHARACTERS)
def test_it_is_shown_as_a_marker_wherever_it_stands(
    cast: SimpleNamespace, browser_of: Any, character: str
) -> None:
    cast.developer.name = f"Bob{character}Lin"
    cast.developer.save()
    text = f"if (is{character}Admin) {{}}"
    factories.ticket(cast.developer, subject=text, body=f"`{text}`\n\n{text}")
    for person, paths in (
        (cast.owner, ("/", "/tickets/", "/tickets/STAR-1/", "/team/")),
        (cast.engineer, ("/admin/queue/", "/admin/ticket/STAR-1/")),
    ):
        for path in paths:
            page = browser_of(person).get(path).content.decode()
            assert f"U+{ord(character):04X}</span>" in page, path


def test_a_files_name_has_none(cast: SimpleNamespace, browser_of: Any) -> None:
    ticket = factories.ticket(cast.developer)
    send(browser_of(cast.developer), ticket.reference, "report\u202egpj\u200b.exe", b"4303")
    assert only_file().name == "reportgpj.exe"
