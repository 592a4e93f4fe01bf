"""The error answers of HubSpot, with the bodies clients parse (docs/vendor-facts.md, refusals)."""

from __future__ import annotations

import json
from typing import Any


class ApiError(Exception):
    """An answer that is not 2xx. `fields` are the body's other fields.

    `code` the property validation code, if any.
    """

    def __init__(
        self, status: int, message: str, category: str | None, *, code: str | None = None, **fields: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.category = category
        self.code = code
        self.fields = fields

    def body(self, correlation_id: str) -> dict[str, Any]:
        """The JSON body; `category` is left out where HubSpot leaves it out."""
        body: dict[str, Any] = {"status": "error", "message": self.message, "correlationId": correlation_id}
        if self.category:
            body["category"] = self.category
        return body | self.fields

    def row(self, **context: list[str]) -> dict[str, Any]:
        """The same error as one entry of a 207's `errors`."""
        merged = dict(self.fields.get("context", {})) | context
        entry: dict[str, Any] = {
            "status": "error",
            "category": self.category or "VALIDATION_ERROR",
            "message": self.message,
        }
        if "subCategory" in self.fields:
            entry["subCategory"] = self.fields["subCategory"]
        return entry | {"context": merged}


def bad_request(message: str, **fields: Any) -> ApiError:
    """400 VALIDATION_ERROR."""
    return ApiError(400, message, "VALIDATION_ERROR", **fields)


def invalid_property(name: str, message: str, code: str) -> ApiError:
    """400 as HubSpot writes it when a property value is refused: the details are JSON inside the message."""
    detail = [{"isValid": False, "message": message, "error": code, "name": name, "localizedErrorMessage": message}]
    error = {"message": message, "code": code, "context": {"propertyName": [name]}}
    return ApiError(
        400,
        f"Property values were not valid: {json.dumps(detail)}",
        "VALIDATION_ERROR",
        code=code,
        errors=[error],
    )


def not_found(message: str = "Object not found.  objectId are usually numeric.", **fields: Any) -> ApiError:
    """404 OBJECT_NOT_FOUND."""
    return ApiError(404, message, "OBJECT_NOT_FOUND", **fields)


def contact_exists(contact_id: str) -> ApiError:
    """409 with the id clients parse out of the sentence."""
    return ApiError(409, f"Contact already exists. Existing ID: {contact_id}", "CONFLICT")


def unique_conflict(name: str, object_id: str, holder_id: str) -> ApiError:
    """Another record has this value of a unique property."""
    message = (
        f"Cannot set PropertyValueCoordinates{{propertyName={name}}} on {object_id}. "
        f"{holder_id} already has that value."
    )
    return ApiError(400, message, "UNIQUE_VALUE_CONFLICT", errorType="UNIQUE_VALUE_CONFLICT")


def unauthenticated() -> ApiError:
    """401 for a missing or wrong token."""
    message = (
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find "
        "more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
    )
    return ApiError(401, message, "INVALID_AUTHENTICATION")


def expired() -> ApiError:
    """401 for a token of an installed app that has ended."""
    message = "The OAuth token used to make this call expired. Refresh it."
    return ApiError(401, message, "EXPIRED_AUTHENTICATION")


def too_long() -> ApiError:
    """414: properties belong in a batch/read when the list of names is long."""
    return ApiError(414, "URI Too Long", None)


def missing_scopes(scopes: list[str]) -> ApiError:
    """403 with the scopes that would have sufficed."""
    error = {
        "message": "One or more of the following scopes are required.",
        "context": {"requiredGranularScopes": scopes},
    }
    return ApiError(
        403,
        "This app hasn't been granted all required scopes to make this call. Read more about required "
        "scopes here: https://developers.hubspot.com/scopes.",
        "MISSING_SCOPES",
        errors=[error],
        links={"scopes": "https://developers.hubspot.com/scopes"},
    )


def too_many(policy: str) -> ApiError:
    """429 by policy: DAILY, TEN_SECONDLY_ROLLING or SECONDLY (search, which has no policyName)."""
    if policy == "SECONDLY":
        return ApiError(429, "You have reached your secondly limit.", "RATE_LIMITS")
    if policy == "DAILY":
        return ApiError(
            429,
            "You have reached your daily limit.",
            None,
            errorType="RATE_LIMIT",
            policyName="DAILY",
            requestId="sandbox",
        )
    return ApiError(
        429,
        "You have reached your ten_secondly_rolling limit.",
        None,
        errorType="RATE_LIMIT",
        policyName="TEN_SECONDLY_ROLLING",
        groupName="publicapi:sandbox",
    )
