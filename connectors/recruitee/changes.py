"""Candidates: all of them from the listing, or those that changed in a window, found by search and read by id.

Search hits lack what an application needs (a placement's dates, the last message), so only their ids are used. Search
drops filters it does not know without a word and then shows everybody; so the filter is proven before it is trusted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.offset_walk import Fetched
from connectors.protocols import Window
from connectors.recruitee.api import Api, Refused
from connectors.recruitee.directory import Directory
from connectors.rows import Row, count_of, id_of, split_readable
from sync.errors import BadAnswer, MissingScope, NotServed

SEARCH = "/search/new/candidates"
LISTING = "/candidates"
IDS_A_REQUEST = 100
SEARCH_CEILING = 10_000  # results a search can show; beyond it the listing is read
FAR_FUTURE = 4_102_444_800  # 2100-01-01 in Unix seconds


class Changes:
    """Fetches for one company. `limit`: rows a page."""

    def __init__(self, api: Api, directory: Directory, limit: int) -> None:
        self._api = api
        self._directory = directory
        self._limit = limit
        self._proven: bool | None = None

    def probe(self) -> bool:
        """Whether search honours `updated_at` and the listing honours `ids`; asked once a process.

        Changed after 2100 must show nobody, changed after 1970 somebody, and reading two of those by id exactly them.
        """
        if self._proven is None:
            try:
                self._proven = self._prove()
            except (Refused, MissingScope, NotServed):
                self._proven = False  # there is no search here; the listing says whether there is a company
            except BadAnswer:
                return False
        return self._proven

    def fetch_listed(self, offset: int) -> Fetched:
        """A page of the listing, newest candidates first."""
        given, body = self._api.collection(LISTING, ["candidates"], limit=self._limit, offset=offset, sort="by_date")
        self._directory.learn_offers(body.get("references"))
        rows, rejected = split_readable(given)
        return Fetched(rows, rejected, count_of(body.get("total")))

    def fetch_hits(self, window: Window, offset: int) -> Fetched:
        """A page of hits changed in the window, oldest candidates first: `id`, `updated_at`, `deleted_at` if gone."""
        assert window.since is not None
        given, body = self._search(_seconds(window.since), math.ceil(window.until.timestamp()), self._limit, offset)
        rows, rejected = split_readable(given)
        return Fetched([_stub(row) for row in rows], rejected, count_of(body.get("total")))

    def count_hits(self, window: Window) -> int | None:
        """How many candidates changed in the window; None when search does not count."""
        assert window.since is not None
        _, body = self._search(_seconds(window.since), math.ceil(window.until.timestamp()), 1, 0)
        return count_of(body.get("total"))

    def read_hits(self, hits: Sequence[Row]) -> Iterator[Row]:
        """The candidates behind hits, by id; hits marked deleted as they are. Those gone meanwhile are left out."""
        gone = [hit for hit in hits if hit.get("deleted_at")]
        yield from gone
        yield from self.read_ids([id_of(hit["id"]) or "" for hit in hits if not hit.get("deleted_at")])

    def read_ids(self, ids: Sequence[str]) -> Iterator[Row]:
        """Candidates by id; those that are gone are left out."""
        for start in range(0, len(ids), IDS_A_REQUEST):
            yield from self._read(ids[start : start + IDS_A_REQUEST])

    def _read(self, ids: Sequence[str]) -> list[Row]:
        asked = ",".join(ids)
        given, body = self._api.collection(LISTING, ["candidates"], ids=asked, limit=len(ids), offset=0)
        self._directory.learn_offers(body.get("references"))
        return [row for row in split_readable(given)[0] if id_of(row["id"]) in ids]

    def _search(self, since: int, until: int | None, limit: int, offset: int) -> tuple[list[Any], Row]:
        bounds = {"gte": since} if until is None else {"gte": since, "lte": until}
        filters = json.dumps([{"field": "updated_at", **bounds}], separators=(",", ":"))
        query: Mapping[str, str | int] = {"limit": limit, "offset": offset, "sort_by": "created_at_asc"}
        return self._api.collection(SEARCH, ["hits", "candidates"], filters_json=filters, **query)

    def _prove(self) -> bool:
        if self._search(FAR_FUTURE, None, 2, 0)[0]:
            return False
        found, _ = self._search(0, None, 2, 0)
        ids = {id_of(row["id"]) or "" for row in split_readable(found)[0]}
        return bool(ids) and {id_of(row["id"]) for row in self._read_any(ids)} == ids

    def _read_any(self, ids: set[str]) -> list[Row]:
        given, _ = self._api.collection(LISTING, ["candidates"], ids=",".join(sorted(ids)), limit=10, offset=0)
        return split_readable(given)[0]


def _stub(hit: Row) -> Row:
    deleted_at = hit.get("deleted_at") or hit.get("soft_deleted_at")
    stub = {"id": hit["id"], "updated_at": hit.get("updated_at")}
    return {**stub, "deleted_at": deleted_at} if isinstance(deleted_at, str) else stub


def _seconds(moment: datetime) -> int:
    return math.floor(moment.timestamp())
