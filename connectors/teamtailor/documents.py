"""Teamtailor's JSON:API documents, made flat: a resource with its attributes, and what is joined from `included`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.protocols import Rejected
from connectors.rows import Row, count_of, cut, id_of, split_readable

STAGES = "stages"


@dataclass(frozen=True, slots=True)
class Document:
    """One page: flat rows in the vendor's order, notes on unreadable ones, all rows there are, whether it is the last.

    Every row has `id`, `updated-at` and the fields asked for.
    """

    rows: Sequence[Row]
    rejected: Sequence[Rejected]
    total: int | None
    last: bool


class Included:
    """Related resources by type and id."""

    def __init__(self, given: object) -> None:
        known = [one for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []
        self._found = {(str(one.get("type")), id_of(one.get("id"))): one for one in known}

    def attributes(self, pointer: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is known of a resource; empty when it was not included."""
        found = self._found.get((str(pointer.get("type")), id_of(pointer.get("id"))), {})
        return _mapping(found.get("attributes"))


def parse(body: Mapping[str, Any], fields: Sequence[str], number: int, size: int) -> Document:
    """The page of a number. `fields`: attribute, `link.<name>`, `<relation>_id` or `<relation>.<attribute>`.

    Raises KeyError nowhere: what is absent is left out.
    """
    given = body.get("data")
    resources, rejected = split_readable(given if isinstance(given, list) else [])
    included = Included(body.get("included"))
    rows = [flat(one, fields, included) for one in resources]
    meta = _mapping(body.get("meta"))
    return Document(rows, rejected, count_of(meta.get("record-count")), _is_last(body, number, len(rows), size))


def flat(resource: Row, fields: Sequence[str], included: Included) -> Row:
    """A resource as one row."""
    attributes = _mapping(resource.get("attributes"))
    row: Row = {"id": resource["id"], "updated-at": attributes.get("updated-at")}
    for name in fields:
        found = _value(resource, attributes, name, included)
        if found is not None:
            row[name] = found
    return row


def stages_in(resource: Row, fields: Sequence[str], included: Included) -> list[Row] | None:
    """The stages that came with a job; None when they did not."""
    relation = _mapping(_mapping(resource.get("relationships")).get(STAGES))
    pointers = relation.get("data")
    if not isinstance(pointers, list):
        return None
    known = [{**one, "attributes": included.attributes(one)} for one in pointers if isinstance(one, Mapping)]
    rows = [one for one in known if id_of(one.get("id")) is not None and one["attributes"]]
    return [cut(flat(one, fields, included), fields) for one in rows] if len(rows) == len(pointers) else None


def related(resource: Row, name: str) -> Mapping[str, Any] | None:
    """The pointer of a to-one relation; None when it is empty or was not asked for."""
    data = _mapping(_mapping(resource.get("relationships")).get(name)).get("data")
    return data if isinstance(data, Mapping) else None


def _value(resource: Row, attributes: Mapping[str, Any], name: str, included: Included) -> Any:
    if name.startswith("link."):
        return _mapping(resource.get("links")).get(name.removeprefix("link."))
    if name.endswith("_id"):
        pointer = related(resource, name.removesuffix("_id").replace("_", "-"))
        return id_of(pointer.get("id")) if pointer else None
    relation, _, attribute = name.rpartition(".")
    if relation:
        pointer = related(resource, relation)
        return included.attributes(pointer).get(attribute) if pointer else None
    found = attributes.get(name)
    return attributes.get(name.replace("-", "_")) if found is None else found  # older versions spell some with _


def _is_last(body: Mapping[str, Any], number: int, rows: int, size: int) -> bool:
    links, pages = body.get("links"), count_of(_mapping(body.get("meta")).get("page-count"))
    if isinstance(links, Mapping) and links:
        return not links.get("next")
    return number >= pages if pages is not None else rows < size


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def pointers(rows: Sequence[Row], name: str) -> Iterator[tuple[Row, str]]:
    """Each resource with the id of what it belongs to, where that is known."""
    for row in rows:
        pointer = related(row, name)
        found = id_of(pointer.get("id")) if pointer else None
        if found is not None:
            yield row, found
