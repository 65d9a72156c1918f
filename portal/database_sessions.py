"""Sessions in the database; one that is away is not taken for a session that was deleted."""

from __future__ import annotations

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import InterfaceError, OperationalError


class SessionStore(DatabaseSessionStore):
    """Keep its name: Django derives the signature of what is stored from it."""

    def save(self, must_create: bool = False) -> None:
        """Raises OperationalError, hence 503; Django's own answers 400 to every failed update."""
        try:
            super().save(must_create)
        except UpdateError as update:
            if isinstance(update.__context__, OperationalError | InterfaceError):
                raise update.__context__ from None
            raise
