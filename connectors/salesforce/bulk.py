"""Whole reads of large objects as a job of Salesforce's own: Bulk API 2.0, whose pages are CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.rows import Row
from connectors.salesforce.api import Api, Declined
from sync.errors import BadAnswer, MissingScope, RetriableError

JOBS = "/jobs/query"
ROWS_A_PAGE = 50_000
FIRST_WAIT_S, LONGEST_WAIT_S, MOST_WAITING_S = 2.0, 30.0, 1800.0
START = "0"  # stands for the first page in a token
_WORD = re.compile(r"[A-Za-z0-9_+/=-]{1,200}")


class NoJob(Exception):
    """Salesforce makes no such job, has lost it, or failed at it: read by pages of queries instead."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a job's rows, by column name; empty cells are None. `locator`: of the next page."""

    rows: list[Row]
    locator: str | None


class BulkQuery:
    """`sleep`: waits between two looks at a job."""

    def __init__(self, api: Api, sleep: Callable[[float], None]) -> None:
        self._api, self._sleep = api, sleep

    def begin(self, soql: str) -> str:
        """The id of a job that was made and has ended well. Raises NoJob, RetriableError when it takes too long."""
        try:
            made = self._api.post(JOBS, {"operation": "query", "query": soql})
            job_id = str(made.get("id") or "")
            if not _WORD.fullmatch(job_id):
                raise NoJob
            self._await(job_id, str(made.get("state")))
        except (Declined, MissingScope):
            raise NoJob from None
        return job_id

    def sheets(self, job_id: str, locator: str) -> Iterator[Sheet]:
        """The pages of a job from a locator on. Raises NoJob when Salesforce has it no more (after seven days)."""
        if not _WORD.fullmatch(job_id) or not _WORD.fullmatch(locator):
            raise BadAnswer("The stored page token is not one of this connector.")
        seen = {locator}
        following: str | None = locator
        while following is not None:
            sheet = self._sheet(job_id, following)
            following = sheet.locator
            if following in seen:
                raise BadAnswer("Salesforce gave the same locator twice.")
            seen.add(following or "")
            yield sheet

    def _sheet(self, job_id: str, locator: str) -> Sheet:
        query = [("maxRecords", str(ROWS_A_PAGE))] + ([] if locator == START else [("locator", locator)])
        try:
            answer = self._api.send("GET", f"{JOBS}/{job_id}/results", query, accept="text/csv")
        except (Declined, MissingScope):
            raise NoJob from None
        rows = _parsed(answer.body)
        told = answer.headers.get("Sforce-NumberOfRecords", "")
        if told.isdigit() and int(told) != len(rows):
            raise BadAnswer(f"A page of {int(told):,} rows came with {len(rows):,}.")
        found = answer.headers.get("Sforce-Locator", "null")
        return Sheet(rows, found if found != "null" and _WORD.fullmatch(found) else None)

    def _await(self, job_id: str, state: str) -> None:
        waited, wait_s = 0.0, FIRST_WAIT_S
        while state != "JobComplete":
            if state not in ("UploadComplete", "InProgress"):
                raise NoJob
            if waited >= MOST_WAITING_S:
                raise RetriableError(f"Salesforce's job {job_id} did not end in {int(waited)} seconds.")
            self._sleep(wait_s)
            waited, wait_s = waited + wait_s, min(wait_s * 2, LONGEST_WAIT_S)
            state = str(self._api.read(f"{JOBS}/{job_id}").get("state"))


def _parsed(body: bytes) -> list[Row]:
    """Rows of a CSV page. Raises BadAnswer when it is none."""
    try:
        lines = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        rows = [{name: value or None for name, value in line.items()} for line in lines]
    except (UnicodeDecodeError, csv.Error):
        raise BadAnswer("A page of a Salesforce job is not CSV in UTF-8.") from None
    if any(None in row for row in rows) or (lines.fieldnames and "Id" not in lines.fieldnames):
        raise BadAnswer("A page of a Salesforce job has other columns than it says.")
    return rows
