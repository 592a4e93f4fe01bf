"""A Salesforce org in memory: sobjects with rows, a log of deletions, sessions, a daily limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import SandboxClock
from sandbox.dialects.base import Asked, Dialect, Endpoint
from sandbox.dialects.salesforce import people
from sandbox.dialects.salesforce.schema import (
    CXS_APPLICATION,
    CXS_CANDIDATE,
    CXS_POSITION,
    CXS_STATUS,
    USER,
    Sobject,
    long_id,
    sobjects,
)
from sandbox.errors import ApiError

Row = dict[str, Any]
LOG_DAYS = 15


class Company(Dialect):
    """One org. Ids of what is added later are higher than all before.

    `batch`: rows a page of a query. `hidden`: `Object.Field` the user may not see. `unlogged`: objects without a log of
    deletions. `log_from`: the log was emptied up to then. `repeats`: every further page is the first one. `versions`:
    of the API. `daily_limit`, `used`: requests. `bulk_state`: how jobs end, `bulk_rows`: rows a page of their results,
    `bulk_looks`: how often they are still in progress. `certificate`: of the connected app, as modulus and exponent.
    """

    actions = ("add-candidate", "apply", "edit", "set-status", "delete-candidate", "undelete", "expire", "lose-cursors")
    page_size = 2_000
    knobs = ("batch", "hidden", "unlogged", "log_from", "repeats", "versions", "daily_limit", "used", "instance_url")

    def __init__(self, clock: SandboxClock) -> None:
        super().__init__(clock)
        self.client_id, self.client_secret, self.username = "3MVG9sandbox", "salesforce-secret", "sync@example.org"
        self.certificate: tuple[int, int] | None = None
        self.instance_url, self.session, self.logins = "", "", 0
        self.batch, self.daily_limit, self.used = self.page_size, 15_000, 0
        self.versions = ["61.0", "62.0", "67.0"]
        self.hidden: list[str] = []
        self.unlogged: list[str] = []
        self.log_from, self.repeats = "", False
        self.bulk_state, self.bulk_rows, self.bulk_looks = "JobComplete", 50_000, 1
        self.sobjects: dict[str, Sobject] = sobjects(people.STATUSES)
        self.log: list[tuple[str, str, datetime]] = []
        self.cursors: dict[str, Any] = {}
        self.opened = 0
        self.jobs: dict[str, Any] = {}
        self.last = 500_000

    def settings(self) -> dict[str, str]:
        """Client credentials, and the preset of Connexys."""
        return {"client_id": self.client_id, "client_secret": self.client_secret, "preset": "connexys"}

    def fill(self, world: Any) -> None:
        """Candidates, vacancies and applications, of both packages."""
        people.fill(self, world)

    def nudge(self, count: int) -> None:
        """Each is edited, and so is an application."""
        for row in list(self.sobjects[CXS_APPLICATION].rows.values())[:count]:
            self.edit(row["cxsrec__Candidate__c"], cxsrec__mobilePhone__c="+31 6 00000000")
            self.edit(row["Id"])

    def admit(self, asked: Asked) -> None:
        """The session, then the version, then the day's limit."""
        if not self.session or asked.headers.get("authorization") != f"Bearer {self.session}":
            raise ApiError(401, "Session expired or invalid", "INVALID_SESSION_ID")
        if asked.path.get("version", self.versions[0]) not in self.versions:
            raise ApiError(404, "The requested resource does not exist", "NOT_FOUND")
        if self.used >= self.daily_limit:
            raise ApiError(403, "TotalRequests Limit exceeded.", "REQUEST_LIMIT_EXCEEDED")
        self.used += 1

    def headers(self) -> dict[str, str]:
        """What is used of the day."""
        return {"Sforce-Limit-Info": f"api-usage={self.used}/{self.daily_limit}"}

    def refusal(self, error: ApiError) -> Any:
        """Errors come as a list."""
        return [{"message": error.message, "errorCode": error.category or "NOT_FOUND"}]

    def is_page(self, endpoint: Endpoint, asked: Asked) -> bool:
        """Pages of stages and of ids are none of a walk."""
        query = asked.query.get("q", "")
        return endpoint.paged and CXS_STATUS + " " not in query and " Id IN " not in query

    def sobject(self, name: str, code: str = "NOT_FOUND") -> Sobject:
        """ApiError when there is none of that name."""
        if name not in self.sobjects:
            raise ApiError(400 if code == "INVALID_TYPE" else 404, f"sObject type '{name}' is not supported.", code)
        return self.sobjects[name]

    def may_see(self, name: str, column: str) -> bool:
        """Whether field-level security lets the user see a field."""
        return f"{name}.{column}" not in self.hidden

    def add(self, name: str, number: int, known: Row, created_at: str, changed_at: str = "") -> Row:
        """A row."""
        sobject = self.sobjects[name]
        changed_at = changed_at or created_at
        moments = {"CreatedDate": created_at, "LastModifiedDate": changed_at, "SystemModstamp": changed_at}
        owner = {} if name == USER else {"OwnerId": next(iter(self.sobjects[USER].rows), None)}
        row = {"Id": long_id(sobject.prefix, number), "IsDeleted": False, **moments, **owner, **known}
        sobject.rows[row["Id"]] = row
        return row

    def row(self, row_id: str) -> tuple[Sobject, Row]:
        """ApiError 404 when there is none (any more)."""
        for sobject in self.sobjects.values():
            if row_id in sobject.rows:
                return sobject, sobject.rows[row_id]
        raise ApiError(404, "The requested resource does not exist", "NOT_FOUND")

    def add_candidate(self, first: str, last: str, email: str) -> Row:
        """A new candidate of Connexys."""
        known = {"cxsrec__First_name__c": first, "cxsrec__Last_name__c": last, "cxsrec__E_mail_address__c": email}
        return self.add(CXS_CANDIDATE, self._next(), known, self.now())

    def apply(self, candidate_id: str, job_id: str = "") -> Row:
        """A candidate applies in Connexys, to a vacancy in its first status, or openly."""
        status = next(iter(self.sobjects[CXS_STATUS].rows)) if job_id else None
        known = {"cxsrec__Candidate__c": candidate_id, "cxsrec__Position__c": job_id or None}
        more = {"cxsrec__Workflow_status__c": status, "cxsrec__Created_from__c": "Form"}
        return self.add(CXS_APPLICATION, self._next(), {**known, **more}, self.now())

    def edit(self, row_id: str, **changes: Any) -> Row:
        """Somebody changes a row."""
        row = self.row(row_id)[1]
        row |= {**changes, "SystemModstamp": self.now(), "LastModifiedDate": self.now()}
        return row

    def set_status(self, application_id: str, status: str) -> Row:
        """An application of Connexys comes into another status."""
        rows = self.sobjects[CXS_STATUS].rows.values()
        return self.edit(
            application_id, cxsrec__Workflow_status__c=next(one["Id"] for one in rows if one["Name"] == status)
        )

    def delete_candidate(self, candidate_id: str, hard: bool = False) -> None:
        """Into the bin with the applications; `hard`: gone from the bin as well, which only the log shows."""
        applications = self.sobjects[CXS_APPLICATION].rows
        own = [row["Id"] for row in applications.values() if row["cxsrec__Candidate__c"] == candidate_id]
        for row_id in (candidate_id, *own):
            self.delete(row_id, hard)

    def delete(self, row_id: str, hard: bool = False) -> None:
        """One row."""
        sobject, row = self.row(row_id)
        row |= {"IsDeleted": True, "SystemModstamp": self.now()}
        self.log.append((sobject.name, row_id, self.clock.now()))
        if hard:
            del sobject.rows[row_id]

    def undelete(self, row_id: str) -> None:
        """Back out of the bin; the log keeps what it said."""
        self.edit(row_id, IsDeleted=False)

    def expire(self) -> None:
        """The session ends."""
        self.session = ""

    def lose_cursors(self) -> None:
        """Other programs opened so many queries that these are closed."""
        self.cursors.clear()

    def reach(self) -> datetime:
        """From when on the log of deletions is whole."""
        reach = self.clock.now() - timedelta(days=LOG_DAYS)
        return max(reach, datetime.fromisoformat(self.log_from)) if self.log_from else reach

    def first_job(self) -> str:
        """A vacancy of Connexys."""
        return next(iter(self.sobjects[CXS_POSITION].rows))

    def now(self) -> str:
        """The clock, as Salesforce writes moments."""
        return people.stamp(self.clock.now())

    def _next(self) -> int:
        self.last += 1
        return self.last
