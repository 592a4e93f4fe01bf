"""A Salesforce org as the `Source` port."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from connectors.http import Patience, Transport, Waits, checked_base_url
from connectors.oauth import Grant, GrantedToken, NoCredentials, ask_token
from connectors.protocols import Page, Record, Rejected, RequestCounts, StreamSpec, Window
from connectors.ratelimit import OpenGate
from connectors.rows import Row, cut
from connectors.salesforce.api import Api
from connectors.salesforce.bulk import START, BulkQuery, NoJob
from connectors.salesforce.deletions import IDS_A_REQUEST, Deletions
from connectors.salesforce.gate import DailyGate
from connectors.salesforce.layout import Layout
from connectors.salesforce.options import CAPABILITIES, JOBS, NOUNS, USERS, SalesforceOptions
from connectors.salesforce.proposal import Proposal
from connectors.salesforce.soql import Key
from connectors.salesforce.stages import Stages
from connectors.salesforce.walk import Batch, Walker
from sync.errors import BadAnswer, NotServed

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105
WHOLE, CHANGED, BULK = "w", "c", "b"
UNREADABLE = "!"  # ends the mode in a token: an earlier page had a row that could not be read


@dataclass(frozen=True, slots=True)
class Org:
    """What one org is reached with. `sleep`: waits between two looks at a job."""

    api: Api
    token: GrantedToken
    gate: DailyGate
    sleep: Callable[[float], None]


class Salesforce:
    """One org. Implements `connectors.protocols.Source`."""

    capabilities = CAPABILITIES

    def __init__(self, org: Org, options: SalesforceOptions) -> None:
        api, self._options = org.api, options
        self._api, self._org, self._bulk = api, org, BulkQuery(api, org.sleep)
        layout = Layout(api, options)
        self._walker = Walker(api, layout, options)
        self._deletions = Deletions(api, options)
        self._stages = Stages(self._walker, layout, options)
        self._proposal = Proposal(api, layout, org.gate, options)
        self.streams: Sequence[StreamSpec] = [
            StreamSpec(noun, incremental=True, lag_minutes=options.lag_minutes, optional=noun == USERS)
            for noun in NOUNS
            if noun in options.objects
        ]

    @property
    def name(self) -> str:
        """The configured name."""
        return self._options.name

    @property
    def requests(self) -> RequestCounts:
        """Requests made so far."""
        return self._api.counts

    def check(self) -> str:
        """What `doctor` says: what is readable, and a proposal for a mapping file where something is not there.

        Raises AuthError, NotServed, MissingScope, RetriableError.
        """
        told = self._proposal.told()
        host = other_host(self._options.base_url, self._org.token.grant.answer)
        return (
            f"{told}\nthe org calls itself {host}: set that as base_url unless a proxy stands between" if host else told
        )

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        """Pages of a stream from after `token`. Raises ValueError for an unknown noun."""
        if noun not in NOUNS or noun not in self._options.objects:
            raise ValueError(f"Salesforce has no stream {noun}")
        if token is None:
            return self._begun(noun, window)
        mode, _, place = token.partition("|")
        if mode.startswith(BULK):
            job_id, _, locator = place.partition("|")
            return self._bulk_pages(noun, job_id, locator, mode)
        if not mode.startswith((WHOLE, CHANGED)):
            raise BadAnswer("The stored page token is not one of this connector.")
        return self._pages(noun, window, mode, Key.of(place) if place else None)

    def fetch_records(self, noun: str, ids: Sequence[str]) -> Mapping[str, Record]:
        """Records as they are now. NotServed for an unknown noun."""
        if noun not in self._options.objects:
            raise NotServed(f"Salesforce's {noun} are not read by id.")
        starts = range(0, len(ids), IDS_A_REQUEST)
        rows = [row for at in starts for row in self._walker.rows_of(noun, ids[at : at + IDS_A_REQUEST])]
        return {str(row["id"]): self._record(noun, row) for row in rows}

    def _begun(self, noun: str, window: Window) -> Iterator[Page]:
        """A stream from its start: what changed and what was deleted, or everything where that cannot be told."""
        gone = self._gone(noun, window)
        if gone is None:
            yield from self._whole(noun)
            return
        for page in self._pages(noun, window, CHANGED, None):
            yield replace(page, gone=gone)
            gone = ()

    def _gone(self, noun: str, window: Window) -> Sequence[str] | None:
        if window.since is None:
            return None
        return () if noun == USERS else self._deletions.of(noun, window)  # Salesforce deletes no users

    def _whole(self, noun: str) -> Iterator[Page]:
        pages = self._walker.batches(noun, None, None)
        first = next(pages)
        if first.total is not None and first.total > self._options.bulk_above:
            try:
                job_id = self._bulk.begin(self._walker.selection(noun, None).unordered())
            except NoJob:
                pass
            else:
                yield from self._bulk_pages(noun, job_id, START, BULK, begins=True)
                return
        yield from self._told(noun, _chained(first, pages), WHOLE, begins=True)

    def _pages(self, noun: str, window: Window, mode: str, key: Key | None) -> Iterator[Page]:
        of_window = None if mode.startswith(WHOLE) else window
        return self._told(noun, self._walker.batches(noun, of_window, key), mode)

    def _told(self, noun: str, batches: Iterator[Batch], mode: str, *, begins: bool = False) -> Iterator[Page]:
        for batch in batches:
            mode = _marked(mode, batch.rejected)
            yield Page(
                [self._record(noun, row) for row in batch.rows],
                None if batch.is_last else f"{mode}|{batch.key.token if batch.key else ''}",
                total=batch.total,
                rejected=batch.rejected,
                snapshot_begin=begins,
                # a row that could not be read may be anybody's: then nobody can be said to be missing
                snapshot_end=batch.is_last and mode == WHOLE,
            )
            begins = False

    def _bulk_pages(self, noun: str, job_id: str, locator: str, mode: str, *, begins: bool = False) -> Iterator[Page]:
        """A job's pages; from the start by queries when Salesforce has lost the job."""
        try:
            for sheet in self._bulk.sheets(job_id, locator):
                found = [self._walker.flat(noun, row) for row in sheet.rows]
                rejected = [Rejected(f"row {n}", "Id", "missing") for n, row in enumerate(found) if row is None]
                mode = _marked(mode, rejected)
                yield Page(
                    [self._record(noun, row) for row in found if row is not None],
                    f"{mode}|{job_id}|{sheet.locator}" if sheet.locator else None,
                    rejected=rejected,
                    snapshot_begin=begins,
                    snapshot_end=sheet.locator is None and mode == BULK,
                )
                begins = False
        except NoJob:
            yield from self._told(noun, self._walker.batches(noun, None, None), WHOLE, begins=True)

    def _record(self, noun: str, row: Row) -> Record:
        record = cut(row, self._options.fields[noun])
        return {**record, "stages": self._stages.all()} if noun == JOBS else record


