"""Customers at work: each opens one ticket after the other by the portal's form, with a file.

A customer who got no answer sends the same form again, as a person does who presses the button
once more; the form's `submission` is the same then.
"""

from __future__ import annotations

import hashlib
import http.client
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

CSRF = "0123456789abcdefghijklmnopqrstuv"
BOUNDARY = "vigil-bench"
PATIENCE_SECONDS = 20.0
AGAIN_SECONDS = 0.1


@dataclass(frozen=True)
class Form:
    """One filled-in form; `digest` is the SHA-256 of its file, `submission` its one-time key."""

    submission: uuid.UUID
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def encoded(self) -> bytes:
        fields = {
            "csrfmiddlewaretoken": CSRF,
            "submission": str(self.submission),
            "severity": "normal",
            "subject": f"Nothing arrives {self.submission}",
            "body": "Since 02:50 nothing arrives; the log is attached.",
        }
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        file = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="sdk.log"\r\n'
            "Content-Type: text/plain\r\n\r\n"
        )
        end = f"\r\n--{BOUNDARY}--\r\n"
        return "".join(parts).encode() + file.encode() + self.content + end.encode()


def filled_in(chance: random.Random) -> Form:
    submission = uuid.UUID(int=chance.getrandbits(128), version=4)
    return Form(submission, chance.randbytes(chance.randint(1_000, 1_500_000)))


@dataclass
class Customer(threading.Thread):
    """Posts until `stop` is set; what has been sent and not answered is sent until it is.

    `acknowledged` maps each answered form to the address of its ticket.
    """

    url: str
    session: str
    seed: int
    stop: threading.Event
    acknowledged: dict[Form, str] = field(default_factory=dict)
    acknowledged_at: list[float] = field(default_factory=list)
    repeated: int = 0
    errors: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        chance = random.Random(self.seed)
        while not self.stop.is_set():
            form = filled_in(chance)
            while (address := self._post(form)) is None:
                self.repeated += 1
                time.sleep(AGAIN_SECONDS)
            self.acknowledged[form] = address
            self.acknowledged_at.append(time.monotonic())

    def _post(self, form: Form) -> str | None:
        """The ticket's address when the answer says it is opened; None when nothing says so."""
        where = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(where.hostname), where.port, PATIENCE_SECONDS)
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.session}"
        headers = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Cookie": f"{cookies}; {settings.CSRF_COOKIE_NAME}={CSRF}",
        }
        try:
            connection.request("POST", "/tickets/new/", form.encoded(), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as problem:
            self._note(type(problem).__name__)
            return None
        finally:
            connection.close()
        if answer.status != 302:
            self._note(str(answer.status))
            return None
        return answer.headers["Location"]

    def _note(self, what: str) -> None:
        self.errors[what] = self.errors.get(what, 0) + 1
