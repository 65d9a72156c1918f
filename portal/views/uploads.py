"""Files of a form: kept as drafts at once, so that an error elsewhere loses none of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Organization
from portal.views.members import MemberRequest
from tickets import attachments
from tickets.models import Attachment

FIELD = "files"
KEPT = "kept"


@dataclass(slots=True)
class Uploads:
    """Drafts that came with a form: those just uploaded and those kept from before."""

    drafts: list[Attachment] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    too_large: bool = False

    @property
    def ids(self) -> Sequence[uuid.UUID]:
        return [draft.pk for draft in self.drafts]


def take(request: MemberRequest, organization: Organization) -> Uploads:
    """Keep the uploaded files as drafts; find again the drafts the form names.

    A name that is no draft of this person in this organization is passed over: foreign
    drafts are neither attached nor told apart from those that do not exist.
    """
    found = Uploads(drafts=_kept_before(request, organization))
    arrived = request.FILES.getlist(FIELD)
    if len(found.drafts) + len(arrived) > attachments.MAX_FILES:
        found.errors.append(
            _("At most %(limit)d files at a time.") % {"limit": attachments.MAX_FILES}
        )
        arrived = arrived[: max(0, attachments.MAX_FILES - len(found.drafts))]
    for number, upload in enumerate(arrived):
        try:
            draft = attachments.keep(
                by=request.viewer,
                organization_id=organization.pk,
                upload=upload,
                now=request.now + dt.timedelta(microseconds=number),  # they stay in this order
            )
        except ValidationError as error:
            found.errors += error.messages
            found.too_large |= any(e.code == "too_large" for e in _each(error))
        else:
            found.drafts.append(draft)
    return found


def _kept_before(request: MemberRequest, organization: Organization) -> list[Attachment]:
    ids = []
    for text in request.POST.getlist(KEPT)[: attachments.MAX_FILES]:
        try:
            ids.append(uuid.UUID(text))
        except ValueError:
            continue
    if not ids:
        return []
    return list(
        Attachment.objects.visible_to(request.viewer).filter(
            pk__in=ids, organization=organization, entry=None, uploader=request.viewer.user
        )
    )


def _each(error: ValidationError) -> list[ValidationError]:
    if hasattr(error, "error_dict"):
        return [one for errors in error.error_dict.values() for one in errors]
    return list(error.error_list)
