"""E-mail to one person, put down as a delivery; the engine sends it."""

from __future__ import annotations

import datetime as dt

from accounts import agenda, mail_limits
from accounts.mail_limits import Purpose
from accounts.models import Delivery


def post(
    *,
    address: str,
    language: str,
    title: str,
    text: str,
    subject: str,
    now: dt.datetime,
    organization_id: int | None = None,
    purpose: Purpose = Purpose.OTHER,
) -> None:
    """Send plain `text` under the line `title` to `address`, in the same transaction.

    `subject` names what it is about ("invitation/7"), so that it can be withdrawn while it has
    not left. Mail without an organization (log-in, password) is hidden from staff. `purpose` is
    what its limit goes by (`accounts.mail_limits`).
    """
    agenda.send(
        kind=Delivery.Kind.EMAIL,
        key=mail_limits.key(purpose, address),
        channel="email",
        address=address,
        subject=subject,
        payload={"language": language, "subject": " ".join(title.split()), "text": text},
        due_at=now,
        organization_id=organization_id,
    )
