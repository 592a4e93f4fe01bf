"""Every refusal becomes one of our errors, and no value of a person comes along."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.http import Answer
from connectors.hubspot.errors import Refused, read_refusal, translate
from sync.errors import BadAnswer, MissingScope


def refused(status: int, body: Any) -> Refused:
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    error = translate(Answer(status, {}, raw), "POST /x")
    assert isinstance(error, Refused)
    return error


INVALID_OPTION = (
    'Property values were not valid: [{"isValid":false,"message":"Jansen was not one of the allowed options",'
    '"error":"INVALID_OPTION","name":"warmline_band","localizedErrorMessage":"Jansen"}]'
)


@pytest.mark.parametrize(
    ("status", "body", "reason", "existing_id", "missing"),
    [
        (400, {"category": "VALIDATION_ERROR", "message": INVALID_OPTION},
         "400 VALIDATION_ERROR / INVALID_OPTION: warmline_band", None, False),
        (400, {"category": "VALIDATION_ERROR", "message": 'Property "warmline_x" does not exist',
               "errors": [{"code": "PROPERTY_DOESNT_EXIST", "context": {"propertyName": ["warmline_x"]}}]},
         "400 VALIDATION_ERROR / PROPERTY_DOESNT_EXIST: warmline_x", None, False),
        (400, {"category": "VALIDATION_ERROR", "message": "Some required properties were not set.",
               "context": {"properties": ["hs_timestamp"]}},
         "400 VALIDATION_ERROR: hs_timestamp", None, False),
        (409, {"category": "CONFLICT", "message": "Contact already exists. Existing ID: 12345"},
         "409 CONFLICT", "12345", False),
        (404, {"category": "OBJECT_NOT_FOUND", "message": "jan@example.org"},
         "404 OBJECT_NOT_FOUND", None, True),
        (404, "", "404 refused", None, True),
        (400, {"category": "jan@example.org", "errors": [{"context": {"propertyName": ["Jan Jansen"]}}]},
         "400 refused", None, False),  # what does not look like a category or a name is dropped
        (400, [], "400 refused", None, False),
        (414, "", "414 refused", None, False),
    ],
)  # fmt: skip
def test_a_refusal_keeps_category_and_names(
    status: int, body: Any, reason: str, existing_id: str | None, missing: bool
) -> None:
    error = refused(status, body)

    assert (error.reason, error.existing_id, error.missing) == (reason, existing_id, missing)


def test_a_missing_scope_names_the_scopes() -> None:
    body = {
        "category": "MISSING_SCOPES",
        "message": "One or more of the following scopes are required.",
        "errors": [{"context": {"requiredGranularScopes": ["crm.lists.read"]}}],
    }

    error = translate(Answer(403, {}, json.dumps(body).encode()), "GET /x")

    assert isinstance(error, MissingScope)
    assert (error.scopes, "crm.lists.read" in str(error)) == (("crm.lists.read",), True)


def test_a_404_of_somebody_else_is_not_a_missing_record() -> None:
    error = translate(Answer(404, {}, b"<html>jan@example.org</html>"), "GET /x")

    assert isinstance(error, BadAnswer)
    assert "jan@" not in str(error)


def test_a_403_of_another_kind_has_no_scopes() -> None:
    error = translate(Answer(403, {}, b"<html>jan@example.org</html>"), "GET /x")

    assert isinstance(error, MissingScope)
    assert (error.scopes, "jan@" in str(error)) == ((), False)


@pytest.mark.parametrize(
    ("context", "keys", "ids"),
    [
        ({"objectWriteTraceId": ["k1", "k2"]}, ("k1", "k2"), ()),
        ({"objectWriteTraceId": "k1"}, ("k1",), ()),
        ({"ids": ["1", "2"]}, (), ("1", "2")),
        ({"ids": ["[1, 2]"]}, (), ("1", "2")),
        ({"id": 3}, (), ("3",)),
        ("nonsense", (), ()),
    ],
)
def test_the_rows_a_207_error_is_about(context: Any, keys: tuple[str, ...], ids: tuple[str, ...]) -> None:
    refusal = read_refusal({"category": "VALIDATION_ERROR", "context": context})

    assert (refusal.keys, refusal.ids) == (keys, ids)
