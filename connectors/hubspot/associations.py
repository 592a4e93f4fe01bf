"""Which records hang together: associations batch read, 1,000 ids a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.hubspot.bridge import Bridge, next_after, results_of
from connectors.hubspot.errors import Refused
from connectors.hubspot.records import batches, check_row_errors, id_of
from connectors.paging import LoopGuard

MAX_INPUTS = 1_000


def fetch_associated(bridge: Bridge, kinds: tuple[str, str], ids: Sequence[str]) -> dict[str, list[str]]:
    """For each id of the first kind, the ids of the second kind, without repeats; empty when there are none.

    No associations is a 207 with NO_ASSOCIATIONS_FOUND, a normal outcome. Long lists are paged per id, inside
    the result.
    """
    found: dict[str, dict[str, None]] = {one: {} for one in ids}
    guards: dict[str, LoopGuard] = {}
    for some in batches(ids, MAX_INPUTS):
        inputs: list[dict[str, str]] = [{"id": one} for one in some]
        while inputs:
            inputs = _read_round(bridge, kinds, inputs, found, guards)
    return {one: list(others) for one, others in found.items()}


def _read_round(
    bridge: Bridge,
    kinds: tuple[str, str],
    inputs: Sequence[Mapping[str, str]],
    found: dict[str, dict[str, None]],
    guards: dict[str, LoopGuard],
) -> list[dict[str, str]]:
    """Takes one answer in; the inputs for the next call, one for each id that has more."""
    following = []
    for result in _read(bridge, kinds, inputs):
        origin = id_of(result.get("from") or {})
        ids = [id_of(other, "toObjectId") for other in result.get("to") or ()]
        found.setdefault(origin, {}).update(dict.fromkeys(ids))
        after = guards.setdefault(origin, LoopGuard()).step(next_after(result), ids)
        if after is not None:
            following.append({"id": origin, "after": after})
    return following


def _read(bridge: Bridge, kinds: tuple[str, str], inputs: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    try:
        body = bridge.call(bridge.associations.get_page, *kinds, body={"inputs": list(inputs)})
    except Refused as refused:
        if refused.refusal.is_missing:
            return []
        raise
    check_row_errors(body)
    return results_of(body)
