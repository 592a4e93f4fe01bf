"""Merging and erasing contacts (docs/vendor-facts.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.clock import to_ms
from sandbox.errors import ApiError, bad_request, not_found
from sandbox.store import Record, Source

if TYPE_CHECKING:
    from sandbox.state import SandboxState

ADDED_UP = (
    "hs_analytics_num_visits",
    "hs_analytics_num_page_views",
    "num_conversion_events",
    "num_associated_deals",
)
LATEST = (
    "hs_analytics_last_visit_timestamp",
    "hs_analytics_last_timestamp",
    "recent_conversion_date",
    "hs_sales_email_last_replied",
    "engagements_last_meeting_booked",
    "hs_latest_meeting_activity",
)
MAX_MERGES = 250


def merge(state: SandboxState, primary_id: str, secondary_id: str, source: Source) -> Record:
    """The survivor. It gets a new id, or keeps the primary's when `state.merge_keeps_id`.

    ApiError 400, 404 or 414.
    """
    store = state.stores["contacts"]
    primary, secondary = store.get(primary_id), store.get(secondary_id)
    if primary is None or secondary is None:
        raise not_found()
    if primary is secondary:
        raise bad_request("Cannot merge an object with itself")
    if len(_ids(primary, "hs_merged_object_ids")) >= MAX_MERGES:
        raise ApiError(414, "This record has been merged too often", "VALIDATION_ERROR")
    combined = _combined(primary, secondary)
    store.remove(secondary.id)
    if state.merge_keeps_id:
        survivor = primary
        store.change(survivor, combined, source)
    else:
        store.remove(primary.id)
        survivor = store.insert(state.next_id(), {**combined, "createdate": primary.properties["createdate"]}, source)
    for old in {primary.id, secondary.id} - {survivor.id}:
        store.merged_into[old] = survivor.id
        state.associations.move("contacts", old, survivor.id)
        state.forget_from_lists(old, survivor.id)
        state.touches.follow(old, survivor.id)
    return survivor


def gdpr_delete(state: SandboxState, contact_id: str) -> None:
    """Gone for good, with its links and history.

    An unknown id is no error, as at HubSpot (204 either way).
    """
    store = state.stores["contacts"]
    record = store.get(contact_id, archived=None)
    if record is None:
        return
    state.associations.drop("contacts", record.id)
    state.forget_from_lists(record.id)
    store.remove(record.id)


def _combined(primary: Record, secondary: Record) -> dict[str, str]:
    skip = {"hs_object_id", "createdate", "lastmodifieddate"}
    merged = {**secondary.properties, **primary.properties}
    for name in ADDED_UP:
        total = sum(float(record.properties.get(name, 0)) for record in (primary, secondary))
        if total:
            merged[name] = f"{total:g}"
    for name in LATEST:
        moments = [record.properties[name] for record in (primary, secondary) if name in record.properties]
        if moments:
            merged[name] = max(moments)
    merged |= _merge_trace(primary, secondary, merged)
    return {name: value for name, value in merged.items() if name not in skip}


def _merge_trace(primary: Record, secondary: Record, merged: dict[str, str]) -> dict[str, str]:
    ids = [
        *_ids(primary, "hs_merged_object_ids"),
        *_ids(secondary, "hs_merged_object_ids"),
        primary.id,
        secondary.id,
    ]
    vids = [*_ids(primary, "hs_calculated_merged_vids"), *_ids(secondary, "hs_calculated_merged_vids")]
    vids += [f"{record.id}:{to_ms(record.properties['createdate'])}" for record in (primary, secondary)]
    addresses = [*_ids(primary, "hs_additional_emails"), *_ids(secondary, "hs_additional_emails")]
    addresses += [record.properties["email"] for record in (primary, secondary) if "email" in record.properties]
    others = [address for address in dict.fromkeys(addresses) if address != merged.get("email")]
    unique = ";".join(dict.fromkeys(ids))
    return {
        "hs_merged_object_ids": unique,
        "hs_all_contact_vids": unique,
        "hs_additional_emails": ";".join(others),
        "hs_calculated_merged_vids": ";".join(dict.fromkeys(vids)),
    }


def _ids(record: Record, name: str) -> list[str]:
    return [value for value in record.properties.get(name, "").split(";") if value]
