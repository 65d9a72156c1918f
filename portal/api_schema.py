"""The OpenAPI description: bearer tokens, and the one shape of every error."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

ERROR: Final = {
    "type": "object",
    "required": ["detail"],
    "properties": {
        "detail": {"type": "string", "description": "What is wrong, as a sentence."},
        "errors": {
            "type": "object",
            "description": "Where single fields or parameters are wrong: their messages.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "example": {
        "detail": "Some values cannot be accepted.",
        "errors": {"subject": ["This field is required."]},
    },
}
READING: Final = {
    "400": "A parameter is unknown or wrong; it is named.",
    "401": "The token is missing, mistyped, expired or revoked.",
    "403": "The token's scopes, or its creator's role, do not allow this.",
    "429": "Too many requests; `Retry-After` says how many seconds to wait.",
}
OF_ONE: Final = {"404": "There is no such ticket in this organization."}
WRITING: Final = {
    "400": "A field is missing or wrong; it is named.",
    "413": "The request is too large.",
    "415": "The body is not `application/json`.",
    "422": "The `Idempotency-Key` was used for another request.",
    "503": "The database is too busy; try again after `Retry-After` seconds.",
}
IN_WRONG_STATE: Final = {"409": "Not possible in the state the ticket is in."}


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "portal.api_authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token of your organization: `Authorization: Bearer vgl_…`.",
        }


def describe_errors(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Add to each operation the errors it can answer with, and to POST the idempotency key."""
    result["components"]["schemas"]["Error"] = ERROR
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            errors = dict(READING)
            if "{reference}" in path:
                errors |= OF_ONE
                for parameter in operation["parameters"]:
                    if parameter["name"] == "reference":
                        parameter |= {"description": "Of the ticket.", "example": "STAR-42"}
            if method == "post":
                errors |= WRITING | (IN_WRONG_STATE if "{reference}" in path else {})
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
            for code, description in sorted(errors.items()):
                operation["responses"].setdefault(code, _error(description))
    return result


IDEMPOTENCY_KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": (
        "Any value of your own, such as a UUID. Repeating the same request with the same key "
        "within 24 hours gives the first answer again, with `Idempotent-Replayed: true`, and "
        "changes nothing."
    ),
    "example": "0d1f3a52-7b0c-4c5c-9f6e-4f4b8f0f2a11",
}


def _error(description: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {"description": description, "content": content}
