"""Whether a session has passed a second factor.

A mark in the session, with the person's key: set when an authenticator was used or added in
this session, taken away when one is removed. allauth decides what is a valid use.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.http import HttpRequest

from accounts.models import User

SESSION_PASSED = "second_factor"


def passed(request: HttpRequest) -> bool:
    """Whether this session's person used their second factor in it, a passkey included."""
    user = request.user
    return user.is_authenticated and request.session.get(SESSION_PASSED) == user.pk


def is_set_up(user: User) -> bool:
    """Whether the person has a TOTP app or a passkey; recovery codes alone are none."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=types).exists())


def _mark(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    request.session[SESSION_PASSED] = user.pk


def _unmark(*, request: HttpRequest, **_kwargs: Any) -> None:
    request.session.pop(SESSION_PASSED, None)


# allauth's own signals: it has no other way to be told.
authenticator_used.connect(_mark)
authenticator_added.connect(_mark)
authenticator_removed.connect(_unmark)
