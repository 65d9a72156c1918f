"""Hand an attached file to an engineer: always as a download, never shown in the page."""

from __future__ import annotations

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from tickets.models import Attachment


@require_safe
def download(request: TenantRequest, pk: UUID) -> FileResponse:
    found = get_object_or_404(Attachment.objects.visible_to(request.viewer), pk=pk)
    try:
        file = default_storage.open(found.storage_key)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        file, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
