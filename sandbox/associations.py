"""Links between objects of two types, readable from both sides."""

from __future__ import annotations

from typing import Any

from sandbox.errors import ApiError, bad_request
from sandbox.schema import ASSOCIATION_TYPES

Key = tuple[str, str]


class Associations:
    """Unlabelled default associations, in the order they were made."""

    def __init__(self) -> None:
        self._linked: dict[Key, dict[str, dict[str, None]]] = {}

    def add(self, from_type: str, from_id: str, to_type: str, to_id: str) -> None:
        """Link both ways; safe twice."""
        self._linked.setdefault((from_type, from_id), {}).setdefault(to_type, {})[to_id] = None
        self._linked.setdefault((to_type, to_id), {}).setdefault(from_type, {})[from_id] = None

    def remove(self, from_type: str, from_id: str, to_type: str, to_id: str) -> None:
        """Unlink both ways; nothing happens when there was no link."""
        self._linked.get((from_type, from_id), {}).get(to_type, {}).pop(to_id, None)
        self._linked.get((to_type, to_id), {}).get(from_type, {}).pop(from_id, None)

    def of(self, from_type: str, from_id: str, to_type: str) -> list[str]:
        """Ids of `to_type` linked to the object, oldest link first."""
        return list(self._linked.get((from_type, from_id), {}).get(to_type, {}))

    def drop(self, type_: str, object_id: str) -> None:
        """Forget every link of an object that is gone."""
        for other_type, ids in list(self._linked.get((type_, object_id), {}).items()):
            for other_id in list(ids):
                self.remove(type_, object_id, other_type, other_id)

    def move(self, type_: str, old_id: str, new_id: str) -> None:
        """Give the links of a merged record to its survivor."""
        for other_type, ids in list(self._linked.get((type_, old_id), {}).items()):
            for other_id in list(ids):
                self.remove(type_, old_id, other_type, other_id)
                self.add(type_, new_id, other_type, other_id)


def association_type(from_type: str, to_type: str) -> dict[str, Any]:
    """The default type of the pair as answers show it; typeId 0 for a pair the sandbox has no number for."""
    number = ASSOCIATION_TYPES.get((from_type, to_type), 0)
    return {"category": "HUBSPOT_DEFINED", "typeId": number, "label": None}


def inline_targets(from_type: str, entries: Any) -> list[Key]:
    """(type, id) of each entry of a create's `associations`; ApiError 400 for a wrong shape or type id."""
    if not isinstance(entries, list):
        raise bad_request("Invalid input JSON: associations must be a list")
    return [_target(from_type, entry) for entry in entries]


def _target(from_type: str, entry: Any) -> Key:
    try:
        to_id, types = str(entry["to"]["id"]), entry["types"]
        wanted = [(kind["associationCategory"], int(kind["associationTypeId"])) for kind in types]
    except (KeyError, TypeError, ValueError):
        raise bad_request("Invalid input JSON: an association needs to.id and types[].associationTypeId") from None
    for (source, target), number in ASSOCIATION_TYPES.items():
        if source == from_type and ("HUBSPOT_DEFINED", number) in wanted:
            return target, to_id
    raise bad_request(f"One or more association types are not valid from {from_type}: {wanted}")


def invalid_target(type_: str, object_id: str) -> ApiError:
    """400 for a link to an object that does not exist."""
    return bad_request(
        f"One or more associations are not valid: {type_.upper()[:-1]}={object_id} is not valid",
        context={"ids": [object_id]},
    )
