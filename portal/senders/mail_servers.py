"""Hand a mail over to a mail server, and sort what goes wrong into temporary and permanent."""

from __future__ import annotations

import smtplib
from typing import Final

from django.core.mail import EmailMessage, get_connection

from portal.senders import PermanentFailure

PATIENT_SECONDS: Final = 8
URGENT_SECONDS: Final = 7


def hand_over(message: EmailMessage, *, seconds: float) -> None:
    """Send; `seconds` for each exchange with the mail server."""
    try:
        get_connection(timeout=seconds).send_messages([message])
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _text in problem.recipients.values()]
        if all(code >= 500 for code in codes):
            raise PermanentFailure(f"The address is refused ({codes}).") from problem
        raise
    except smtplib.SMTPDataError as problem:
        if problem.smtp_code >= 500:
            raise PermanentFailure(f"The mail is refused ({problem.smtp_code}).") from problem
        raise