def _marked(mode: str, rejected: Sequence[Rejected]) -> str:
    return mode + UNREADABLE if rejected and not mode.endswith(UNREADABLE) else mode


def _chained(first: Batch, others: Iterator[Batch]) -> Iterator[Batch]:
    yield first
    yield from others


def build(options: SalesforceOptions, waits: Waits, clock: Callable[[], float]) -> Salesforce:
    """The connector on its own transport. Raises ValueError for a base URL that cannot be.

    Everything goes to the host that was set, whatever address the token's answer names (docs/decisions/0039).
    """
    base_url = checked_base_url(options.base_url)
    patience = Patience(options.connect_timeout_s, options.read_timeout_s, options.attempts)
    login = Transport(base_url, NoCredentials(), OpenGate(), patience, waits)

    def ask() -> Grant:
        return ask_token(login, TOKEN_PATH, options.grant())

    gate, token = DailyGate(options.daily_reserve), GrantedToken(ask, clock)
    api = Api(Transport(base_url, token, gate, patience, waits), options.version)
    return Salesforce(Org(api, token, gate, waits.sleep), options)


def other_host(base_url: str, answer: Mapping[str, object]) -> str:
    """The host the org names as its own, when that is not the one it was reached at; empty otherwise."""
    named = urlsplit(str(answer.get("instance_url") or "")).hostname or ""
    return named if named != urlsplit(base_url).hostname else ""
