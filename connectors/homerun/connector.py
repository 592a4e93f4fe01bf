"""Homerun as the `Source` port. Everything is listed each time: Homerun cannot be asked what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from connectors.credentials import BearerToken
from connectors.homerun.api import APPLICATIONS, VACANCIES, Api
from connectors.homerun.gate import MinuteGate
from connectors.homerun.listing import Listing, Whole
from connectors.homerun.options import CAPABILITIES, HomerunOptions
from connectors.homerun.people import candidates_of, joined_application, stage_id, stage_name
from connectors.http import Patience, Transport, Waits, checked_base_url
from connectors.protocols import Page, RequestCounts, StreamSpec, Window
from connectors.rows import Row, cut
from connectors.vendor_api import VendorApi

NOUNS = ("users", "jobs", "candidates", "applications")
UNREADABLE = "!"  # starts a token: an earlier page had a row that could not be read
PERMISSION = (
    "Make an API key with the scopes vacancies:read and job-applications:read in Homerun under Settings, Integrations."
)


class Homerun:
    """One company. Implements `connectors.protocols.Source`."""

    capabilities = CAPABILITIES

    def __init__(self, api: Api, options: HomerunOptions) -> None:
        self._api, self._options = api, options
        self._listing = Listing(api)
        self.streams: Sequence[StreamSpec] = tuple(StreamSpec(noun, incremental=False) for noun in NOUNS)

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
        for path in (APPLICATIONS, VACANCIES):
            self._api.page(path)
        return "job applications and vacancies readable; Homerun shows no users, so recruiters are those of HubSpot"

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        """Pages of a stream from after `token`. Raises ValueError for an unknown noun."""
        if noun == "users":
            return iter([Page((), None, snapshot_begin=True, snapshot_end=True)])
        if noun == "jobs":
            return self._job_pages(token)
        if noun == "candidates":
            return self._candidate_pages(window, token)
        if noun == "applications":
            return self._application_pages(window, token)
        raise ValueError(f"Homerun has no stream {noun}")

    def _job_pages(self, token: str | None) -> Iterator[Page]:
        mark, _, place = (token or "|").partition("|")
        begins = token is None
        for leaf in self._api.walk(VACANCIES, place or None):
            mark = UNREADABLE if leaf.rejected else mark
            yield Page(
                [self._job(row) for row in leaf.rows],
                None if leaf.token is None else f"{mark}|{leaf.token}",
                total=leaf.total,
                rejected=leaf.rejected,
                snapshot_begin=begins,
                snapshot_end=leaf.token is None and not mark,
            )
            begins = False

    def _job(self, row: Row) -> Row:
        job = cut({**row, "location.city": _city(row.get("location"))}, self._options.fields["jobs"])
        given = row.get("stages")
        if not isinstance(given, list):
            return job
        names = [name for one in given if (name := stage_name(one))]
        return {**job, "stages": [{"id": stage_id(str(job["id"]), name), "name": name} for name in names]}

    def _candidate_pages(self, window: Window, token: str | None) -> Iterator[Page]:
        whole = self._listing.read(window)
        yield from self._sliced("candidates", candidates_of(whole.rows), whole, token)

    def _application_pages(self, window: Window, token: str | None) -> Iterator[Page]:
        whole = self._listing.take(window)
        yield from self._sliced("applications", [joined_application(row) for row in whole.rows], whole, token)

    def _sliced(self, noun: str, rows: Sequence[Row], whole: Whole, token: str | None) -> Iterator[Page]:
        """Rows by id; a token is the last id given. What could not be read shows on the last page."""
        left = sorted((row for row in rows if token is None or str(row["id"]) > token), key=lambda row: str(row["id"]))
        begins, size = token is None, self._options.page_size
        while True:
            some, left = left[:size], left[size:]
            yield Page(
                [cut(row, self._options.fields[noun]) for row in some],
                str(some[-1]["id"]) if left else None,
                total=len(rows),
                rejected=() if left or noun == "candidates" else whole.rejected,
                snapshot_begin=begins,
                snapshot_end=not left and not whole.rejected,
                shortage=None if left else whole.shortage,
            )
            begins = False
            if not left:
                return


def _city(location: object) -> object:
    """Where a vacancy is: the city, else what the place is called."""
    return (location.get("city") or location.get("name")) if isinstance(location, Mapping) else None


def build(options: HomerunOptions, waits: Waits | None = None, clock: Callable[[], float] = time.monotonic) -> Homerun:
    """The connector on its own transport. Raises ValueError for a base URL that cannot be."""
    waits = waits or Waits()
    gate = MinuteGate(options.requests, options.interval_s, clock=clock, sleep=waits.sleep)
    patience = Patience(options.connect_timeout_s, options.read_timeout_s, options.attempts)
    base_url = f"{checked_base_url(options.base_url)}/v2"
    transport = Transport(base_url, BearerToken(options.token), gate, patience, waits)
    return Homerun(Api(VendorApi("Homerun", transport, PERMISSION), options.page_size), options)
