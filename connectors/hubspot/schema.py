"""Contact properties and their group: what the portal has, and making or removing ours (docs/vendor-facts.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.hubspot.bridge import Bridge, results_of
from connectors.hubspot.errors import Refused
from connectors.hubspot.streams import CONTACTS
from connectors.protocols import PropertySpec, PropertyState
from sync.errors import BadAnswer


class Schema:
    """The contact schema of a portal."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def fetch_properties(self) -> dict[str, PropertyState]:
        """All live contact properties by name."""
        body = self._bridge.call(self._bridge.properties.get_all, CONTACTS)
        return {state.name: state for state in map(_state, results_of(body))}

    def create_property(self, spec: PropertySpec, group: str) -> None:
        """Makes the property, or brings an archived one back. One that exists stays as it is.

        Raises Refused, MissingScope; BadAnswer when the answer does not confirm it and it is not there either.
        """
        body: dict[str, Any] = {
            "name": spec.name,
            "label": spec.label,
            "description": spec.description,
            "type": spec.type,
            "fieldType": spec.field_type,
            "groupName": group,
        }
        if spec.options:
            body["options"] = [_option(order, *option) for order, option in enumerate(spec.options)]
        if spec.unique:
            body["hasUniqueValue"] = True
        made = self._make(self._bridge.properties.create, body)
        if made.get("name") != spec.name and spec.name not in self.fetch_properties():
            raise BadAnswer(
                f"HubSpot answered success and did not make the property {spec.name}.",
                fix="Run `warmline provision` again.",
            )

    def archive_property(self, name: str) -> bool:
        """False when it was not there. Raises Refused while a workflow or list uses it."""
        return self._remove(self._bridge.properties.archive, name)

    def ensure_group(self, name: str, label: str) -> None:
        """Makes the group; one that exists stays as it is."""
        self._make(self._bridge.groups.create, {"name": name, "label": label, "displayOrder": -1})

    def archive_group(self, name: str) -> bool:
        """False when it was not there."""
        return self._remove(self._bridge.groups.archive, name)

    def _make(self, create: Callable[..., Any], body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer; what was asked for when it exists already."""
        try:
            return self._bridge.call(create, CONTACTS, body=body)
        except Refused as refused:
            if refused.status != 409:
                raise
            return body

    def _remove(self, archive: Callable[..., Any], name: str) -> bool:
        try:
            self._bridge.call(archive, CONTACTS, name)
        except Refused as refused:
            if refused.missing:
                return False
            raise
        return True


def _state(item: Mapping[str, Any]) -> PropertyState:
    limits = item.get("modificationMetadata") or {}
    return PropertyState(
        name=str(item.get("name") or ""),
        type=str(item.get("type") or ""),
        field_type=str(item.get("fieldType") or ""),
        unique=bool(item.get("hasUniqueValue")),
        read_only=bool(limits.get("readOnlyValue")),
        archived=bool(item.get("archived")),
    )


def _option(order: int, value: str, label: str) -> dict[str, Any]:
    return {"value": value, "label": label, "displayOrder": order, "hidden": False}
