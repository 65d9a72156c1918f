"""Keep each mail as a file instead of sending it."""

from __future__ import annotations

import datetime as dt
import itertools
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

# Written by us, as a mail server would: who it really comes from and goes to.
RETURN_PATH: Final = "Return-Path"
DELIVERED_TO: Final = "Delivered-To"
_numbers = itertools.count()


class OutboxBackend(BaseEmailBackend):
    """One `.eml` for each mail, in the order of their names, in the folder of VIGIL_EMAIL_URL."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.folder = Path(settings.EMAIL_FILE_PATH or "")

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._keep(message)
        return len(email_messages)

    def _keep(self, message: EmailMessage) -> None:
        """Under another name first, so that nobody reads half of it."""
        mail = message.message()
        mail[RETURN_PATH] = f"<{message.from_email}>"
        mail[DELIVERED_TO] = ", ".join(message.recipients())
        moment = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S-%f")
        name = f"{moment}-{os.getpid()}-{next(_numbers)}"
        half = self.folder / f"{name}.part"
        half.write_bytes(mail.as_bytes())
        half.rename(self.folder / f"{name}.eml")
