"""How the search index wants dates to be written, found out by asking (docs/bullhorn.md).

The form is documented nowhere, nor the zone its digits are in; an index that misreads a date shows the wrong rows
without a word. So one known row must come back from a minute around its own moment, and nothing from outside that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.bullhorn.api import CANDIDATE, Api, Asked
from connectors.rows import Row
from connectors.vendor_api import Refused
from sync.errors import BadAnswer

LIVING = "isDeleted:0"
MODIFIED = "dateLastModified"
AROUND = timedelta(minutes=1)
ROUNDED = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class DateForm:
    """One way to write a moment. `key`: how tokens name it. `slack`: how much earlier a window is asked for, where the
    clocks may have been changed since the moment the form was proven by."""

    key: str
    write: Callable[[datetime], str]
    told: str
    slack: timedelta = timedelta(0)

    def since(self, moment: datetime) -> str:
        """The query for what changed at or after a moment."""
        return f"{MODIFIED}:[{self.write(moment - self.slack)} TO *]"

    def around(self, moment: datetime) -> str:
        """The query for what changed within a minute of a moment."""
        return f"{MODIFIED}:[{self.write(moment - AROUND)} TO {self.write(moment + AROUND)}]"


def _digits(key: str, zone: str) -> DateForm:
    def write(moment: datetime) -> str:
        return moment.astimezone(ZoneInfo(zone)).strftime("%Y%m%d%H%M%S")

    slack = timedelta(0) if zone == "UTC" else timedelta(hours=1)
    return DateForm(key, write, f"14 digits in {zone}", slack)


FORMS = (
    _digits("utc", "UTC"),
    DateForm("ms", lambda moment: str(milliseconds(moment)), "milliseconds since 1970"),
    _digits("new-york", "America/New_York"),
    _digits("amsterdam", "Europe/Amsterdam"),
)


class Dates:
    """The form of one company, asked for once a process."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._found: list[DateForm | None] = []

    def form(self) -> DateForm | None:
        """The form that is proven; None when none is, or there is no candidate to prove one by."""
        if not self._found:
            self._found.append(self._prove())
        return self._found[0]

    def _prove(self) -> DateForm | None:
        """By the row that has rested longest: what changed just now may not be indexed yet."""
        try:
            known = [at for at in map(_moment, self._rows(LIVING)) if at is not None]
        except Refused:
            return None
        return next((form for form in FORMS if self._shows(form, min(known))), None) if known else None

    def _shows(self, form: DateForm, moment: datetime) -> bool:
        """Whether the rows around a moment are just those."""
        try:
            found = [_moment(row) for row in self._rows(form.around(moment))]
        except Refused:
            return False
        reach = AROUND + ROUNDED
        return bool(found) and all(at is not None and abs(at - moment) <= reach for at in found)

    def _rows(self, text: str) -> Sequence[Row]:
        return self._api.page(Asked(CANDIDATE, text, ("id", MODIFIED))).rows


def form_of(key: str) -> DateForm:
    """The form a token names. Raises BadAnswer for one this connector did not make."""
    for form in FORMS:
        if form.key == key:
            return form
    raise BadAnswer("The stored page token is not one of this connector.")


def milliseconds(moment: datetime) -> int:
    """Since 1970, rounded down."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _moment(row: Row) -> datetime | None:
    told = row.get(MODIFIED)
    if not isinstance(told, int) or isinstance(told, bool):
        return None
    try:
        return datetime.fromtimestamp(told / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None
