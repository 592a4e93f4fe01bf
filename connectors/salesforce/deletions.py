"""What was deleted in a window: from the org's log, which reaches back 15 days at most and may be emptied sooner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from connectors.protocols import Window
from connectors.rows import Row, id_of, moment_of
from connectors.salesforce.api import Api, Declined
from connectors.salesforce.options import SalesforceOptions
from connectors.salesforce.soql import Selection, full_id
from sync.errors import BadAnswer, MissingScope

REACH = timedelta(days=15)
OVERLAP = timedelta(hours=2)  # the log runs behind while a long transaction is open
SHORTEST = timedelta(minutes=2)  # start must lie more than a minute before end
IDS_A_REQUEST = 100
NO_LOG = frozenset({400, 404})


class Deletions:
    """The deletions of one org. A record that can still be read was not deleted, or was put back."""

    def __init__(self, api: Api, options: SalesforceOptions) -> None:
        self._api, self._options = api, options

    def of(self, noun: str, window: Window) -> Sequence[str] | None:
        """Ids deleted in a window; None when the org cannot tell all of them, so that everything must be read."""
        assert window.since is not None
        if window.until - window.since >= REACH - OVERLAP:
            return None
        start = min(window.since, window.until - SHORTEST) - OVERLAP
        told = self._logged(noun, start, window)
        if told is None:
            return None
        return self._gone(noun, told)

    def _logged(self, noun: str, start: datetime, window: Window) -> list[str] | None:
        name = self._options.objects[noun]
        try:
            log = self._api.deleted(name, start, window.until)
        except MissingScope:
            return self._binned(name, start, window.until)
        except Declined as refused:
            if refused.status not in NO_LOG:
                raise
            if "REPLICATION" in refused.code or "EXCEEDED" in refused.code:
                return None
            return self._binned(name, start, window.until)
        earliest = moment_of(log.get("earliestDateAvailable"))
        if earliest is not None and window.since is not None and earliest > window.since:
            return None
        return _ids(log)

    def _binned(self, name: str, start: datetime, end: datetime) -> list[str] | None:
        """An object without a log: what lies in the recycle bin."""
        bounds = Selection(name, (), "IsDeleted = true", start, end)
        try:
            answer = self._api.query(bounds.behind(None), deleted_too=True)
        except Declined:
            return None
        ids = [id_of(row.get("Id")) for row in answer.rows if isinstance(row, dict)]
        return [one for one in ids if one] if answer.done else None

    def _gone(self, noun: str, ids: list[str]) -> list[str]:
        """The ids of records that are not there any more. Where that cannot be asked, the log is believed."""
        there: set[object] = set()
        selection = Selection(self._options.objects[noun], ())
        try:
            for start in range(0, len(ids), IDS_A_REQUEST):
                rows = self._api.query(selection.of_ids(ids[start : start + IDS_A_REQUEST])).rows
                there |= {full_id(row.get("Id")) for row in rows if isinstance(row, dict)}
        except Declined:
            return ids
        return [one for one in ids if one not in there]


def _ids(log: Row) -> list[str]:
    records = log.get("deletedRecords")
    if not isinstance(records, list):
        raise BadAnswer("Salesforce's list of deletions has no deletedRecords.")
    ids = [id_of(one.get("id")) for one in records if isinstance(one, dict)]
    return list(dict.fromkeys(str(full_id(one)) for one in ids if one))
