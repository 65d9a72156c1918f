"""What the API answers when something is wrong, in one shape.

`{"detail": "…", "errors": {"subject": ["…"]}}`: one sentence always, and where fields are
wrong what is wrong with each. Nothing a refused request has done stays: the transaction,
which the middleware opened, is rolled back.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig
from django.core.exceptions import ValidationError as ModelValidationError
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

log = structlog.get_logger(__name__)

WHOLE = (NON_FIELD_ERRORS, "non_field_errors")


class Conflict(exceptions.APIException):
    """Not possible in the state the ticket is in."""

    status_code = status.HTTP_409_CONFLICT


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


class Unavailable(exceptions.APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    wait = 5  # seconds, for Retry-After


def answer(problem: Exception, context: dict[str, Any]) -> Response | None:
    """The response to an exception in a view; None lets Django answer 500 and log it."""
    response = exception_handler(_api_exception(problem), context)
    if response is None:
        return None
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    response.data = _shaped(response.data)
    return response


def _api_exception(problem: Exception) -> Exception:
    if isinstance(problem, Http404):
        return exceptions.NotFound()  # the same words for what is foreign and what is nowhere
    if isinstance(problem, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024
        return TooLarge(
            _("The request is too large; at most %(limit)d KiB fit.") % {"limit": limit}
        )
    if isinstance(problem, ModelValidationError):
        if getattr(problem, "code", None) == "wrong_state":
            return Conflict(" ".join(problem.messages))
        if hasattr(problem, "error_dict"):
            return exceptions.ValidationError(problem.message_dict)
        return exceptions.ValidationError(problem.messages)
    if isinstance(problem, IntegrityError | DataError):
        # PostgreSQL's own words name rows, possibly somebody else's.
        log.warning(
            "api.refused_by_database", kind=type(problem).__name__, constraint=_constraint(problem)
        )
        return exceptions.ValidationError(_("This is not possible."))
    if isinstance(problem, OperationalError):
        log.warning("api.database_unavailable", kind=type(problem.__cause__).__name__)
        return Unavailable(_("This takes too long just now. Please try again."))
    return problem


def _constraint(problem: Exception) -> str:
    diagnosis = getattr(problem.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _shaped(data: Any) -> dict[str, Any]:
    if isinstance(data, list):
        return {"detail": " ".join(str(message) for message in data)}
    if list(data) == ["detail"] and not isinstance(data["detail"], list):
        return {"detail": str(data["detail"])}
    whole = [str(message) for name in WHOLE for message in data.get(name, [])]
    errors = {name: messages for name, messages in data.items() if name not in WHOLE}
    if not errors:
        return {"detail": " ".join(whole)}
    return {"detail": " ".join(whole) or _("Some values cannot be accepted."), "errors": errors}
