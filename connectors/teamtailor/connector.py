"""Teamtailor as the `Source` port."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from connectors.credentials import BearerToken
from connectors.gates import WindowGate
from connectors.http import Patience, Transport, Waits, checked_base_url
from connectors.pages import Numbered, walk_pages
from connectors.protocols import Page, RequestCounts, Shortage, StreamSpec, Window
from connectors.rows import cut
from connectors.sweeps import is_sweep_due
from connectors.teamtailor.api import APPLICATIONS, CANDIDATES, JOBS, USERS, Api, Asked
from connectors.teamtailor.documents import Document
from connectors.teamtailor.jobs import JobReader
from connectors.teamtailor.options import CAPABILITIES, TeamtailorOptions
from connectors.teamtailor.ordered import Unordered, walk_changes
from connectors.vendor_api import Refused, VendorApi

ORDERED, NUMBERED = "o", "n"
UNREADABLE = "!"  # ends the mode in a token: an earlier page had a row that could not be read


class Teamtailor:
    """One company. Implements `connectors.protocols.Source`."""

    capabilities = CAPABILITIES

    def __init__(self, api: Api, options: TeamtailorOptions) -> None:
        self._api = api
        self._options = options
        self._jobs = JobReader(api, options)
        lag = options.lag_minutes
        self.streams: Sequence[StreamSpec] = (
            StreamSpec(USERS, incremental=False, optional=True),
            StreamSpec(JOBS, incremental=False),
            StreamSpec(CANDIDATES, incremental=True, lag_minutes=lag),
            StreamSpec(APPLICATIONS, incremental=True, lag_minutes=lag),
        )

    @property
    def name(self) -> str:
        """The configured name."""
        return self._options.name

    @property
    def requests(self) -> RequestCounts:
        """Requests made so far."""
        return self._api.counts

    def check(self) -> str:
        """What `doctor` says when the company answers.

        Raises AuthError, NotServed, MissingScope, RetriableError.
        """
        for noun in (CANDIDATES, APPLICATIONS, JOBS):
            self._api.page(noun, Asked(), 1, 1)
        return "candidates, job applications and jobs readable"

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        """Pages of a stream from after `token`. Raises ValueError for an unknown noun."""
        if noun == USERS:
            return self._numbered(noun, Asked(), token or f"{NUMBERED}|", is_whole=True, begins=token is None)
        if noun == JOBS:
            return self._jobs.fetch_pages(token)
        if noun in (CANDIDATES, APPLICATIONS):
            return self._changes(noun, window, token)
        raise ValueError(f"Teamtailor has no stream {noun}")

    def _changes(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        is_whole = is_sweep_due(window, self._options.lag_minutes, self._options.sweep_hour_utc)
        asked = Asked() if is_whole or window.since is None else Asked(window.since, window.until)
        if token is not None and token.startswith(NUMBERED):
            return self._numbered(noun, asked, token, is_whole=is_whole, begins=False)
        return self._ordered(noun, asked, token, is_whole=is_whole)

    def _ordered(self, noun: str, asked: Asked, token: str | None, *, is_whole: bool) -> Iterator[Page]:
        """In the order of changes; from the start by page numbers when Teamtailor does not keep to that order."""
        mode, _, place = token.partition("|") if token else (ORDERED, "", "")
        begins = is_whole and token is None
        try:
            for step in walk_changes(partial(self._changed, noun, asked), asked.since, place or None):
                mode = mode + UNREADABLE if step.rejected and not mode.endswith(UNREADABLE) else mode
                is_last = step.token is None
                yield Page(
                    [cut(row, self._options.fields[noun]) for row in step.rows],
                    None if is_last else f"{mode}|{step.token}",
                    total=step.total,
                    rejected=step.rejected,
                    snapshot_begin=begins,
                    snapshot_end=is_whole and is_last and mode == ORDERED,
                    shortage=self._shortage(noun, asked, step.came, step.total) if is_last and not place else None,
                )
                begins = False
        except (Unordered, Refused):
            yield from self._numbered(noun, asked, f"{NUMBERED}|", is_whole=is_whole, begins=is_whole)

    def _changed(self, noun: str, asked: Asked, since: datetime | None, number: int) -> Document:
        return self._api.page(noun, replace(asked, since=since, ordered=True), number, self._options.page_size)

    def _shortage(self, noun: str, asked: Asked, came: int, counted: int | None) -> Shortage | None:
        """What was counted when the walk began, is counted still, and did not come."""
        if counted is None or came >= counted:
            return None
        still = self._api.page(noun, asked, 1, 1).total
        return Shortage(came, still) if still is not None and came < still else None

    def _numbered(self, noun: str, asked: Asked, token: str, *, is_whole: bool, begins: bool) -> Iterator[Page]:
        mode, _, place = token.partition("|")
        size = self._options.page_size

        def fetch(number: int) -> Numbered:
            page = self._api.page(noun, asked, number, size)
            return Numbered(page.rows, page.rejected, page.total, page.last)

        for leaf in walk_pages(fetch, size, place or None):
            mode = mode + UNREADABLE if leaf.rejected and not mode.endswith(UNREADABLE) else mode
            yield Page(
                [cut(row, self._options.fields[noun]) for row in leaf.rows],
                None if leaf.token is None else f"{mode}|{leaf.token}",
                total=leaf.total,
                rejected=leaf.rejected,
                snapshot_begin=begins,
                snapshot_end=is_whole and leaf.token is None and not mode.endswith(UNREADABLE),
            )
            begins = False


def build(
    options: TeamtailorOptions, waits: Waits | None = None, clock: Callable[[], float] = time.monotonic
) -> Teamtailor:
    """The connector on its own transport. Raises ValueError for a base URL that cannot be."""
    waits = waits or Waits()
    gate = WindowGate(options.requests, options.interval_s, prefix="X-Rate-Limit-", clock=clock, sleep=waits.sleep)
    key = BearerToken(options.token, "Token token=", {"X-Api-Version": options.api_version})
    patience = Patience(options.connect_timeout_s, options.read_timeout_s, options.attempts)
    transport = Transport(f"{checked_base_url(options.base_url)}/v1", key, gate, patience, waits)
    permission = "Make an API key with the scope Admin in Teamtailor under Settings, Integrations, API keys."
    return Teamtailor(Api(VendorApi("Teamtailor", transport, permission), options.fields), options)
