"""Upload and download as a browser does, for cases about files."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT

from tickets.models import Attachment


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def send(browser: Any, reference: str, name: str, content: bytes, kind: str = "text/plain") -> Any:
    """A reply with one file, with its name as bytes on the wire: no client cleans it first."""
    head = f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n'
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="body"\r\n\r\nSee the file.\r\n'
        f"--{BOUNDARY}\r\n{head}Content-Type: {kind}\r\n\r\n"
    ).encode() + content
    return browser.generic(
        "POST",
        f"/tickets/{reference}/reply/",
        body + f"\r\n--{BOUNDARY}--\r\n".encode(),
        MULTIPART_CONTENT,
    )


def fetch(browser: Any, address: str) -> tuple[Any, bytes]:
    response = browser.get(address)
    assert response.status_code == 200
    return response, b"".join(response.streaming_content)


def upload(name: str = "app.log", content: bytes = b"4303") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def only_file() -> Attachment:
    return Attachment.objects.get()
