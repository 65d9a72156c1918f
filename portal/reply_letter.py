"""What a mail about a reply shows: the reply, its files as links, and the reply before it.

Only replies of the ticket itself are ever quoted, never notes. Files stay behind the login: a
mail names them and says where they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from knowledge.markdown import render
from portal.recipients import Case
from tickets.models import Attachment, Entry

QUOTE_LIMIT: Final = 5000  # characters; the rest is read in the ticket
EARLIER_LIMIT: Final = 600
PREVIEW_LIMIT: Final = 120


@dataclass(frozen=True, slots=True)
class File:
    name: str
    size: int
    link: str


def context(case: Case, reader: User) -> dict[str, Any]:
    entry = _reply(case)
    if entry is None:
        return {"quote": "", "said": SafeString("")}
    cut = entry.body[:QUOTE_LIMIT]
    is_cut = len(cut) < len(entry.body)
    earlier = _replies(case).filter(at__lte=entry.at, pk__lt=entry.pk).last()
    short = _shortened(earlier.body, EARLIER_LIMIT) if earlier else ""
    return {
        "quote": f"{cut} …" if is_cut else cut,
        "said": render(cut),
        "is_cut": is_cut,
        "preview": _shortened(" ".join(cut.split()), PREVIEW_LIMIT),
        "files": [_file(one, reader) for one in entry.attachments.filter(internal=False)],
        "earlier": earlier,
        "earlier_text": short,
        "earlier_quoted": "\n".join(f"> {line}".rstrip() for line in short.splitlines()),
    }


def _reply(case: Case) -> Entry | None:
    """The reply the event is about; None unless it is one, of this very ticket."""
    return _replies(case).filter(pk=case.event.data.get("entry")).first()


def _replies(case: Case) -> QuerySet[Entry]:
    return Entry.objects.filter(
        ticket=case.ticket, organization=case.ticket.organization_id, kind=Entry.Kind.REPLY
    ).order_by("at", "id")


def _file(attachment: Attachment, reader: User) -> File:
    route = "admin:attachment" if reader.is_staff else "portal:attachment"
    link = settings.PUBLIC_URL + reverse(route, args=[attachment.pk])
    return File(attachment.name, attachment.size, link)


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit].rstrip()} …"
