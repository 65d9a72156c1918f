"""Where outgoing mail goes: Django's EMAIL_* settings from one URL."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from portal.environment import refuse

BACKENDS = "django.core.mail.backends."
TIMEOUT_SECONDS = 15


def from_url(url: str) -> dict[str, Any]:
    """Return the settings for VIGIL_EMAIL_URL.

    `smtp://user:password@host:587` (STARTTLS), `smtps://…:465` (TLS from the start),
    `smtp://localhost:25?tls=no`, `file:///folder` (each mail a file), empty (mail is refused at
    sending, and so stays in the delivery log as failed).
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": BACKENDS + "filebased.EmailBackend", "EMAIL_FILE_PATH": parts.path}
    if parts.scheme not in ("smtp", "smtps", ""):
        refuse("VIGIL_EMAIL_URL must begin with smtp://, smtps:// or file://.")
    direct = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": BACKENDS + "smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if direct else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": direct,
        "EMAIL_USE_TLS": not direct and parse_qs(parts.query).get("tls") != ["no"],
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
