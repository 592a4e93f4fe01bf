"""Look-ups outside the streams: the account, records by id or unique value, histories, tasks of contacts,
list members.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.hubspot.associations import fetch_associated
from connectors.hubspot.bridge import Bridge, next_after, results_of
from connectors.hubspot.errors import Refused
from connectors.hubspot.records import (
    BATCH,
    HISTORY_BATCH,
    batches,
    cut_record,
    id_of,
    read_all,
    read_batch,
    split_readable,
)
from connectors.hubspot.streams import CONTACTS, TASKS
from connectors.paging import LoopGuard
from connectors.protocols import Account, Page, PropertyValue, Record
from sync.errors import BadAnswer

log = logging.getLogger(__name__)

MAX_SINGLE_READS = (
    500  # a call; enough for every batch before a write, and a bound when thousands of contacts were deleted
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OTHER_EMAILS = "hs_additional_emails"

History = Mapping[str, Sequence[PropertyValue]]


class Lookups:
    """Reads of records as they are now, not through the search index (which lags)."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def fetch_account(self) -> Account:
        """The portal of the token; the zone is UTC and the UI domain app.hubspot.com when HubSpot does not
        say.
        """
        told = self._bridge.fetch_account()
        if not told.get("portalId"):
            raise BadAnswer("HubSpot's account details have no portal id.")
        return Account(
            portal_id=str(told["portalId"]),
            time_zone=str(told.get("timeZone") or "UTC"),
            ui_domain=str(told.get("uiDomain") or "app.hubspot.com"),
        )

    def fetch_contacts(self, ids: Sequence[str], properties: Sequence[str]) -> dict[str, Record]:
        """Contacts by the id asked for, merged ones as their survivor; ids that do not exist are absent."""
        found = read_all(self._bridge, CONTACTS, ids, properties)
        survivors = self._survivors([one for one in dict.fromkeys(ids) if one not in found])
        others = [one for one in survivors.values() if one not in found]
        found.update(read_all(self._bridge, CONTACTS, others, properties))
        asked = {one: survivors.get(one, one) for one in ids}
        return {one: found[now] for one, now in asked.items() if now in found}

    def fetch_contacts_by(
        self, property_name: str, values: Sequence[str], properties: Sequence[str]
    ) -> dict[str, Record]:
        """Contacts by the value asked for, of e-mail (a secondary one too) or a unique property; nobody's is absent.

        The values travel in a body, never in a URL.
        """
        asked = {value: value.strip().lower() if property_name == "email" else value.strip() for value in values}
        names = dict.fromkeys([*properties, property_name, *([_OTHER_EMAILS] if property_name == "email" else [])])
        found: dict[str, Record] = {}
        for some in batches(list(asked.values()), BATCH):
            body = {"idProperty": property_name, "inputs": [{"id": one} for one in some], "properties": list(names)}
            for item in read_batch(self._bridge, CONTACTS, body):
                held = item.get("properties") or {}
                answered = [value for value, one in asked.items() if _answers_to(held, property_name, one)]
                found |= dict.fromkeys(answered, cut_record(item, properties))
        return found

    def fetch_history(self, ids: Sequence[str], properties: Sequence[str]) -> dict[str, History]:
        """Histories by the id asked for, newest first; a property without a history has an empty one."""
        found = self._read_histories(ids, properties)
        survivors = self._survivors([one for one in dict.fromkeys(ids) if one not in found])
        found.update(self._read_histories([one for one in survivors.values() if one not in found], properties))
        asked = {one: survivors.get(one, one) for one in ids}
        return {one: found[now] for one, now in asked.items() if now in found}

    def fetch_tasks_of(self, contact_ids: Sequence[str], properties: Sequence[str]) -> dict[str, list[Record]]:
        """Tasks by contact id, archived ones too, an empty list for a contact without."""
        task_ids = fetch_associated(self._bridge, (CONTACTS, TASKS), contact_ids)
        tasks = self.fetch_tasks([one for some in task_ids.values() for one in some], properties)
        return {contact: [tasks[one] for one in some if one in tasks] for contact, some in task_ids.items()}

    def fetch_tasks(self, ids: Sequence[str], properties: Sequence[str]) -> dict[str, Record]:
        """Tasks by id; those not found are looked for among the archived."""
        found = read_all(self._bridge, TASKS, ids, properties)
        missing = [one for one in ids if one not in found]
        archived = read_all(self._bridge, TASKS, missing, properties, archived=True)
        return found | {one: {**record, "archived": True} for one, record in archived.items()}

    def fetch_list_members(self, list_id: str, token: str | None) -> Iterator[Page]:
        """Members by the hundred, as `recordId` and `membershipTimestamp`."""
        guard, is_first = LoopGuard(token), token is None
        while is_first or token is not None:
            body = self._bridge.call(self._bridge.memberships.get_page, list_id, limit=BATCH, after=token)
            records = [
                {"recordId": id_of(item, "recordId"), "membershipTimestamp": item.get("membershipTimestamp")}
                for item in results_of(body)
            ]
            token = guard.step(next_after(body), (str(record["recordId"]) for record in records))
            yield Page(records, token, snapshot_begin=is_first, snapshot_end=token is None)
            is_first = False

    def fetch_deleted_contacts(self, ids: Sequence[str]) -> set[str]:
        """Those of these contacts that lie in the recycle bin, asked for by id."""
        found = read_all(self._bridge, CONTACTS, ids, ["hs_object_id"], archived=True)
        return {one for one, record in found.items() if record["archived"]}

    def fetch_archived(self, pages: int) -> list[str]:
        """Contacts in the recycle bin, by the hundred; at most `pages` of them. A portal that shows live ones instead
        shows none here."""
        found: list[str] = []
        guard, token = LoopGuard(), None
        for _ in range(pages):
            body = self._bridge.call(
                self._bridge.objects.get_page,
                CONTACTS,
                limit=BATCH,
                after=token,
                properties=["hs_object_id"],
                archived=True,
            )
            items = split_readable(results_of(body))[0]
            found += [id_of(item) for item in items if item.get("archived") is True]
            token = guard.step(next_after(body), (id_of(item) for item in items))
            if token is None:
                break
        return found

    def _survivors(self, ids: Sequence[str]) -> dict[str, str]:
        """For ids a batch read left out, the id of the contact that answers for them now.

        Deleted ones are absent.

        Whether a batch read follows merges is not documented; a single read does (docs/vendor-facts.md).
        """
        if len(ids) > MAX_SINGLE_READS:
            log.warning(
                "too many contacts gone to look each up",
                extra={"action": "hubspot_survivors", "count": len(ids)},
            )
        survivors = {}
        for one in ids[:MAX_SINGLE_READS]:
            try:
                body = self._bridge.call(self._bridge.objects.get_by_id, CONTACTS, one, properties=["hs_object_id"])
            except Refused as refused:
                if not refused.missing:
                    raise
            else:
                survivors[one] = id_of(body)
        return survivors

    def _read_histories(self, ids: Sequence[str], properties: Sequence[str]) -> dict[str, History]:
        found: dict[str, History] = {}
        for some in batches(ids, HISTORY_BATCH):
            body = {"inputs": [{"id": one} for one in some], "propertiesWithHistory": list(properties)}
            for item in read_batch(self._bridge, CONTACTS, body):
                given = item.get("propertiesWithHistory") or {}
                found[id_of(item)] = {name: _values(given.get(name) or ()) for name in properties}
        return found


def _answers_to(properties: Mapping[str, Any], name: str, wanted: str) -> bool:
    held = {str(properties.get(name) or "").strip().lower()}
    if name == "email":
        held.update(part.strip().lower() for part in str(properties.get(_OTHER_EMAILS) or "").split(";"))
    return wanted.lower() in held


def _values(items: Sequence[Mapping[str, Any]]) -> list[PropertyValue]:
    values = [
        PropertyValue(
            value=str(item.get("value") if item.get("value") is not None else ""),
            at=_moment(item.get("timestamp")),
            source_type=str(item.get("sourceType") or ""),
            source_id=str(item.get("sourceId") or ""),
            user_id=str(item.get("updatedByUserId") or ""),
        )
        for item in items
    ]
    return sorted(values, key=lambda value: value.at, reverse=True)


def _moment(text: Any) -> datetime:
    """An aware moment from ISO 8601 or epoch milliseconds. Raises BadAnswer."""
    try:
        if str(text).isdigit():
            return _EPOCH + timedelta(milliseconds=int(text))
        moment = datetime.fromisoformat(str(text))
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadAnswer("A property's history has no usable timestamp.")
    return moment.astimezone(UTC)
