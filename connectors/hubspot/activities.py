"""Pages of calls, meetings, e-mails and communications: the search walk of `source`, with two things of their own.

The first read goes back a number of days only, through search (keyset, so no ceiling): the list endpoint
would hand out the whole history of the portal. And the names of call dispositions a portal added are looked
up, once, when one is met.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta

from connectors.hubspot.bridge import Bridge
from connectors.hubspot.errors import Refused
from connectors.hubspot.source import PageReader
from connectors.hubspot.streams import CALLS
from connectors.protocols import Page, Record, Window
from sync.errors import MissingScope

log = logging.getLogger(__name__)

DISPOSITION = "hs_call_disposition"


class ActivityPages:
    """Pages of activities. `days`: how far back the first read goes. `known`: dispositions that need no label."""

    def __init__(self, bridge: Bridge, pages: PageReader, *, days: int, known: Collection[str]) -> None:
        self._pages = pages
        self._days = timedelta(days=days)
        self._labels = DispositionLabels(bridge, known)

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        """Pages as `PageReader` gives them; everything (`since` None) starts `days` before the window's end."""
        bounded = replace(window, since=window.until - self._days if window.since is None else window.since)
        for page in self._pages.fetch_pages(noun, bounded, token):
            yield replace(page, records=[self._labels.add(one) for one in page.records]) if noun == CALLS else page


class DispositionLabels:
    """What a portal calls its own call outcomes; asked for at most once, and only when one is met."""

    def __init__(self, bridge: Bridge, known: Collection[str]) -> None:
        self._bridge = bridge
        self._known = frozenset(known)
        self._labels: dict[str, str] | None = None

    def add(self, call: Record) -> Record:
        """The call, with `disposition_label` when its disposition is not a known one and has a label."""
        disposition = str(call["properties"].get(DISPOSITION) or "")
        if not disposition or disposition in self._known:
            return call
        if self._labels is None:
            self._labels = self._fetch()
        label = self._labels.get(disposition)
        return {**call, "disposition_label": label} if label else call

    def _fetch(self) -> dict[str, str]:
        """Labels by value; none where the portal does not show them, which costs the words and not the stream."""
        try:
            body = self._bridge.call(self._bridge.properties.get_by_name, CALLS, DISPOSITION)
        except (MissingScope, Refused):
            log.warning("the names of call outcomes cannot be read", extra={"action": "hubspot_dispositions"})
            return {}
        options = [one for one in body.get("options") or () if isinstance(one, dict)]
        return {str(one.get("value") or ""): str(one.get("label") or "") for one in options}
