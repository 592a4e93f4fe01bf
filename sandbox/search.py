"""Search: filters, one sort, paging up to the 10,000 wall, a lagging index (docs/vendor-facts.md)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox import objects
from sandbox.clock import to_ms
from sandbox.errors import bad_request
from sandbox.objects import Selection
from sandbox.schema import ObjectSchema, Property
from sandbox.store import ObjectStore, Record
from sandbox.values import canonical

if TYPE_CHECKING:
    from sandbox.state import SandboxState

WALL = 10_000
MAX_LIMIT = 200
MAX_GROUPS, MAX_FILTERS_EACH, MAX_FILTERS = 5, 6, 18
MAX_BODY = 3_000
Value = float | str
Test = Callable[[dict[str, str], str], bool]
TEXT_QUERY = (
    "firstname",
    "lastname",
    "email",
    "phone",
    "hs_additional_emails",
    "hs_task_subject",
    "hs_task_body",
)


def search(state: SandboxState, type_: str, body: dict[str, Any]) -> dict[str, Any]:
    """`total`, one page of `results` and `paging` while there is more. Without a sort in id order.

    ApiError 400 for a bad query.
    """
    if len(json.dumps(body)) > MAX_BODY:
        raise bad_request(f"The request body exceeds {MAX_BODY} characters")
    limit, offset = _window(body)
    store = state.stores[type_]
    matches = _matching(state, store, _groups(state, store.schema, body), str(body.get("query", "")).lower())
    matches = _sorted(store.schema, matches, body.get("sorts") or [])
    wanted = Selection(body.get("properties") or ())
    page = [_shown(state, record, seen, wanted) for record, seen in matches[offset : offset + limit]]
    answer: dict[str, Any] = {"total": len(matches), "results": page}
    if offset + limit < len(matches):
        answer["paging"] = {"next": {"after": str(offset + limit)}}
    return answer


def _shown(state: SandboxState, record: Record, seen: dict[str, str], wanted: Selection) -> dict[str, Any]:
    answer = objects.view(state, record, wanted)
    if seen is not record.properties:
        answer["properties"] = {name: seen.get(name) for name in answer["properties"]}
        answer["updatedAt"] = seen[state.stores[record.type].schema.modified]
    return answer


def _window(body: dict[str, Any]) -> tuple[int, int]:
    limit, after = body.get("limit", 10), body.get("after") or "0"
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_LIMIT:
        raise bad_request(f"limit must be between 1 and {MAX_LIMIT}")
    if not isinstance(after, (str, int)) or not str(after).isdigit():
        raise bad_request("after must be an integer string")
    offset = int(after)
    if offset + limit > WALL:
        raise bad_request(f"The search can page through at most {WALL} results; after + limit was {offset + limit}")
    return limit, offset


def _matching(
    state: SandboxState, store: ObjectStore, groups: list[list[Test]], query: str
) -> list[tuple[Record, dict[str, str]]]:
    found = []
    for record in store.live():
        seen = store.indexed(record, state.search_lag_s)
        if seen is None or (query and not any(query in seen.get(name, "").lower() for name in TEXT_QUERY)):
            continue
        if not groups or any(all(test(seen, record.id) for test in group) for group in groups):
            found.append((record, seen))
    return found


def _groups(state: SandboxState, schema: ObjectSchema, body: dict[str, Any]) -> list[list[Test]]:
    groups = body.get("filterGroups") or ([{"filters": body["filters"]}] if body.get("filters") else [])
    filters = [group.get("filters") or [] for group in groups]
    if (
        len(groups) > MAX_GROUPS
        or any(len(each) > MAX_FILTERS_EACH for each in filters)
        or sum(map(len, filters)) > MAX_FILTERS
    ):
        raise bad_request(
            f"At most {MAX_GROUPS} filterGroups of {MAX_FILTERS_EACH} filters, {MAX_FILTERS} filters in all"
        )
    return [[_test(state, schema, each) for each in group] for group in filters]


def _test(state: SandboxState, schema: ObjectSchema, given: dict[str, Any]) -> Test:
    name, operator = given.get("propertyName", ""), given.get("operator", "")
    if name.startswith("associations."):
        return _association_test(state, schema, name, given)
    definition = schema.live(name)
    if definition is None:
        raise bad_request(f"There was a problem with the request: property {name!r} does not exist")
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return lambda seen, _: (name in seen) == (operator == "HAS_PROPERTY")
    if operator in ("IN", "NOT_IN"):
        return _membership_test(definition, given)
    if operator == "BETWEEN":
        low, high = _operand(definition, given, "value"), _operand(definition, given, "highValue")
        inside: Callable[[Any], bool] = lambda value: low <= value <= high  # noqa: E731
        return lambda seen, _: name in seen and inside(_value(definition, seen[name]))
    if operator == "CONTAINS_TOKEN":
        token = str(_operand(definition, given, "value")).lower().strip("*")
        return lambda seen, _: token in seen.get(name, "").lower()
    compare = COMPARISONS.get(operator)
    if compare is None:
        raise bad_request(f"There was a problem with the request: operator {operator!r} is not supported")
    wanted = _operand(definition, given, "value")
    return lambda seen, _: name in seen and compare(_value(definition, seen[name]), wanted)


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": lambda a, b: a == b,
    "NEQ": lambda a, b: a != b,
    "LT": lambda a, b: a < b,
    "LTE": lambda a, b: a <= b,
    "GT": lambda a, b: a > b,
    "GTE": lambda a, b: a >= b,
}


def _membership_test(definition: Property, given: dict[str, Any]) -> Test:
    raw = given.get("values")
    if not isinstance(raw, list) or not raw:
        raise bad_request(f"Operator {given['operator']} needs a list of values")
    # The index holds strings in lower case and IN compares as given: upper-case values find nothing, as at
    # HubSpot.
    wanted = {str(value) if definition.type == "string" else _typed(definition, value) for value in raw}
    expected = given["operator"] == "IN"
    return lambda seen, _: definition.name in seen and (_value(definition, seen[definition.name]) in wanted) == expected


def _association_test(state: SandboxState, schema: ObjectSchema, name: str, given: dict[str, Any]) -> Test:
    other = state.type_name(name.split(".", 1)[1])
    values = given.get("values") if given.get("operator") == "IN" else [given.get("value")]
    if given.get("operator") not in ("EQ", "IN") or not values or None in values:
        raise bad_request(f"Filter on {name} takes EQ or IN with a record id")
    linked = {object_id for value in values for object_id in state.associations.of(other, str(value), schema.name)}
    return lambda _, record_id: record_id in linked


def _operand(definition: Property, given: dict[str, Any], key: str) -> Value:
    if given.get(key) is None:
        raise bad_request(f"Operator {given['operator']} on {definition.name} needs {key}")
    value = _typed(definition, given[key])
    return value.lower() if isinstance(value, str) and definition.type == "string" else value


def _typed(definition: Property, raw: Any) -> Value:
    if definition.type == "number":
        return float(canonical(definition, raw) or "nan")
    if definition.type in ("datetime", "date"):
        return to_ms(canonical(definition, str(raw)))
    return str(raw)


def _value(definition: Property, text: str) -> Value:
    if definition.type == "number":
        return float(text)
    if definition.type in ("datetime", "date"):
        return to_ms(text)
    return text.lower() if definition.type == "string" else text


def _sorted(
    schema: ObjectSchema, matches: list[tuple[Record, dict[str, str]]], sorts: list[Any]
) -> list[tuple[Record, dict[str, str]]]:
    if len(sorts) > 1:
        raise bad_request("Only one sort is supported")
    if not sorts:
        return matches
    name, descending = _sort(sorts[0])
    definition = schema.live(name)
    if definition is None:
        raise bad_request(f"There was a problem with the request: cannot sort on unknown property {name!r}")
    having = [match for match in matches if name in match[1]]
    without = [match for match in matches if name not in match[1]]
    # ISO stamps of one shape sort as text, which spares parsing every record.
    key = (lambda text: text) if definition.type in ("datetime", "date") else (lambda text: _value(definition, text))
    having.sort(key=lambda match: key(match[1][name]), reverse=descending)
    return having + without


def _sort(given: Any) -> tuple[str, bool]:
    if isinstance(given, str):
        return given.removeprefix("-"), given.startswith("-")
    direction = given.get("direction", "ASCENDING")
    if direction not in ("ASCENDING", "DESCENDING"):
        raise bad_request(f"Sort direction {direction!r} is not supported")
    return given.get("propertyName", ""), direction == "DESCENDING"
