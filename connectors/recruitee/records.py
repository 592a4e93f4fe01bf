"""Cutting Recruitee's rows down to the fields a mapping reads. What is not named never leaves the connector."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from connectors.rows import Row, cut, id_of

Lookup = Callable[[str], str | None]


def cut_job(offer: Mapping[str, Any], names: Sequence[str], stage_names: Sequence[str]) -> Row:
    """An offer, with `stages` when it came with its pipeline."""
    record = cut(offer, names)
    stages = stages_of(offer)
    if stages is None:
        return record
    return {**record, "stages": [cut(stage, stage_names) for stage in stages]}


def stages_of(offer: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """The stages of the offer's pipeline; None when it came without one."""
    pipeline = offer.get("pipeline_template")
    stages = pipeline.get("stages") if isinstance(pipeline, Mapping) else None
    if not isinstance(stages, list):
        return None
    return [stage for stage in stages if isinstance(stage, Mapping) and id_of(stage.get("id")) is not None]


def placements_of(candidate: Row, kind_of: Lookup, reason_of: Lookup) -> Iterator[Row]:
    """The candidate's placements, each joined with what an application needs of the candidate and of the offer."""
    given = candidate.get("placements")
    shared = {f"candidate.{name}": value for name, value in candidate.items() if name != "placements"}
    for placement in given if isinstance(given, list) else ():
        if not isinstance(placement, Mapping) or id_of(placement.get("id")) is None:
            continue
        offer_id = _reference(placement, "offer")
        yield {
            **placement,
            **shared,
            "candidate_id": id_of(candidate["id"]),
            "offer_id": offer_id,
            "offer.kind": kind_of(offer_id) if offer_id else None,
            "stage_id": _reference(placement, "stage"),
            "disqualify_reason": _reason(placement, reason_of),
        }


def _reference(row: Mapping[str, Any], noun: str) -> str | None:
    """The id of another record, spelled `noun_id` in listings and `noun: {id}` in search hits."""
    nested = row.get(noun)
    return id_of(row.get(f"{noun}_id")) or (id_of(nested.get("id")) if isinstance(nested, Mapping) else None)


def _reason(placement: Mapping[str, Any], reason_of: Lookup) -> str | None:
    """The reason's name, whether it came as a name, an object, or an id."""
    reason = placement.get("disqualify_reason")
    if isinstance(reason, Mapping):
        reason = reason.get("name") or reason.get("id")
    if isinstance(reason, str) and not reason.isdigit():
        return reason
    reason_id = id_of(reason) or id_of(placement.get("disqualify_reason_id"))
    return reason_of(reason_id) if reason_id else None
