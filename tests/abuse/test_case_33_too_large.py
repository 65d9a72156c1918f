"""Case 33: uploads that are too large, or of a length nobody announced."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.abuse.files import media, send, upload
from tickets import attachments
from tickets.models import Attachment, Entry

__all__ = ["media"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("where", ["/tickets/STAR-1/reply/", "/admin/ticket/STAR-1/reply/"])
def test_a_file_over_the_limit(
    cast: SimpleNamespace,
    browser_of: Any,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    tmp_path: Any,
) -> None:
    monkeypatch.setattr(attachments, "MAX_BYTES", 1_000_000)
    factories.ticket(cast.developer)
    browser = browser_of(cast.engineer if where.startswith("/admin/") else cast.developer)
    form = {"body": "Here is the log.", "files": [upload("huge.log", b"x" * 1_000_001)]}
    answer = browser.post(where, form)
    assert answer.status_code == 413
    assert "“huge.log” is larger than 1 MB." in answer.content.decode()
    assert "Here is the log." in answer.content.decode()
    assert (Attachment.objects.count(), Entry.objects.count()) == (0, 1)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_request_over_the_limit_is_not_read(
    cast: SimpleNamespace, browser_of: Any, settings: Any
) -> None:
    settings.REQUEST_MAX_BYTES = 2_000
    ticket = factories.ticket(cast.developer)
    answer = send(browser_of(cast.developer), ticket.reference, "a.log", b"x" * 3_000)
    assert answer.status_code == 413
    assert "at most 2.0 kB" in answer.content.decode()
    assert answer["Connection"] == "close"
    assert not Attachment.objects.exists()


def test_a_body_in_chunks_without_a_length_stores_nothing(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    factories.ticket(cast.developer)
    answer = browser_of(cast.developer).generic(
        "POST", "/tickets/STAR-1/reply/", headers={"Transfer-Encoding": "chunked"}
    )
    assert answer.status_code in (411, 413, 422)
    assert (Attachment.objects.count(), Entry.objects.count()) == (0, 1)
