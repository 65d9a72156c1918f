"""Hand a stored file to an engineer: always as a download, never shown in the page."""

from __future__ import annotations

from typing import Protocol

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404


class Kept(Protocol):
    """A row that names a file."""

    name: str
    storage_key: str


def of(row: Kept) -> FileResponse:
    """404 where the file is gone."""
    try:
        file = default_storage.open(row.storage_key)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        file, as_attachment=True, filename=row.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
