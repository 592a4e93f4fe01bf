"""Property values as HubSpot takes and stores them: always text, checked by type (docs/vendor-facts.md)."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import Any

from sandbox.clock import to_iso, to_moment
from sandbox.errors import ApiError, bad_request, invalid_property
from sandbox.schema import Property

MAX_TEXT = 65_536
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


def canonical(definition: Property, raw: Any) -> str:
    """The stored text of `raw`; "" clears. JSON numbers and booleans become text.

    Raises ApiError 400 when refused.
    """
    text = _as_text(definition.name, raw)
    if text == "":
        return ""
    if len(text) > MAX_TEXT:
        raise invalid_property(
            definition.name, f"{definition.name} is longer than {MAX_TEXT} characters", "INVALID_STRING"
        )
    if definition.name == "email":
        return _email(text)
    if definition.name == "hs_task_reminders":
        return _reminders(definition, text)
    convert = {
        "number": _number,
        "datetime": _datetime,
        "date": _date,
        "bool": _bool,
        "enumeration": _options,
    }
    check = convert.get(definition.type)
    return check(definition, text) if check else text


def _as_text(name: str, raw: Any) -> str:
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, (int, float)):
        return str(raw)
    if not isinstance(raw, str):
        raise bad_request(f"Invalid input JSON: the value of property {name} must be a string")
    return raw


def _email(text: str) -> str:
    address = text.strip().lower()
    if not EMAIL.fullmatch(address):
        raise invalid_property("email", "Email address is invalid", "INVALID_EMAIL")
    return address


def _reminders(definition: Property, text: str) -> str:
    if not text.isdigit():
        raise invalid_property(definition.name, "hs_task_reminders takes milliseconds only", "INVALID_LONG")
    return text


def _number(definition: Property, text: str) -> str:
    try:
        finite = math.isfinite(float(text))
    except ValueError:
        finite = False
    if not finite:
        raise invalid_property(definition.name, f"{text[:40]} was not a valid number.", "INVALID_LONG")
    return text


def _datetime(definition: Property, text: str) -> str:
    try:
        return to_iso(_moment(text))
    except (ValueError, OverflowError, OSError):
        raise invalid_property(definition.name, f"{text[:40]} was not a valid date.", "INVALID_DATE") from None


def _date(definition: Property, text: str) -> str:
    try:
        moment = _moment(text)
    except (ValueError, OverflowError, OSError):
        raise invalid_property(definition.name, f"{text[:40]} was not a valid date.", "INVALID_DATE") from None
    if (moment.hour, moment.minute, moment.second, moment.microsecond) != (0, 0, 0, 0):
        raise invalid_property(definition.name, f"{text[:40]} is not at midnight UTC", "INVALID_DATE")
    return moment.date().isoformat()


def _moment(text: str) -> datetime:
    if re.fullmatch(r"-?\d{10,}", text):
        return to_moment(datetime.fromtimestamp(int(text) / 1000, UTC))
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        raise ValueError(text)
    return to_moment(text)


def _bool(definition: Property, text: str) -> str:
    if text not in ("true", "false"):
        raise _bad_option(definition, text)
    return text


def _options(definition: Property, text: str) -> str:
    allowed = {option["value"] for option in definition.options}
    many = definition.field_type == "checkbox"
    for value in text.strip(";").split(";") if many else [text]:
        if allowed and value not in allowed:
            raise _bad_option(definition, value)
    return text


def _bad_option(definition: Property, value: str) -> ApiError:
    allowed = [option["value"] for option in definition.options]
    return invalid_property(
        definition.name, f"{value[:40]} was not one of the allowed options: {allowed}", "INVALID_OPTION"
    )


def appended(definition: Property, present: str, text: str) -> str:
    """The multi-checkbox value after a leading `;`, which appends instead of replacing."""
    if definition.field_type != "checkbox" or not text.startswith(";"):
        return text
    chosen = [value for value in present.split(";") if value]
    return ";".join(chosen + [value for value in text.split(";") if value and value not in chosen])
