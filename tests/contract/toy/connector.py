"""The toy's connector: every list whole, by page number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from connectors.capabilities import Capabilities
from connectors.credentials import BearerToken
from connectors.gates import WindowGate
from connectors.http import Patience, Transport, Waits, checked_base_url
from connectors.pages import Numbered, walk_pages
from connectors.protocols import Page, RequestCounts, StreamSpec, Window
from connectors.rows import count_of, cut, split_readable
from connectors.vendor_api import VendorApi

SIZE = 50
PATHS = {"users": "/users", "jobs": "/jobs", "candidates": "/people", "applications": "/applications"}
CAPABILITIES = Capabilities(
    incremental=frozenset(),
    inclusive=None,
    granularity="none",
    tombstones="sweep",
    stage_history="observed",
    reject_reason=False,
    reject_time=False,
    users_email=True,
    consent=False,
    prospects=False,
    page_stability="offset",
)


class Toy:
    """One company. Implements `connectors.protocols.Source`."""

    streams = tuple(StreamSpec(noun, incremental=False) for noun in PATHS)
    capabilities = CAPABILITIES

    def __init__(
        self, name: str, base_url: str, token: Callable[[], str], fields: Mapping[str, Sequence[str]], waits: Waits
    ) -> None:
        gate = WindowGate(10, 1.0, sleep=waits.sleep)
        transport = Transport(checked_base_url(base_url), BearerToken(token), gate, Patience(), waits)
        self._api = VendorApi("The toy", transport, "Give the token more rights.")
        self._fields = fields
        self.name = name

    @property
    def requests(self) -> RequestCounts:
        """Requests made so far."""
        return self._api.counts

    def check(self) -> str:
        """What doctor says."""
        self._fetch("candidates", 1)
        return "people readable"

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        """A whole snapshot. Raises ValueError for an unknown noun."""
        if noun not in PATHS:
            raise ValueError(f"the toy has no stream {noun}")
        begins, has_unreadable = token is None, bool(token and token.startswith("!"))
        for leaf in walk_pages(lambda number: self._fetch(noun, number), SIZE, (token or "").strip("!") or None):
            has_unreadable = has_unreadable or bool(leaf.rejected)
            onward = None if leaf.token is None else "!" * has_unreadable + leaf.token
            ends = onward is None and not has_unreadable
            rows = [self._record(noun, row) for row in leaf.rows]
            yield Page(rows, onward, leaf.total, leaf.rejected, snapshot_begin=begins, snapshot_end=ends)
            begins = False

    def _fetch(self, noun: str, number: int) -> Numbered:
        given, body = self._api.read(PATHS[noun], [("page", str(number))], rows="items")
        rows, rejected = split_readable(given)
        total = count_of(body.get("total"))
        return Numbered(rows, rejected, total, last=number * SIZE >= (total or 0))

    def _record(self, noun: str, row: Mapping[str, object]) -> dict[str, object]:
        stages = row.get("stages")
        known = [cut(one, self._fields["stages"]) for one in stages] if isinstance(stages, list) else []
        return cut(row, self._fields[noun]) | ({"stages": known} if noun == "jobs" else {})
