"""The one translator of HubSpot's refusals (4xx) into `sync.errors`.

Messages of HubSpot quote values; what leaves here is the status, categories and property names. All error
fields are optional (docs/vendor-facts.md, refusals), so every one of them is read with care.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.http import Answer
from sync.errors import MissingScope, NotServed, RejectedAction, WarmlineError

log = logging.getLogger(__name__)

MISSING_PROPERTY = "PROPERTY_DOESNT_EXIST"

_EXISTING = re.compile(r"Existing ID: (\d+)")
_CODE = re.compile(r"[A-Za-z][A-Za-z_]{2,60}(\.[A-Za-z_]{3,60})?")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,99}")
_SCOPE = re.compile(r"[a-z][a-z0-9._-]{2,80}")
_CORRELATION = re.compile(r"[0-9A-Za-z-]{8,64}")
# Property errors on contacts come as JSON inside the message:
# [{"isValid":false,"error":"INVALID_OPTION","name":"some_property",…}]
_NAME_IN_MESSAGE = re.compile(
    r'\\?"name\\?":\s*\\?"([a-z][a-z0-9_]{1,99})\\?"|[Pp]roperty \\?"([a-z][a-z0-9_]{1,99})\\?"'
)
_CODE_IN_MESSAGE = re.compile(r'\\?"error\\?":\s*\\?"([A-Z][A-Z_]{2,60})\\?"|\b(PROPERTY_DOESNT_EXIST)\b')
_NAME_KEYS = ("propertyName", "propertyNames", "properties", "property")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What one error object of HubSpot says, without its values.

    `keys`, `ids`: the rows it is about, if it says so.
    """

    category: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    keys: tuple[str, ...]
    ids: tuple[str, ...]
    existing_id: str | None

    @property
    def reason(self) -> str:
        """`CATEGORY / CODE: property, property`."""
        head = " / ".join(dict.fromkeys(part for part in (self.category, *self.codes) if part)) or "refused"
        return f"{head}: {', '.join(self.names)}" if self.names else head

    @property
    def is_missing(self) -> bool:
        """Whether the record does not exist."""
        return self.category == "OBJECT_NOT_FOUND" or "NOT_FOUND" in self.codes


class Refused(RejectedAction):
    """A 4xx with what could be read from it."""

    def __init__(self, status: int, refusal: Refusal) -> None:
        super().__init__(
            f"{status} {refusal.reason}",
            existing_id=refusal.existing_id,
            missing=status == 404 or refusal.is_missing,
        )
        self.status = status
        self.refusal = refusal


def translate(answer: Answer, where: str) -> WarmlineError:
    """The error for a 4xx. `where`: method and path, for the log.

    403: MissingScope, with the scopes HubSpot names, if any.
    """
    body = _body(answer.body)
    refusal = read_refusal(body)
    correlation_id = str(body.get("correlationId") or "")
    log.info(
        "hubspot refused a request",
        extra={
            "action": "hubspot_refused",
            "where": where,
            "status": answer.status,
            "category": refusal.category,
            "correlation_id": correlation_id if _CORRELATION.fullmatch(correlation_id) else "",
        },
    )
    if answer.status == 404 and answer.body and not body:
        return NotServed("The answer is a 404, and not HubSpot's.", fix="Check the base URL and the API version.")
    if answer.status == 403:
        return _forbidden(body, refusal)
    return Refused(answer.status, refusal)


def read_refusal(error: Mapping[str, Any]) -> Refusal:
    """What an error object says: a whole 4xx body, or one entry of a 207's `errors`."""
    parts = [error, *_dicts(error.get("errors"))]
    contexts = [context for part in parts if isinstance(context := part.get("context"), dict)]
    message = " ".join(str(part.get("message") or "") for part in parts)
    existing = _EXISTING.search(message)
    codes = [
        code
        for part in parts
        for key in ("subCategory", "code", "errorType")
        for code in _matching(part.get(key), _CODE)
    ]
    category = next(_matching(error.get("category"), _CODE), "")
    return Refusal(
        category=category,
        codes=tuple(dict.fromkeys([*codes, *_groups(_CODE_IN_MESSAGE, message)])),
        names=tuple(dict.fromkeys([*_named(contexts, _NAME_KEYS, _NAME), *_groups(_NAME_IN_MESSAGE, message)])),
        keys=tuple(_strings(contexts, ("objectWriteTraceId",))),
        ids=tuple(_strings(contexts, ("ids", "id", "objectId", "fromObjectId"))),
        existing_id=existing.group(1) if existing else None,
    )


def _forbidden(body: Mapping[str, Any], refusal: Refusal) -> MissingScope:
    contexts = [
        context for part in (body, *_dicts(body.get("errors"))) if isinstance(context := part.get("context"), dict)
    ]
    scopes = tuple(dict.fromkeys(_named(contexts, ("requiredGranularScopes", "requiredScopes"), _SCOPE)))
    if not scopes:
        return MissingScope(
            f"HubSpot refused (403 {refusal.reason}).",
            fix="Check the scopes of the token with `warmline doctor`.",
        )
    return MissingScope(
        f"The token lacks a scope: one of {', '.join(scopes)}.", scopes=scopes, fix="Add it in HubSpot."
    )


def _body(raw: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _dicts(value: Any) -> Sequence[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _strings(contexts: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> Iterator[str]:
    for context in contexts:
        for key in keys:
            value = context.get(key)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str | int):
                    yield from (part.strip() for part in str(item).strip("[]").split(","))


def _named(contexts: Sequence[Mapping[str, Any]], keys: Sequence[str], shape: re.Pattern[str]) -> Iterator[str]:
    return (text for text in _strings(contexts, keys) if shape.fullmatch(text))


def _matching(value: Any, shape: re.Pattern[str]) -> Iterator[str]:
    if isinstance(value, str) and shape.fullmatch(value):
        yield value


def _groups(shape: re.Pattern[str], text: str) -> list[str]:
    return [next(group for group in found.groups() if group) for found in shape.finditer(text)]
