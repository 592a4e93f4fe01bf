"""Pages of jobs with the stages of each. All jobs each time: Teamtailor cannot be asked which changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.pages import Numbered, walk_pages
from connectors.protocols import Page
from connectors.rows import Row, cut, id_of
from connectors.teamtailor.api import JOBS, Api, Query
from connectors.teamtailor.documents import STAGES, Included, flat, parse, pointers, stages_in
from connectors.teamtailor.options import TeamtailorOptions
from connectors.vendor_api import Refused

ALL: Query = [("filter[status]", "all")]  # without it only published ones are shown
WITH_STAGES: Query = [("include", "user,stages")]
WITHOUT_STAGES: Query = [("include", "user")]
UNREADABLE = "!"


class JobReader:
    """Reads jobs; the stages come with them, or from the list of stages where Teamtailor does not include them."""

    def __init__(self, api: Api, options: TeamtailorOptions) -> None:
        self._api, self._options = api, options
        self._stages: dict[str, list[Row]] | None = None
        self._includes_stages = True

    def fetch_pages(self, token: str | None) -> Iterator[Page]:
        """A whole snapshot."""
        mark, _, place = (token or "|").partition("|")
        begins = token is None
        for leaf in walk_pages(self._fetch, self._options.page_size, place or None):
            mark = UNREADABLE if leaf.rejected else mark
            yield Page(
                leaf.rows,
                None if leaf.token is None else f"{mark}|{leaf.token}",
                total=leaf.total,
                rejected=leaf.rejected,
                snapshot_begin=begins,
                snapshot_end=leaf.token is None and not mark,
            )
            begins = False

    def _fetch(self, number: int) -> Numbered:
        size, names = self._options.page_size, self._options.fields[JOBS]
        body = self._read(number, size)
        page = parse(body, names, number, size)
        included = Included(body.get("included"))
        given = {id_of(one.get("id")): one for one in body["data"] if isinstance(one, dict)}
        rows = [self._joined(cut(row, names), given[id_of(row["id"])], included) for row in page.rows]
        return Numbered(rows, page.rejected, page.total, page.last)

    def _read(self, number: int, size: int) -> Row:
        if self._includes_stages:
            try:
                return self._api.read("/jobs", ALL + WITH_STAGES, number, size)
            except Refused as refused:
                if refused.status not in (400, 422):
                    raise
                self._includes_stages = False
        return self._api.read("/jobs", ALL + WITHOUT_STAGES, number, size)

    def _joined(self, row: Row, resource: Row, included: Included) -> Row:
        stages = stages_in(resource, self._options.fields[STAGES], included)
        if stages is None:
            stages = self._listed().get(str(row["id"]))
        return row if stages is None else {**row, "stages": stages}

    def _listed(self) -> dict[str, list[Row]]:
        """The stages of every job, read once a process; empty when Teamtailor does not say which job they are of."""
        if self._stages is None:
            self._stages = {}
            for resource, job_id in pointers(self._all_stages(), "job"):
                names = self._options.fields[STAGES]
                self._stages.setdefault(job_id, []).append(cut(flat(resource, names, Included(None)), names))
        return self._stages

    def _all_stages(self) -> Sequence[Row]:
        size = self._options.page_size

        def fetch(number: int) -> Numbered:
            body = self._api.read("/stages", [("include", "job")], number, size)
            page = parse(body, (), number, size)
            known = {id_of(row["id"]) for row in page.rows}
            found = [one for one in body["data"] if isinstance(one, dict) and id_of(one.get("id")) in known]
            return Numbered(found, page.rejected, page.total, page.last)

        return [row for leaf in walk_pages(fetch, size, None) for row in leaf.rows]
