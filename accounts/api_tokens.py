"""API tokens: made and revoked by an organization's admins, and recognised in requests.

A secret reads `vgl_`, 43 characters of base62 (256 bits of chance) and 8 of checksum, so that
scanners can find a leaked one and a typing error never reaches the database. Only its SHA-256
is kept: with that much chance in it, a slow hash would add nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import string
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts import access, events
from accounts.models import ApiToken, Membership, Organization
from accounts.viewer import Viewer

PREFIX: Final = "vgl_"
LONGEST_LIFE: Final = dt.timedelta(days=366)
MOST_LIVE: Final = 20  # in one organization: each has a rate limit of its own
LAST_USE_PRECISION: Final = dt.timedelta(minutes=1)

_ALPHABET: Final = string.ascii_letters + string.digits
_CHANCE: Final = 43
_CHECKSUM: Final = 8
_HINT: Final = len(PREFIX) + 6


@dataclass(frozen=True, slots=True)
class Caller:
    """A recognised token, and who it acts as: its creator, within its scopes."""

    token: ApiToken
    viewer: Viewer


@transaction.atomic
def create(
    *,
    by: Viewer,
    organization: Organization,
    name: str,
    scopes: Iterable[str],
    now: dt.datetime,
    expires_at: dt.datetime,
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which nobody can see a second time.

    Raises `ValidationError` with messages at `name`, `scopes` or `expires_at`.
    """
    access.require(by, "token.manage", organization.pk)
    if by.user is None:
        raise ValueError("A token is made by a person, whose rights it carries.")
    name, wanted = _clean_name(name), _clean_scopes(scopes)
    if not now < expires_at <= now + LONGEST_LIFE:
        raise ValidationError({"expires_at": _("Choose a time within the next 366 days.")})
    if _live(organization, now=now).count() >= MOST_LIVE:
        raise ValidationError(
            _("There are %(count)d valid tokens already. Revoke one first.") % {"count": MOST_LIVE}
        )
    secret = _new_secret()
    token = ApiToken.objects.create(
        organization=organization,
        created_by=by.user,
        name=name,
        hint=secret[:_HINT],
        token_hash=_hash(secret),
        scopes=wanted,
        created_at=now,
        expires_at=expires_at,
    )
    _record(token, "token.created", by=by, now=now)
    return token, secret


@transaction.atomic
def revoke(*, token: ApiToken, by: Viewer, now: dt.datetime) -> ApiToken:
    """End a token at once and for good. Revoking it a second time changes nothing."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    access.require(by, "token.manage", token.organization_id)
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        _record(token, "token.revoked", by=by, now=now)
    return token


def authenticate(secret: str, *, now: dt.datetime) -> Caller | None:
    """Recognise a secret; runs as the login role, before any tenant's rows are in reach.

    None, and nothing more, for a secret that is malformed, unknown, expired or revoked, and
    when its creator may no longer log in, has left the organization or may no longer make
    tokens there. Looking up the hash leaks no timing about the secret.
    """
    if not _well_formed(secret):
        return None
    role = Membership.objects.filter(
        organization=OuterRef("organization"), user=OuterRef("created_by")
    ).values("role")
    token = (
        ApiToken.objects.filter(
            token_hash=_hash(secret),
            revoked_at=None,
            expires_at__gt=now,
            created_by__is_active=True,
        )
        .exclude(created_by__is_staff=True)
        .annotate(role=Subquery(role[:1]))
        .select_related("organization", "created_by")
        .first()
    )
    if token is None or token.role not in access.VERBS["token.manage"]:
        return None
    _note_use(token, now=now)
    return Caller(
        token=token,
        viewer=Viewer(
            user=token.created_by,
            roles={token.organization_id: token.role},
            scopes=frozenset(token.scopes) & access.SCOPES.keys(),
        ),
    )


def _note_use(token: ApiToken, *, now: dt.datetime) -> None:
    """Write down the last use once a minute; of parallel requests one does, the others pass."""
    before = now - LAST_USE_PRECISION
    if token.last_used_at is not None and token.last_used_at >= before:
        return
    stale = ApiToken.objects.filter(
        Q(last_used_at=None) | Q(last_used_at__lt=before), pk=token.pk
    ).select_for_update(skip_locked=True, no_key=True)
    ApiToken.objects.filter(pk__in=stale.values("pk")).update(last_used_at=now)


def _live(organization: Organization, *, now: dt.datetime) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(organization=organization, revoked_at=None, expires_at__gt=now)


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > 60 or not cleaned.isprintable():
        raise ValidationError({"name": _("Give it a name of 1 to 60 characters.")})
    return cleaned


def _clean_scopes(scopes: Iterable[str]) -> list[str]:
    wanted = set(scopes)
    if not wanted or not wanted <= access.SCOPES.keys():
        known = ", ".join(access.SCOPES)
        raise ValidationError({"scopes": _("Choose from: %(scopes)s.") % {"scopes": known}})
    return sorted(wanted)


def _new_secret() -> str:
    chance = "".join(secrets.choice(_ALPHABET) for _position in range(_CHANCE))
    return PREFIX + chance + _checksum(chance)


def _well_formed(secret: str) -> bool:
    if not (secret.isascii() and secret.startswith(PREFIX)):
        return False
    rest = secret.removeprefix(PREFIX)
    return len(rest) == _CHANCE + _CHECKSUM and rest[_CHANCE:] == _checksum(rest[:_CHANCE])


def _checksum(chance: str) -> str:
    return f"{zlib.crc32(chance.encode()):08x}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(token: ApiToken, verb: str, *, by: Viewer, now: dt.datetime) -> None:
    events.record(
        verb=verb,
        subject=f"token/{token.pk}",
        by=by,
        at=now,
        organization_id=token.organization_id,
        hint=token.hint,
        scopes=token.scopes,
    )
