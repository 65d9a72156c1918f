"""In development mails are files, and a page shows them to whoever may see them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from portal.mailing import OUTBOX
from portal.outbox import reading
from tests.cast import LoginClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = OUTBOX, str(tmp_path)
    settings.OUTBOX = str(tmp_path)
    return tmp_path


def write(subject: str, html: str = "<html><head></head><body>你好</body></html>") -> None:
    mail = EmailMultiAlternatives(subject, "Text: http://127.0.0.1:8000/x", to=["bob@x.example"])
    mail.from_email = "bounce+1@support.vigil.example"
    mail.extra_headers["From"] = '"李伟 (Vigil)" <support@support.vigil.example>'
    if html:
        mail.attach_alternative(html, "text/html")
    assert get_connection().send_messages([mail]) == 1


def test_each_mail_is_a_file_with_its_envelope(folder: Path) -> None:
    write("First")
    write("Second")
    second, first = reading.latest(folder)
    assert (first.subject, second.subject) == ("First", "Second")
    assert first.mail["Return-Path"] == "<bounce+1@support.vigil.example>"
    assert first.mail["Delivered-To"] == "bob@x.example"
    assert not list(folder.glob("*.part"))


def test_the_page_shows_the_newest_and_any_other(folder: Path, client: Any) -> None:
    write("First <script>")
    write("Second")
    page = client.get("/outbox/").content.decode()
    assert "First &lt;script&gt;" in page
    assert "李伟 (Vigil)" in page
    first = reading.latest(folder)[1]
    assert f"/outbox/{first.name}/html/" in client.get(f"/outbox/{first.name}/").content.decode()


def test_the_frame_runs_nothing_and_loads_nothing(folder: Path, client: Any) -> None:
    write("First", "<html><head></head><body><script>1</script></body></html>")
    (kept,) = reading.latest(folder)
    shown = client.get(f"/outbox/{kept.name}/html/")
    policy = shown["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy


def test_an_empty_outbox_says_so(folder: Path, client: Any) -> None:
    assert "No mail has been written yet" in client.get("/outbox/").content.decode()


def test_a_text_without_html_is_shown(folder: Path, client: Any) -> None:
    write("First", html="")
    assert 'href="http://127.0.0.1:8000/x"' in client.get("/outbox/").content.decode()


@pytest.mark.parametrize("name", ["..", "20261123-000000-000000-1-1", "%2e%2e%2fsecret", "x.eml"])
def test_no_other_file_is_shown(folder: Path, client: Any, name: str) -> None:
    (folder.parent / "secret.eml").write_text("Subject: secret\n\nsecret")
    write("First")
    for path in (f"/outbox/{name}/", f"/outbox/{name}/html/"):
        answer = client.get(path)
        assert answer.status_code in (301, 302, 404)
        assert b"secret" not in answer.content


def test_in_production_there_is_none(settings: Any, folder: Path, client: Any) -> None:
    write("First")
    settings.OUTBOX = None
    assert client.get("/outbox/").status_code == 404


def test_others_on_the_network_see_it_only_as_staff(
    settings: Any, folder: Path, cast: SimpleNamespace, browser_of: Any
) -> None:
    """It shows links to reset passwords."""
    write("First")
    far = {"REMOTE_ADDR": "192.0.2.7"}
    assert LoginClient(**far).get("/outbox/").status_code == 404
    settings.PUBLIC_URL = "https://demo.vigil.example"  # so behind a proxy all come from here
    assert LoginClient().get("/outbox/").status_code == 404
    assert browser_of(cast.developer).get("/outbox/").status_code == 404
    assert browser_of(cast.engineer).get("/outbox/").status_code == 200
