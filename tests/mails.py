"""Mails for tests, and the way of each from the raw store to what it becomes."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from django.conf import settings

from portal.mail_in import understanding
from tickets.intake.store import store
from tickets.models import Inbound

OURS = "mx.vigil.example"
SUPPORT = f"support@{settings.MAIL_DOMAIN}"
URGENT = f"urgent-premium@{settings.MAIL_DOMAIN}"


def mail(
    sender: str = "developer@starcast.example",
    *,
    to: str = SUPPORT,
    subject: str = "Messages do not arrive",
    body: str = "Since 02:50 nothing arrives.",
    message_id: str = "",
    html: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
    proven: bool | None = True,
    **headers: str,
) -> bytes:
    """A mail as our own mail server hands it over; `proven` is what it says of the sender.

    Further headers by their names, with _ for -.
    """
    made = EmailMessage()
    domain = sender.rpartition("@")[2].rstrip(">")
    if proven is not None:
        result = "pass" if proven else "fail"
        made["Authentication-Results"] = f"{OURS}; dmarc={result} header.from={domain}"
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"] = "Mon, 23 Nov 2026 12:00:00 +0000"
    made["Message-ID"] = message_id or make_msgid(domain=domain or "nowhere.example")
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    made.set_content(body)
    if html:
        made.add_alternative(html, subtype="html")
    for name, content in files:
        made.add_attachment(content, "application", "octet-stream", filename=name)
    return made.as_bytes()


def received(raw: bytes, *to: str) -> Inbound:
    """Store a mail and understand it; what became of it."""
    kept = store(raw, recipients=to or (SUPPORT,), source="smtp")
    understanding.handle(understanding.claim_one(kept.pk))
    return Inbound.objects.select_related("ticket__organization", "entry").get(pk=kept.pk)


def became(row: Inbound) -> tuple[Any, ...]:
    """Outcome and reason, for short assertions."""
    return row.outcome, row.reason
