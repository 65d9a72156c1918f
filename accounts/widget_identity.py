"""Who chats by the widget: a token their organization signed, exchanged for a key of ours.

Runs as the login role, before any tenant's rows are in reach. The token is a JSON Web Token
(RFC 7519), HS256 with the organization's secret, good once and for ten minutes at most; the key
is random, lives for an hour in the frame's memory, and is looked up anew with each request.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any, Final

import jwt
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery

from accounts.models import Membership, Organization, WidgetKey, WidgetSession
from accounts.viewer import Viewer
from accounts.widget_keys import secret_of

AUDIENCE: Final = "vigil-widget"
TOKEN_LIVES: Final = dt.timedelta(minutes=10)
KEY_LIVES: Final = dt.timedelta(hours=1)
CLOCKS_DIFFER: Final = dt.timedelta(seconds=60)  # the customer's server and ours
NONCE_LENGTHS: Final = range(16, 65)
LONGEST_TOKEN: Final = 4096
LONGEST_ADDRESS: Final = 254
KEY_PREFIX: Final = "vgw_"


class Refused(Exception):
    """`reason` helps whoever signs; it says more than "signature" only to who has the secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody a key was recognised of."""

    session: WidgetSession
    viewer: Viewer
    organization: Organization


def sign_in(*, organization_key: str, token: str, now: dt.datetime) -> str:
    """Exchange a token for a key; `Refused` with the reason. A token works once."""
    if not (organization_key.isascii() and organization_key.isalnum()):
        raise Refused("signature")
    key = (
        WidgetKey.objects.select_related("organization")
        .filter(organization__key=organization_key, is_on=True)
        .first()
    )
    # Without a key there is still something to compare with, so that both take as long.
    secret = secret_of(key.organization_id, key.generation) if key else secret_of(0, 0)
    claims = _claims(token, secret, organization_key)
    if key is None:
        raise Refused("signature")
    _check_times(claims, now)
    nonce = claims["jti"]
    if len(nonce) not in NONCE_LENGTHS or not (nonce.isascii() and nonce.isprintable()):
        raise Refused("jti")
    member = _member(key, claims["sub"])
    made = KEY_PREFIX + secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            WidgetSession.objects.create(
                organization_id=key.organization_id,
                user=member.user,
                key_hash=digest(made),
                nonce=nonce,
                generation=key.generation,
                created_at=now,
                expires_at=now + KEY_LIVES,
            )
    except IntegrityError:
        raise Refused("used") from None
    return made


def authenticate(key: str, *, now: dt.datetime) -> Visitor | None:
    """Recognise a key; None as soon as its organization, member or secret is not any more."""
    if not key.startswith(KEY_PREFIX) or len(key) > 100:
        return None
    member = Membership.objects.filter(
        organization=OuterRef("organization"), user=OuterRef("user")
    ).values("role")
    current = WidgetKey.objects.filter(
        organization=OuterRef("organization"), generation=OuterRef("generation"), is_on=True
    ).values("generation")
    session = (
        WidgetSession.objects.filter(
            key_hash=digest(key), expires_at__gt=now, user__is_active=True, user__is_staff=False
        )
        .annotate(role=Subquery(member[:1]), current=Subquery(current[:1]))
        .filter(role__isnull=False, current__isnull=False)
        .select_related("organization", "user")
        .first()
    )
    if session is None:
        return None
    viewer = Viewer(user=session.user, roles={session.organization_id: session.role})
    return Visitor(session=session, viewer=viewer, organization=session.organization)


def _member(key: WidgetKey, email: str) -> Membership:
    """Who of the organization that is; nobody is ever made a member here."""
    members = Membership.objects.filter(
        organization=key.organization_id, user__is_active=True, user__is_staff=False
    )
    found = None
    if email.isprintable() and len(email) <= LONGEST_ADDRESS:
        found = members.filter(user__email__iexact=email).select_related("user").first()
    if found is None:
        raise Refused("member")
    return found


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _claims(token: str, secret: str, organization_key: str) -> dict[str, Any]:
    """What the token says, once its signature is ours; times are checked by our own clock."""
    if len(token) > LONGEST_TOKEN:
        raise Refused("signature")
    try:
        found: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            audience=AUDIENCE,
            issuer=organization_key,
            options={
                "require": ["exp", "iat", "sub", "jti", "aud", "iss"],
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except (jwt.InvalidAudienceError, jwt.InvalidIssuerError, jwt.MissingRequiredClaimError):
        raise Refused("claims") from None
    except jwt.PyJWTError:
        raise Refused("signature") from None
    return found


def _check_times(claims: dict[str, Any], now: dt.datetime) -> None:
    """Expired, not yet made, or good for too long."""
    made, ends = claims["iat"], claims["exp"]
    if not (isinstance(made, int) and isinstance(ends, int)):
        raise Refused("claims")
    seconds, skew = now.timestamp(), CLOCKS_DIFFER.total_seconds()
    if ends <= seconds:
        raise Refused("expired")
    if made > seconds + skew or ends - made > TOKEN_LIVES.total_seconds():
        raise Refused("lifetime")
