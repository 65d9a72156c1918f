"""Django's way to a mail server, with an end to each conversation."""

from __future__ import annotations

import os
import smtplib
import socket
import threading
from contextlib import suppress
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _Bounded(smtplib.SMTP):
    """A conversation that is cut off `timeout` seconds after it began.

    smtplib waits that long for each answer, and longer for a server that sends one a little at
    a time; whoever waits for it here holds a lease. The line is kept twice, because TLS takes
    over the first.
    """

    timeout: float
    sock: socket.socket | None
    _line: socket.socket | None = None
    _alarm: threading.Timer | None = None

    def getreply(self) -> tuple[int, bytes]:
        if self._alarm is None and self.sock is not None:
            self._line = socket.socket(fileno=os.dup(self.sock.fileno()))
            self._alarm = threading.Timer(self.timeout, self._cut)
            self._alarm.daemon = True
            self._alarm.start()
        return super().getreply()

    def close(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        if self._line is not None:
            self._line.close()
        super().close()

    def _cut(self) -> None:
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


class _BoundedTLS(_Bounded, smtplib.SMTP_SSL):
    """The same over TLS from the start."""


class BoundedBackend(EmailBackend):
    """`timeout` is for the whole conversation, from the greeting to the end of the mail."""

    @property
    def connection_class(self) -> Any:
        return _BoundedTLS if self.use_ssl else _Bounded
