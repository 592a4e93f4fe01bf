"""Recruitee as the `Source` port. Applications are the placements of candidates: one walk yields both."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from connectors.credentials import BearerToken
from connectors.http import Patience, Transport, Waits, checked_base_url
from connectors.offset_walk import Tally, walk
from connectors.protocols import Page, Record, RequestCounts, StreamSpec, Window
from connectors.ratelimit import OpenGate
from connectors.recruitee.api import Api
from connectors.recruitee.changes import LISTING, SEARCH_CEILING, Changes
from connectors.recruitee.directory import Directory
from connectors.recruitee.jobs import JobReader
from connectors.recruitee.memo import Memo
from connectors.recruitee.options import CAPABILITIES, RecruiteeOptions
from connectors.recruitee.records import placements_of
from connectors.recruitee.streams import (
    APPLICATIONS,
    CANDIDATES,
    JOBS,
    USERS,
    declared_streams,
)
from connectors.rows import Row, cut, moment_of
from connectors.sweeps import is_sweep_due
from sync.errors import NotServed

LISTED = "all"
SEARCHED = "changed"
QUIET = "none"
UNREADABLE = "!"  # ends the mode in a token: an earlier page had a row that could not be read


class Recruitee:
    """One company. Implements `connectors.protocols.Source`."""

    capabilities = CAPABILITIES

    def __init__(self, api: Api, options: RecruiteeOptions) -> None:
        self._api = api
        self._options = options
        self._directory = Directory(api)
        self._changes = Changes(api, self._directory, options.page_size)
        self._memo = Memo()
        self._jobs = JobReader(api, self._directory, options)
        self.streams: Sequence[StreamSpec] = declared_streams(options.lag_minutes)

    @property
    def name(self) -> str:
        """The configured name."""
        return self._options.name

    @property
    def requests(self) -> RequestCounts:
        """Requests made so far."""
        return self._api.counts

    def probe(self) -> bool:
        """Whether changes can be asked for; without that every pull lists all candidates. At most three requests a
        process."""
        return self._changes.probe()

    def check(self) -> str:
        """What `doctor` says when the company answers.

        Raises AuthError, NotServed, MissingScope, RetriableError.
        """
        self._api.collection(LISTING, ["candidates"], limit=1, offset=0)
        if self.probe():
            return "candidates readable; search honours updated_at, so pulls are incremental"
        return "candidates readable; search does not honour updated_at, so every pull lists all candidates"

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        """Pages of a stream from after `token`. Raises ValueError for an unknown noun."""
        if noun == USERS:
            return self._user_pages()
        if noun == JOBS:
            return self._jobs.fetch_pages(window, token)
        if noun == CANDIDATES:
            return self._candidate_pages(window, token)
        if noun == APPLICATIONS:
            return self._application_pages(window, token)
        raise ValueError(f"Recruitee has no stream {noun}")

    def fetch_records(self, noun: str, ids: Sequence[str]) -> Mapping[str, Record]:
        """Candidates as they are now. NotServed for other nouns, and where the listing does not honour ids."""
        if noun != CANDIDATES or not self.probe():
            raise NotServed(f"Recruitee's {noun} are not read by id.")
        records = self._candidates(Page((), None), list(self._changes.read_ids(ids))).records
        return {str(record["id"]): record for record in records}

    def _user_pages(self) -> Iterator[Page]:
        rows, rejected = self._directory.fetch_admins()
        records = [cut(row, self._options.fields[USERS]) for row in rows]
        yield Page(records, None, rejected=rejected, snapshot_begin=True, snapshot_end=not rejected)

    def _candidate_pages(self, window: Window, token: str | None) -> Iterator[Page]:
        self._memo.clear()
        if token is None:
            self._memo.begin(window)
        for page, rows in self._walked(window, token):
            self._memo.keep(self._applications(page, rows))
            yield self._candidates(page, rows)

    def _application_pages(self, window: Window, token: str | None) -> Iterator[Page]:
        if token is None and self._memo.has(window):
            yield from self._memo.pages()
            return
        for page, rows in self._walked(window, token):
            yield self._applications(page, rows)

    def _walked(self, window: Window, token: str | None) -> Iterator[tuple[Page, list[Row]]]:
        """Each page of candidates, still without its records, and its rows as Recruitee gave them."""
        mode, _, place = token.partition("|") if token else (self._mode(window), "", "")
        if mode == QUIET:
            yield Page((), None), []
            return
        is_listed, has_unreadable = mode.startswith(LISTED), mode.endswith(UNREADABLE)
        fetch = self._changes.fetch_listed if is_listed else partial(self._changes.fetch_hits, window)
        tally = Tally(is_whole=not place)
        for step in walk(fetch, self._options.page_size, place or None):
            tally.add(step)
            if step.rejected and not has_unreadable:
                has_unreadable, mode = True, mode + UNREADABLE
            rows = list(step.rows) if is_listed else list(self._changes.read_hits(step.rows))
            if is_listed and step.token is None and not step.begins:
                rows += self._moved_to_front(window)
            page = Page(
                (),
                f"{mode}|{step.token}" if step.token else None,
                total=step.total,
                rejected=step.rejected,
                snapshot_begin=is_listed and step.begins,
                # a row that could not be read may be anybody's: then nobody can be said to be missing
                snapshot_end=is_listed and step.token is None and not has_unreadable,
                shortage=None if step.token else tally.shortage(self._count(window, tally, step.total, is_listed)),
            )
            yield page, [row for row in rows if row.get("example") is not True]

    def _count(self, window: Window, tally: Tally, total: int | None, is_listed: bool) -> int | None:
        """The count at the end of a walk: a listing's last page tells it, hits are counted once more where needed."""
        return self._changes.count_hits(window) if tally.is_short and not is_listed else total

    def _moved_to_front(self, window: Window) -> list[Row]:
        """Candidates on the first page that changed since the walk began.

        Should the listing be in order of activity, an edit takes a row from where the walk was still to come to where
        it has been.
        """
        since = window.until - timedelta(minutes=self._options.lag_minutes)
        front = self._changes.fetch_listed(0).rows
        return [row for row in front if (at := moment_of(row.get("updated_at"))) is not None and at >= since]

    def _mode(self, window: Window) -> str:
        """How to read a window: all candidates, or only those that changed where that can be asked."""
        if is_sweep_due(window, self._options.lag_minutes, self._options.sweep_hour_utc) or not self.probe():
            return LISTED
        changed = self._changes.count_hits(window)
        if changed == 0:
            return QUIET
        return LISTED if changed is not None and changed > SEARCH_CEILING - self._options.page_size else SEARCHED

    def _candidates(self, page: Page, rows: Sequence[Row]) -> Page:
        joined = [{**row, "admin.email": self._directory.email_of(row.get("admin_id"))} for row in rows]
        return replace(page, records=[cut(row, self._options.fields[CANDIDATES]) for row in joined])

    def _applications(self, page: Page, rows: Sequence[Row]) -> Page:
        directory, names = self._directory, self._options.fields[APPLICATIONS]
        placements = (one for row in rows for one in placements_of(row, directory.kind_of, directory.reason_of))
        return replace(page, records=[cut(one, names) for one in placements], rejected=(), total=None)


def build(
    options: RecruiteeOptions,
    *,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Recruitee:
    """The connector on its own transport. Raises ValueError for a base URL or company that cannot be."""
    company = options.company.strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", company):
        raise ValueError("a Recruitee company is a number or a name of letters, digits and dashes")
    if options.page_size < 2:
        raise ValueError("a page has at least 2 rows")
    base_url = f"{checked_base_url(options.base_url)}/c/{company}"
    patience = Patience(options.connect_timeout_s, options.read_timeout_s, options.attempts)
    transport = Transport(base_url, BearerToken(options.token), OpenGate(), patience, Waits(sleep, jitter))
    return Recruitee(Api(transport, company), options)
