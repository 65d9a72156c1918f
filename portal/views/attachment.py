"""Files for download: through the permission check, and harmless to open by accident."""

from __future__ import annotations

import uuid
from typing import Final

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from portal.views.members import MemberRequest, for_members
from tickets.models import Attachment

# What a browser may be told it is; all else is just bytes.
SAFE_TYPES: Final = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "text/plain",
        "text/csv",
        "application/zip",
        "application/gzip",
        "application/json",
        "video/mp4",
        "audio/mpeg",
    }
)


@for_members
@require_safe
def attachment(request: MemberRequest, pk: uuid.UUID) -> HttpResponseBase:
    return download(request, pk)


def download(request: TenantRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Stream one file to whoever may read its entry; the workspace gives it an address too."""
    found = get_object_or_404(Attachment.objects.visible_to(request.viewer), pk=pk)
    try:
        stored = default_storage.open(found.storage_key)
    except FileNotFoundError:
        raise Http404 from None
    kind = found.content_type if found.content_type in SAFE_TYPES else "application/octet-stream"
    response = FileResponse(stored, as_attachment=True, filename=found.name, content_type=kind)
    response["Content-Length"] = str(found.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
