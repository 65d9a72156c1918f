"""Hand an attached file to an engineer."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from tickets.admin import downloads
from tickets.models import Attachment


@require_safe
def download(request: TenantRequest, pk: UUID) -> FileResponse:
    return downloads.of(get_object_or_404(Attachment.objects.visible_to(request.viewer), pk=pk))
