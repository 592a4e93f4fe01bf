"""Bullhorn as the `Source` port. Applications are JobSubmissions, jobs are JobOrders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from connectors.bullhorn.api import CANDIDATE, HISTORY, JOB, SUBMISSION, USER, Api, Asked
from connectors.bullhorn.dates import LIVING, MODIFIED, Dates, form_of, milliseconds
from connectors.bullhorn.login import Login
from connectors.bullhorn.options import CAPABILITIES, BullhornOptions
from connectors.bullhorn.related import EVERY, HISTORY_FIELDS, Related, asked_fields
from connectors.bullhorn.wires import Places, Wires
from connectors.http import Waits
from connectors.offset_walk import Fetched, Step, Tally, walk
from connectors.protocols import Page, Record, RequestCounts, StreamSpec, Window
from connectors.rows import Row, cut
from connectors.sweeps import is_sweep_due
from connectors.vendor_api import Refused
from sync.errors import MissingScope, NotServed

USERS, JOBS, CANDIDATES, APPLICATIONS = "users", "jobs", "candidates", "applications"
ENTITIES = {USERS: USER, JOBS: JOB, CANDIDATES: CANDIDATE, APPLICATIONS: SUBMISSION}
WHOLE = "all"
DATABASE = "db"
UNREADABLE = "!"  # ends the mode in a token: an earlier page had a row that could not be read


class Counted:
    """A list whose count may be higher than what it shows: an empty page is the end, whatever the count says.

    `told`: the count of the last page.
    """

    def __init__(self, fetch: Callable[[int], Fetched]) -> None:
        self._fetch = fetch
        self._end: int | None = None
        self.told: int | None = None

    def __call__(self, start: int) -> Fetched:
        page = self._fetch(start)
        self.told = page.total
        if not page.size:
            self._end = start if self._end is None else min(self._end, start)
        if self._end is None or page.total is None:
            return page
        return replace(page, total=min(page.total, self._end))


class Bullhorn:
    """One company. Implements `connectors.protocols.Source`."""

    capabilities = CAPABILITIES

    def __init__(self, api: Api, options: BullhornOptions) -> None:
        self._api, self._options = api, options
        self._dates = Dates(api)
        self._related = Related(api, options.page_size)
        self._statuses: list[str] | None = None
        lag = options.lag_minutes
        self.streams: Sequence[StreamSpec] = (
            StreamSpec(USERS, incremental=False, optional=True),
            StreamSpec(JOBS, incremental=True, lag_minutes=lag),
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
        """What `doctor` says when the company answers: how search wants dates, and whether the history is readable.

        Raises AuthError, NotServed, MissingScope, RetriableError.
        """
        for noun in (CANDIDATES, APPLICATIONS, JOBS):
            self._page(noun, LIVING if noun != APPLICATIONS else EVERY, 0, 1)
        form = self._dates.form()
        dates = f"search takes dates as {form.told}" if form else "search takes no dates, so every pull lists all"
        told = [f"candidates, submissions and jobs readable; {dates}"]
        told += [] if self._shows_history() else ["the history of submissions is not readable: moments stay unknown"]
        told += [] if self._api.statuses() else ["the list of statuses is not readable: jobs have no stages"]
        return "; ".join(told)

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        """Pages of a stream from after `token`. Raises ValueError for an unknown noun."""
        if noun not in ENTITIES:
            raise ValueError(f"Bullhorn has no stream {noun}")
        return self._pages(noun, window, token)

    def _pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        mode, _, place = token.partition("|") if token else (self._mode(noun, window), "", "")
        text, is_whole = self._text(noun, mode.removesuffix(UNREADABLE), window), mode.startswith(WHOLE)
        size, tally = self._options.page_size, Tally(is_whole=not place)
        fetch = Counted(lambda start: self._page(noun, text, start, size))
        for step in walk(fetch, size, place or None):
            tally.add(step)
            if step.rejected and not mode.endswith(UNREADABLE):
                mode += UNREADABLE
            yield Page(
                self._records(noun, step, is_whole=is_whole),
                f"{mode}|{step.token}" if step.token else None,
                total=step.total,
                rejected=step.rejected,
                snapshot_begin=is_whole and step.begins,
                # a row that could not be read may be anybody's: then nobody can be said to be missing
                snapshot_end=is_whole and step.token is None and not mode.endswith(UNREADABLE),
                shortage=None if step.token else tally.shortage(fetch.told),
            )

    def _mode(self, noun: str, window: Window) -> str:
        """How a window is read: everything, or what changed, in a form of dates that is proven."""
        if noun == USERS or is_sweep_due(window, self._options.lag_minutes, self._options.sweep_hour_utc):
            return WHOLE
        if noun == APPLICATIONS:
            return DATABASE
        form = self._dates.form()
        return form.key if form else WHOLE

    def _text(self, noun: str, mode: str, window: Window) -> str:
        """The query. It has no end: a row that changes again while it is read must not leave the list."""
        if mode == WHOLE or window.since is None:
            return LIVING if noun in (JOBS, CANDIDATES) else EVERY
        if mode == DATABASE:
            return f"{MODIFIED} > {milliseconds(window.since) - 1}"
        return form_of(mode).since(window.since)

    def _page(self, noun: str, text: str, start: int, count: int) -> Fetched:
        fields = asked_fields(self._options.fields[noun])
        return self._api.page(Asked(ENTITIES[noun], text, fields, start, count))

    def _records(self, noun: str, step: Step, *, is_whole: bool) -> list[Record]:
        """A whole read shows what is there; one of changes also shows what was deleted."""
        rows = [row for row in step.rows if noun == USERS or not (is_whole and row.get("isDeleted") in (1, "1"))]
        if noun == USERS:
            self._related.learn_users(rows)
        names = self._options.fields[noun]
        joined = self._related.joined(rows, names)
        if noun == JOBS:
            return [self._with_stages(cut(row, names)) for row in joined]
        return [cut(row, names) for row in joined]

    def _with_stages(self, job: Row) -> Row:
        """The same for every job: the statuses of the company."""
        if self._statuses is None:
            self._statuses = self._api.statuses() or []
        return {**job, "stages": [{"name": status} for status in self._statuses]} if self._statuses else job

    def _shows_history(self) -> bool:
        try:
            self._api.page(Asked(HISTORY, EVERY, HISTORY_FIELDS, 0, 1))
        except (MissingScope, NotServed, Refused):
            return False
        return True


def build(options: BullhornOptions, waits: Waits | None = None) -> Bullhorn:
    """The connector with its own logins and transports. Raises ValueError for a base URL that cannot be."""
    wires = Wires(options, waits or Waits())
    login = Login(options, Places(options.base_url), wires)
    return Bullhorn(Api(login, wires), options)
