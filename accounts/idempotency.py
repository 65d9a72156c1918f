"""Repeat a request without repeating its effect: the `Idempotency-Key` header.

The key is inserted before anything else happens. Of several requests with one key, all but
the first wait at the unique constraint until the first one's transaction ends, and then find
its answer. A request that fails takes its key with it, so it can be tried again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api_views import TokenView
from accounts.models import ApiToken, IdempotentRequest

KEPT_FOR: Final = dt.timedelta(hours=24)
LONGEST_KEY: Final = 255

View = TypeVar("View", bound=TokenView)
P = ParamSpec("P")


class KeyReused(APIException):
    """The key already belongs to a request with another address or body."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "key_reused"

    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key was used for another request. Use a new one."))


def repeatable(
    handler: Callable[Concatenate[View, Request, P], Response],
) -> Callable[Concatenate[View, Request, P], Response]:
    """Let a POST handler of a `TokenView` be repeated safely under an `Idempotency-Key`."""

    @wraps(handler)
    def once(view: View, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        content: bytes = request.body  # before `data`, which would leave nothing to read
        _parsed = request.data  # what is no JSON is refused here, also where no field is read
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        row = claim(
            token=view.caller.token,
            key=key,
            fingerprint=fingerprint(request.method or "", request.path, content),
            now=view.now,
        )
        if row.status is not None:
            replayed = {"Idempotent-Replayed": "true"}
            return Response(json.loads(row.body), status=row.status, headers=replayed)
        response = handler(view, request, *args, **kwargs)
        keep(row, response)
        return response

    return once


def claim(*, token: ApiToken, key: str, fingerprint: str, now: dt.datetime) -> IdempotentRequest:
    """The row of this key; its `status` is None when the request is to be carried out now.

    Raises `ValidationError` for a key that cannot be one, `KeyReused` for one in use.
    """
    if not (key.isascii() and key.isprintable() and 1 <= len(key) <= LONGEST_KEY):
        raise ValidationError(
            {"Idempotency-Key": _("Use 1 to 255 printable ASCII characters, such as a UUID.")}
        )
    row, _fresh = IdempotentRequest.objects.get_or_create(
        token=token,
        key=key,
        defaults={
            "organization_id": token.organization_id,
            "fingerprint": fingerprint,
            "created_at": now,
        },
    )
    if row.created_at < now - KEPT_FOR:
        row = _renewed(row, fingerprint=fingerprint, now=now)
    if row.fingerprint != fingerprint:
        raise KeyReused
    return row


def keep(row: IdempotentRequest, response: Response) -> None:
    """Remember a successful answer, byte for byte."""
    row.status = response.status_code
    row.body = JSONRenderer().render(response.data).decode()
    row.save(update_fields=["status", "body"])


def fingerprint(method: str, path: str, content: bytes) -> str:
    """What makes a request the same as an earlier one, as SHA-256 in hex."""
    return hashlib.sha256(b"\0".join([method.encode(), path.encode(), content])).hexdigest()


def _renewed(row: IdempotentRequest, *, fingerprint: str, now: dt.datetime) -> IdempotentRequest:
    """Give an expired key a second life; of several at once the first does, the others wait."""
    locked = IdempotentRequest.objects.select_for_update().get(pk=row.pk)
    if locked.created_at >= now - KEPT_FOR:
        return locked
    locked.fingerprint, locked.created_at = fingerprint, now
    locked.status, locked.body = None, ""
    locked.save()
    return locked
