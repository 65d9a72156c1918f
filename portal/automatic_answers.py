"""What a machine answers to mails of people we do not know: that the mail arrived, once a day.

The sender may be forged or a machine, so nothing of what was written is repeated, not even the
subject, and no mailbox gets more than one such answer in 24 hours (`accounts.mail_limits`;
RFC 3834). To a mail that a machine wrote nothing is answered at all: that opens no enquiry.
Nor is one that came through a mailing list: all of the list might read it.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import agenda, mail_limits
from accounts.mail_limits import Purpose
from accounts.models import Delivery
from tickets import enquiries
from tickets.models import Enquiry


def confirm_enquiry(enquiry: Enquiry, *, now: dt.datetime) -> None:
    """In Chinese if they wrote Chinese, in English otherwise."""
    language = _language(enquiry)
    with translation.override(language):
        context = {"link": f"{settings.PUBLIC_URL}/accounts/login/", "is_answer": True}
        text = render_to_string("emails/enquiry_received.txt", context)
        html = render_to_string("emails/enquiry_received.html", context)
        subject = _("Vigil has your message")
    agenda.send(
        kind=Delivery.Kind.EMAIL,
        key=mail_limits.key(Purpose.ANSWER, enquiry.address),
        channel="email",
        address=enquiry.address,
        subject=enquiry.event_subject,
        payload={
            "subject": subject,
            "text": text,
            "html": html,
            "thread": enquiry.event_subject,
            "follows": enquiries.their_latest(enquiry),
            "is_answer": True,
            "language": language,
        },
        due_at=now,
        organization_id=None,
    )


def _language(enquiry: Enquiry) -> str:
    first = enquiry.messages.first()
    written = f"{enquiry.subject} {first.body if first else ''}"[:2000]
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in written)
    return "zh-hans" if is_chinese else "en"
