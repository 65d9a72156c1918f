"""Where outgoing mail goes: Django's EMAIL_* settings from one URL, and a second server."""

from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from portal.environment import refuse

SMTP = "portal.senders.smtp.BoundedBackend"
OUTBOX = "portal.outbox.backend.OutboxBackend"
TIMEOUT_SECONDS = 15


def from_url(url: str) -> dict[str, Any]:
    """Return the settings for VIGIL_EMAIL_URL.

    `smtp://user:password@host:587` (STARTTLS), `smtps://…:465` (TLS from the start),
    `smtp://localhost:25?tls=no`, `file:///folder` (each mail a file), empty (mail is refused at
    sending, and so stays in the delivery log as failed).
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": OUTBOX, "EMAIL_FILE_PATH": parts.path}
    if parts.scheme not in ("smtp", "smtps", ""):
        refuse("VIGIL_EMAIL_URL must begin with smtp://, smtps:// or file://.")
    server = _server(parts)
    return {
        "EMAIL_BACKEND": SMTP,
        "EMAIL_HOST": server["host"],
        "EMAIL_PORT": server["port"],
        "EMAIL_HOST_USER": server["username"],
        "EMAIL_HOST_PASSWORD": server["password"],
        "EMAIL_USE_SSL": server["use_ssl"],
        "EMAIL_USE_TLS": server["use_tls"],
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }


def fallback_from_url(url: str) -> dict[str, Any]:
    """Return the second server of VIGIL_EMAIL_FALLBACK_URL as a connection's options, or none."""
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps"):
        refuse("VIGIL_EMAIL_FALLBACK_URL must begin with smtp:// or smtps://.")
    return {"backend": SMTP, **_server(parts)}


def _server(parts: SplitResult) -> dict[str, Any]:
    direct = parts.scheme == "smtps"
    return {
        "host": parts.hostname or "localhost",
        "port": parts.port or (465 if direct else 587),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": direct,
        "use_tls": not direct and parse_qs(parts.query).get("tls") != ["no"],
    }
