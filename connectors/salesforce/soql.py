"""SOQL texts. Nothing that came from outside is put into one without a check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from connectors.rows import id_of, moment_of
from sync.errors import BadAnswer

STAMP = "SystemModstamp"
_MARKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_NAME = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)*")


@dataclass(frozen=True, slots=True)
class Key:
    """A place in the order of changes: behind the row `id` that changed at `moment`."""

    moment: datetime
    id: str

    @property
    def token(self) -> str:
        """`moment,id`."""
        return f"{literal(self.moment)},{self.id}"

    @classmethod
    def of(cls, token: str) -> Key:
        """The key a token names. Raises BadAnswer for one this connector did not make."""
        moment, _, row_id = token.partition(",")
        at = moment_of(moment)
        if at is None or id_of(row_id) != row_id:
            raise BadAnswer("The stored page token is not one of this connector.")
        return cls(at, row_id)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of an object: those that meet `where` and changed from `since` to `until` (None: no bound)."""

    object: str
    fields: Sequence[str]
    where: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def behind(self, key: Key | None) -> str:
        """The query for what comes behind a key, in the order of changes."""
        return f"{self._text(self._bounds() + ([_behind(key)] if key else []))} ORDER BY {STAMP}, Id"

    def unordered(self) -> str:
        """The query for all of it."""
        return self._text(self._bounds())

    def of_ids(self, ids: Sequence[str]) -> str:
        """The query for the rows of these ids."""
        known = ",".join(f"'{one}'" for one in ids if id_of(one) == one)
        return replace(self, since=None, until=None)._text([*self._conditions(), f"Id IN ({known})"])

    def _conditions(self) -> list[str]:
        return [f"({self.where})"] if self.where else []

    def _bounds(self) -> list[str]:
        since = [f"{STAMP} >= {literal(self.since)}"] if self.since else []
        until = [f"{STAMP} < {literal(self.until)}"] if self.until else []
        return self._conditions() + since + until

    def _text(self, conditions: Sequence[str]) -> str:
        names = ", ".join(dict.fromkeys(["Id", STAMP, *map(checked_name, self.fields)]))
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"SELECT {names} FROM {checked_name(self.object)}{where}"  # noqa: S608 (names are checked)


def full_id(value: object) -> object:
    """An id of 15 characters, whose case counts, as the one of 18 given elsewhere; anything else as it is."""
    if not isinstance(value, str) or not (len(value) == 15 and value.isascii() and value.isalnum()):
        return value
    parts = (value[at : at + 5] for at in (0, 5, 10))
    marks = (sum(1 << place for place, sign in enumerate(part) if sign.isupper()) for part in parts)
    return value + "".join(_MARKS[mark] for mark in marks)


def literal(moment: datetime) -> str:
    """A moment as SOQL wants it: whole seconds, with milliseconds only where there are some."""
    in_utc = moment.astimezone(UTC)
    text = in_utc.isoformat(timespec="milliseconds" if in_utc.microsecond >= 1000 else "seconds")
    return text.replace("+00:00", "Z")


def checked_name(name: str) -> str:
    """A field or object name. Raises ValueError for what is none."""
    if not _NAME.fullmatch(name):
        raise ValueError("not a name of a Salesforce field or object")
    return name


def _behind(key: Key) -> str:
    moment = literal(key.moment)
    return f"(({STAMP} = {moment} AND Id > '{key.id}') OR {STAMP} > {moment})"
