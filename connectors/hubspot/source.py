"""Pages of owners, contacts, tasks and activities.

Everything (`since` None) comes from the list endpoint, which has no ceiling. A window comes from search,
walked by record id: the ceiling of 10,000 results a query and records that share a timestamp then cannot
matter (docs/vendor-facts.md, search).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.hubspot.associations import fetch_associated
from connectors.hubspot.bridge import Bridge, next_after, results_of
from connectors.hubspot.records import cut_record, id_of, read_all, split_readable
from connectors.hubspot.streams import CONTACTS, MODIFIED_AT, OWNERS, WITH_CONTACTS
from connectors.paging import LoopGuard
from connectors.protocols import Page, Record, Shortage, Window
from sync.errors import BadAnswer

LIST_LIMIT = 100
SEARCH_LIMIT = 200
LONGEST_QUERY = 12_000  # 414 beyond about 15,000 characters of URL
LONGEST_SEARCH = 3_000  # characters of a search body

_OWNER_FIELDS = (
    "id",
    "email",
    "firstName",
    "lastName",
    "userId",
    "type",
    "archived",
    "createdAt",
    "updatedAt",
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Tally:
    """How many records a walk has shown, and how many HubSpot counted when it began. `floor`: the id it began behind;
    the count is of what lies above it."""

    def __init__(self, floor: int | None) -> None:
        self.floor = floor
        self.counted: int | None = None
        self._ids: set[str] | None = None
        self._unreadable = 0

    @property
    def came(self) -> int:
        """Distinct records shown."""
        return len(self._ids or ()) + self._unreadable

    def add(self, body: Mapping[str, Any], items: Sequence[Mapping[str, Any]], unreadable: int) -> None:
        """Take in one answer."""
        if self._ids is None:
            self._ids, self.counted = set(), _total_of(body)
        self._ids.update(id_of(item) for item in items)
        self._unreadable += unreadable


class PageReader:
    """Reads streams page by page. `properties`: per noun, what is asked for and kept."""

    def __init__(self, bridge: Bridge, properties: Mapping[str, Sequence[str]]) -> None:
        self._bridge = bridge
        self._properties = properties

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        """Pages of a stream from after `token`. Ids ascend in a window's pages.

        Raises ValueError for an unknown noun.
        """
        if noun == OWNERS:
            return self._owner_pages(token)
        if noun not in MODIFIED_AT:
            raise ValueError(f"HubSpot has no stream {noun}")
        if window.since is None:
            return self._list_pages(noun, token)
        return self._search_pages(noun, window, token)

    def fetch_archived_pages(self, noun: str) -> Iterator[Page]:
        """Pages of what is in the recycle bin, from its start; what is listed without `archived` true is left out."""
        for page in self._list_pages(noun, None, archived=True):
            yield replace(page, records=[record for record in page.records if record["archived"]])

    def _owner_pages(self, token: str | None) -> Iterator[Page]:
        guard, is_first = LoopGuard(token), token is None
        while is_first or token is not None:
            body = self._bridge.call(self._bridge.owners.get_page, limit=LIST_LIMIT, after=token, archived=False)
            records = [
                {name: item.get(name) for name in _OWNER_FIELDS} | {"id": id_of(item)} for item in results_of(body)
            ]
            token = guard.step(next_after(body), (str(record["id"]) for record in records))
            yield Page(records, token, snapshot_begin=is_first, snapshot_end=token is None)
            is_first = False

    def _list_pages(self, noun: str, token: str | None, *, archived: bool = False) -> Iterator[Page]:
        names = self._properties[noun]
        fits = sum(len(name) + len("&properties=") for name in names) <= LONGEST_QUERY
        guard, is_first = LoopGuard(token), token is None
        while is_first or token is not None:
            asked: dict[str, Any] = {"properties": list(names) if fits and names else None}
            asked |= {"archived": True} if archived else {}
            body = self._bridge.call(self._bridge.objects.get_page, noun, limit=LIST_LIMIT, after=token, **asked)
            items, rejected = split_readable(results_of(body))
            records = self._records(noun, items, fits)
            token = guard.step(next_after(body), (record["id"] for record in records))
            yield Page(records, token, rejected=rejected, snapshot_begin=is_first, snapshot_end=token is None)
            is_first = False

    def _search_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        floor = int(token) if token is not None else None
        tally, is_last = _Tally(floor), False
        while not is_last:
            body, fits = self._search(noun, window, floor)
            given = results_of(body)
            items, rejected = split_readable(given)
            is_last = not _has_more(body, len(given)) or not given
            reached = _floor_of(items, floor, is_last)
            tally.add(body, items, len(rejected))
            yield Page(
                self._records(noun, items, fits),
                None if is_last else str(reached),
                total=_total_of(body) if floor is None else None,
                rejected=rejected,
                shortage=self._shortage(noun, window, tally) if is_last else None,
            )
            floor = reached

    def _shortage(self, noun: str, window: Window, tally: _Tally) -> Shortage | None:
        """What the walk did not show of its window. Rows that changed meanwhile left it and come in the next one, so
        when fewer came than were counted at first, they are counted once more."""
        if tally.counted is None or tally.came >= tally.counted:
            return None
        body = self._bridge.call(self._bridge.search.do_search, noun, body=_count_request(noun, window, tally.floor))
        counted = _total_of(body)
        return Shortage(tally.came, counted) if counted is not None and tally.came < counted else None

    def count_changed(self, noun: str, since: datetime) -> int | None:
        """How many live records the index holds that changed at or after `since`; None when the answer does not say."""
        modified_at = MODIFIED_AT[noun]
        filters = [{"propertyName": modified_at, "operator": "GTE", "value": _epoch_ms(since)}]
        request = {"filterGroups": [{"filters": filters}], "limit": 1, "properties": [modified_at]}
        return _total_of(self._bridge.call(self._bridge.search.do_search, noun, body=request))

    def _search(self, noun: str, window: Window, floor: int | None) -> tuple[dict[str, Any], bool]:
        """One page of search, and whether the properties came with it."""
        names = self._properties[noun]
        request = _search_request(noun, window, floor) | {"properties": list(names)}
        fits = len(json.dumps(request)) <= LONGEST_SEARCH
        if not fits:
            request["properties"] = [MODIFIED_AT[noun]]
        return self._bridge.call(self._bridge.search.do_search, noun, body=request), fits

    def _records(self, noun: str, items: Sequence[Mapping[str, Any]], has_properties: bool) -> list[Record]:
        names = self._properties[noun]
        records: list[Record] = [cut_record(item, names) for item in items]
        if not has_properties:
            ids = [record["id"] for record in records]
            records = list(read_all(self._bridge, noun, ids, names).values())
        return self._with_contacts(noun, records) if noun in WITH_CONTACTS else records

    def _with_contacts(self, noun: str, records: Sequence[Record]) -> list[Record]:
        if not records:
            return []
        contact_ids = fetch_associated(self._bridge, (noun, CONTACTS), [record["id"] for record in records])
        return [{**record, "contact_ids": contact_ids[record["id"]]} for record in records]


def _search_request(noun: str, window: Window, floor: int | None) -> dict[str, Any]:
    assert window.since is not None
    modified_at = MODIFIED_AT[noun]
    filters = [
        {"propertyName": modified_at, "operator": "GTE", "value": _epoch_ms(window.since)},
        {"propertyName": modified_at, "operator": "LT", "value": _epoch_ms(window.until)},
    ]
    if floor is not None:
        filters.append({"propertyName": "hs_object_id", "operator": "GT", "value": str(floor)})
    return {
        "filterGroups": [{"filters": filters}],
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "limit": SEARCH_LIMIT,
    }


def _count_request(noun: str, window: Window, floor: int | None) -> dict[str, Any]:
    return _search_request(noun, window, floor) | {"limit": 1, "properties": [MODIFIED_AT[noun]]}


def _total_of(body: Mapping[str, Any]) -> int | None:
    total = body.get("total")
    return total if isinstance(total, int) and not isinstance(total, bool) else None


def _has_more(body: Mapping[str, Any], count: int) -> bool:
    """Whether another page may follow.

    `total` counts what the floor leaves, so more than was given means go on.

    A full page is the last one only when both `total` and the missing paging say so.
    """
    total = body.get("total")
    if isinstance(total, int) and total > count:
        if not count:
            raise BadAnswer(f"HubSpot's search counts {total} records and gives none.")
        return True
    return next_after(body) is not None or (count >= SEARCH_LIMIT and not isinstance(total, int))


def _floor_of(items: Sequence[Mapping[str, Any]], floor: int | None, is_last: bool) -> int | None:
    """The highest id given so far, compared as a number. Raises BadAnswer when a page does not lead on."""
    ids = [int(id_of(item)) for item in items]
    if (not ids and not is_last) or (ids and floor is not None and min(ids) <= floor):
        raise BadAnswer("HubSpot's search gave the same records again, or none that can be read.")
    return max(ids) if ids else floor


def _epoch_ms(moment: datetime) -> str:
    return str((moment - _EPOCH) // timedelta(milliseconds=1))
