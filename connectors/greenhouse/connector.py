"""Greenhouse as the `Source` port."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.credentials import Credentials
from connectors.gates import WindowGate
from connectors.greenhouse.api import Api, Query, StaleCursor
from connectors.greenhouse.applications import ApplicationJoins
from connectors.greenhouse.directory import Directory
from connectors.greenhouse.jobs import JobJoins
from connectors.greenhouse.options import CAPABILITIES, GreenhouseOptions
from connectors.http import Patience, Transport, Waits, checked_base_url
from connectors.oauth import BasicAuth, Grant, GrantedToken, ask_token
from connectors.protocols import Page, Record, RequestCounts, StreamSpec, Window
from connectors.ratelimit import OpenGate
from connectors.rows import Row, cut
from connectors.sweeps import is_sweep_due
from connectors.vendor_api import VendorApi
from sync.errors import NotServed

USERS, JOBS, CANDIDATES, APPLICATIONS = "users", "jobs", "candidates", "applications"
NESTED = {JOBS: ("stages",), APPLICATIONS: ("stage_entries",)}  # lists the joins have cut themselves
UNREADABLE = "!"  # starts a token: an earlier page had a row that could not be read
NEEDED = (
    "/candidates",
    "/applications",
    "/application_stages",
    "/rejection_reasons",
    "/jobs",
    "/job_interview_stages",
)
PERMISSION = (
    "Tick the list scopes that docs/greenhouse.md names for these credentials in Greenhouse under Dev Center, API"
    " credentials; the user they act for must be a Site Admin."
)


@dataclass(frozen=True, slots=True)
class _Walk:
    """What is read of a stream. `is_whole`: all there is."""

    noun: str
    query: Query
    is_whole: bool


class Greenhouse:
    """One organisation. Implements `connectors.protocols.Source`."""

    capabilities = CAPABILITIES

    def __init__(self, api: Api, options: GreenhouseOptions) -> None:
        self._api, self._options = api, options
        self._directory = Directory(api)
        self._jobs = JobJoins(api, self._directory, options.fields["stages"])
        self._applications = ApplicationJoins(api, self._directory)
        self._joins: Mapping[str, Callable[[Sequence[Row]], list[Row]]] = {
            JOBS: self._jobs.of,
            CANDIDATES: lambda rows: [_with_contact_values(row) for row in rows],
            APPLICATIONS: self._applications.of,
        }
        lag = options.lag_minutes
        self.streams: Sequence[StreamSpec] = (
            StreamSpec(USERS, incremental=False, optional=True),
            *(StreamSpec(noun, incremental=True, lag_minutes=lag) for noun in self._joins),
        )

    @property
    def name(self) -> str:
        """The configured name."""
        return self._options.name

    @property
    def requests(self) -> RequestCounts:
        """Requests made so far, without those for tokens."""
        return self._api.counts

    def check(self) -> str:
        """What `doctor` says when the organisation answers.

        Raises AuthError, NotServed, MissingScope, RetriableError.
        """
        for path in NEEDED:
            self._api.page(path, size=1)
        return "candidates, applications, their stage history and jobs readable"

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        """Pages of a stream from after `token`. Raises ValueError for an unknown noun."""
        if noun == USERS:
            return self._user_pages()
        if noun in self._joins:
            return self._changes(noun, window, token)
        raise ValueError(f"Greenhouse has no stream {noun}")

    def fetch_records(self, noun: str, ids: Sequence[str]) -> Mapping[str, Record]:
        """Jobs, candidates or applications as they are now. NotServed for users."""
        if noun not in self._joins:
            raise NotServed(f"Greenhouse's {noun} are not read by id.")
        numbers = [one for one in ids if one.isascii() and one.isdigit()]
        records = self._records(noun, list(self._api.rows_of(f"/{noun}", "ids", numbers)))
        return {str(record["id"]): record for record in records}

    def _user_pages(self) -> Iterator[Page]:
        rows, rejected = self._directory.fetch_users()
        records = [cut(row, self._options.fields[USERS]) for row in rows]
        yield Page(records, None, rejected=rejected, snapshot_begin=True, snapshot_end=not rejected)

    def _changes(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        is_whole = is_sweep_due(window, self._options.lag_minutes, self._options.sweep_hour_utc)
        walk = _Walk(noun, () if is_whole else [("updated_at", _between(window))], is_whole)
        try:
            yield from self._walked(walk, token)
        except StaleCursor:  # cursors live a while only: read from the start
            yield from self._walked(walk, None)

    def _walked(self, walk: _Walk, token: str | None) -> Iterator[Page]:
        begins = walk.is_whole and token is None
        mark, _, cursor = (token or "|").partition("|")
        self._applications.forget_history()
        if begins and walk.noun == APPLICATIONS:
            self._applications.read_history()
        for listed in self._api.walk(f"/{walk.noun}", walk.query, cursor or None):
            mark = UNREADABLE if listed.rejected else mark
            yield Page(
                self._records(walk.noun, listed.rows),
                None if listed.cursor is None else f"{mark}|{listed.cursor}",
                rejected=listed.rejected,
                snapshot_begin=begins,
                snapshot_end=walk.is_whole and listed.cursor is None and not mark,
            )
            begins = False
        self._applications.forget_history()

    def _records(self, noun: str, rows: Sequence[Row]) -> list[Row]:
        names, nested = self._options.fields[noun], NESTED.get(noun, ())
        joined = self._joins[noun](rows)
        return [cut(row, names) | {name: row[name] for name in nested} for row in joined]


def _between(window: Window) -> str:
    """Both ends in one filter, as Greenhouse spells it; a row of the last moment comes with the next window too."""
    return f"gte|{_spelled(window.since or window.until)}|lte|{_spelled(window.until)}"


def _spelled(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def _with_contact_values(row: Row) -> Row:
    """A candidate with addresses and numbers as plain lists."""
    lists: Row = {name: _values(row.get(name)) for name in ("email_addresses", "phone_numbers") if name in row}
    return row | lists


def _values(given: object) -> list[str]:
    entries = given if isinstance(given, list) else []
    values = (one.get("value") if isinstance(one, Mapping) else one for one in entries)
    return [value for value in values if isinstance(value, str)]


def build(
    options: GreenhouseOptions, waits: Waits | None = None, clock: Callable[[], float] = time.monotonic
) -> Greenhouse:
    """The connector on its own transports. Raises ValueError for a URL that cannot be."""
    waits = waits or Waits()
    patience = Patience(options.connect_timeout_s, options.read_timeout_s, options.attempts)
    gate = WindowGate(options.requests, options.interval_s, prefix="X-RateLimit-", clock=clock, sleep=waits.sleep)
    token = _token(options, patience, waits, clock)
    transport = Transport(f"{checked_base_url(options.base_url)}/v3", token, gate, patience, waits)
    return Greenhouse(Api(VendorApi("Greenhouse", transport, PERMISSION), options.page_size), options)


def _token(options: GreenhouseOptions, patience: Patience, waits: Waits, clock: Callable[[], float]) -> Credentials:
    """Client credentials, sent to the token host alone."""
    client = BasicAuth(options.client_id, options.client_secret)
    transport = Transport(checked_base_url(options.auth_url), client, OpenGate(), patience, waits)
    form = {"grant_type": "client_credentials"} | ({"sub": options.user_id} if options.user_id else {})

    def ask() -> Grant:
        return ask_token(transport, "/token", form)

    return GrantedToken(ask, clock)
