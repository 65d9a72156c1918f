"""Downloads: by permission, and harmless to open by accident (abuse cases 1, 30 and 31)."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import attachments, lifecycle
from tickets.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def attached(cast: SimpleNamespace, name: str = "app.log", content: bytes = b"4303") -> Attachment:
    ticket = factories.ticket(cast.developer)
    by = Viewer.of(cast.developer)
    upload = SimpleUploadedFile(name, content)
    draft = attachments.keep(by=by, organization_id=cast.star.pk, upload=upload, now=NOON)
    lifecycle.reply(ticket=ticket, by=by, body="Here.", attachment_ids=[draft.pk], now=NOON)
    return draft


def path(file: Attachment) -> str:
    return f"/attachments/{file.pk}/"


def download(browser: Any, file: Attachment) -> tuple[Any, bytes]:
    """The answer, read to its end as a server would, and what was in it."""
    response = browser.get(path(file))
    assert response.status_code == 200
    return response, b"".join(response.streaming_content)


def test_a_team_mate_downloads_it(cast: SimpleNamespace, browser_of: Any) -> None:
    response, content = download(browser_of(cast.viewer), attached(cast))
    assert content == b"4303"
    assert response["Content-Disposition"] == 'attachment; filename="app.log"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


def test_head_tells_the_size_without_the_content(cast: SimpleNamespace, browser_of: Any) -> None:
    response = browser_of(cast.viewer).head(path(attached(cast)))
    assert (response.status_code, response["Content-Length"]) == (200, "4")
    assert list(response.streaming_content) == []


def test_case_1_another_tenant_gets_404_and_learns_nothing(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    browser = browser_of(cast.stranger)
    foreign, missing = (
        browser.get(path(attached(cast))),
        browser.get(f"/attachments/{uuid.uuid4()}/"),
    )
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content


def test_case_1_a_file_of_a_note_is_not_for_customers(
    cast: SimpleNamespace, browser_of: Any
) -> None:
    ticket = factories.ticket(cast.developer)
    by = Viewer.of(cast.engineer)
    upload = SimpleUploadedFile("trace.txt", b"internal")
    draft = attachments.keep(by=by, organization_id=cast.star.pk, upload=upload, now=NOON)
    lifecycle.add_note(ticket=ticket, by=by, body="Trace.", attachment_ids=[draft.pk], now=NOON)
    assert browser_of(cast.developer).get(path(draft)).status_code == 404


def test_a_draft_is_its_uploaders_alone(cast: SimpleNamespace, browser_of: Any) -> None:
    upload = SimpleUploadedFile("draft.txt", b"x")
    draft = attachments.keep(
        by=Viewer.of(cast.developer), organization_id=cast.star.pk, upload=upload, now=NOON
    )
    assert download(browser_of(cast.developer), draft)[1] == b"x"
    assert browser_of(cast.owner).get(path(draft)).status_code == 404


def test_strangers_are_sent_to_the_login(cast: SimpleNamespace, client: Any) -> None:
    assert client.get(path(attached(cast)))["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "name", ["a.svg", "a.html", "a.xml", "a.pdf", "a.xhtml", "a.js", "a.swf", "no-ending"]
)
def test_case_30_what_could_run_is_sent_as_mere_bytes(
    cast: SimpleNamespace, browser_of: Any, name: str
) -> None:
    content = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    response, _content = download(browser_of(cast.developer), attached(cast, name, content))
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "a\r\nSet-Cookie: x=1.txt",
        "report\u202egpj.exe",
        "日志" * 150 + ".log",
        'a".txt; filename="b.exe',
    ],
)
def test_case_31_a_name_cannot_leave_its_header_or_its_folder(
    cast: SimpleNamespace, browser_of: Any, name: str
) -> None:
    upload = SimpleUploadedFile("x", b"4303")
    upload._name = name  # what a client sends, before Django takes the folder away
    ticket, by = factories.ticket(cast.developer), Viewer.of(cast.developer)
    file = attachments.keep(by=by, organization_id=cast.star.pk, upload=upload, now=NOON)
    lifecycle.reply(ticket=ticket, by=by, body="Here.", attachment_ids=[file.pk], now=NOON)
    response, _content = download(browser_of(cast.developer), file)
    header = response["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert len(header) < 600
    assert not set(header) & set("\r\n\u202e")
    assert "Set-Cookie" not in response.headers
    assert len(file.name.encode()) <= 120
    assert not set(file.name) & set('/\\\r\n"\u202e')
    assert name not in file.storage_key
