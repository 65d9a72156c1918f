"""Cases 30 and 31: files that want to be opened, and names that want to be more than names."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.abuse.files import fetch, media, only_file, send

__all__ = ["media"]
pytestmark = pytest.mark.django_db
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.mark.parametrize("address", ["/attachments/{}/", "/admin/attachment/{}/"])
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.svg", "image/svg+xml"),
        ("a.html", "text/html"),
        ("a.xml", "application/xml"),
        ("a.pdf", "application/pdf"),
        ("a.png.html", "image/png"),
        ("a", "text/html"),
    ],
)
def test_case_30(
    cast: SimpleNamespace, browser_of: Any, name: str, kind: str, address: str
) -> None:
    ticket = factories.ticket(cast.developer)
    send(browser_of(cast.developer), ticket.reference, name, SVG, kind)
    reader = cast.engineer if address.startswith("/admin/") else cast.viewer
    response, content = fetch(browser_of(reader), address.format(only_file().pk))
    assert content == SVG
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\\\..\\\\boot.ini",
        "a\x00b.txt",
        "report\u202egpj.exe",
        "日志" * 150 + ".log",
        "x" * 300 + ".log",
        "con.txt",
        "a;b=c.txt",
    ],
)
def test_case_31(cast: SimpleNamespace, browser_of: Any, name: str) -> None:
    ticket = factories.ticket(cast.developer)
    send(browser_of(cast.developer), ticket.reference, name, b"4303")
    file = only_file()
    assert 0 < len(file.name.encode()) <= 120
    assert not set(file.name) & set('/\\\r\n\0"\u202e')
    assert re.fullmatch("[0-9a-f]{2}/[0-9a-f]{48}", file.storage_key)
    header = fetch(browser_of(cast.viewer), f"/attachments/{file.pk}/")[0]["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert not set(header) & set("\r\n\0\u202e")


def test_case_31_a_name_starts_no_header_of_its_own(cast: SimpleNamespace, browser_of: Any) -> None:
    ticket = factories.ticket(cast.developer)
    send(browser_of(cast.developer), ticket.reference, 'a"\r\nSet-Cookie: x=1\r\nX: ".txt', b"4303")
    file = only_file()
    response, _content = fetch(browser_of(cast.viewer), f"/attachments/{file.pk}/")
    assert "Set-Cookie" not in response.headers
