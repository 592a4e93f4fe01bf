"""What HubSpot stores for a value, and what it refuses."""

from __future__ import annotations

import pytest

from sandbox.errors import ApiError
from sandbox.schema import Property
from sandbox.values import appended, canonical


def definition(type_: str, field_type: str = "text", *values: str) -> Property:
    options = [{"label": value, "value": value} for value in values]
    return Property("prop", type_, field_type, "group", options=options)


@pytest.mark.parametrize(
    ("given", "raw", "stored"),
    [
        (definition("string"), "", ""),  # clears
        (definition("number"), 3, "3"),  # JSON numbers become text
        (definition("number"), "3.50", "3.50"),
        (definition("bool"), True, "true"),
        (definition("datetime"), "1763974800000", "2025-11-24T09:00:00.000Z"),
        (definition("datetime"), "2026-11-24T09:00:00+01:00", "2026-11-24T08:00:00.000Z"),
        (definition("date"), "2026-11-24", "2026-11-24"),
        (definition("date"), "1763942400000", "2025-11-24"),
        (definition("enumeration", "checkbox", "a", "b"), "a;b", "a;b"),
    ],
)
def test_a_good_value_is_stored_as_text(given: Property, raw: object, stored: str) -> None:
    assert canonical(given, raw) == stored


@pytest.mark.parametrize(
    ("given", "raw", "code"),
    [
        (definition("number"), "veel", "INVALID_LONG"),
        (definition("number"), "nan", "INVALID_LONG"),
        (definition("bool"), "ja", "INVALID_OPTION"),
        (definition("datetime"), "24-11-2026", "INVALID_DATE"),
        (definition("date"), "1763974800000", "INVALID_DATE"),  # not midnight UTC
        (definition("enumeration", "select", "HIGH"), "high", "INVALID_OPTION"),
        (definition("string"), "x" * 65_537, "INVALID_STRING"),
        (definition("string"), None, None),
        (definition("string"), ["x"], None),
    ],
)
def test_a_bad_value_is_refused_with_its_code(given: Property, raw: object, code: str | None) -> None:
    with pytest.raises(ApiError) as caught:
        canonical(given, raw)

    assert (caught.value.status, caught.value.code) == (400, code)


def test_a_leading_semicolon_appends_to_a_checkbox() -> None:
    assert appended(definition("enumeration", "checkbox"), "a;b", ";b;c") == "a;b;c"
    assert appended(definition("string"), "a", ";b") == ";b"
