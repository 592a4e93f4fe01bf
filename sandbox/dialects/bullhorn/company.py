"""A Bullhorn company in memory: the world's people as candidates with submissions (docs/vendor-facts.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.clock import SandboxClock
from sandbox.dialects.base import Asked, Dialect, Endpoint
from sandbox.dialects.bullhorn import people
from sandbox.dialects.bullhorn.doors import Doors
from sandbox.dialects.limits import FixedWindow
from sandbox.errors import ApiError

Row = dict[str, Any]
KEYS = {400: "errors.badRequest", 401: "errors.authentication.invalidRestToken", 404: "errors.entityNotFound"}


class Company(Dialect):
    """One company. Rows by entity and id.

    `date_form`: how search takes dates: utc, new-york, amsterdam (14 digits there), ms, ignored (dropped without a
    word) or refused. `index_lag_s`: how long a change is not found by its date. `ignores_start`: every page is the
    first. `counts_more`: rows search counts and does not show. `most_rows`: rows a page at most, below what is asked.
    `lacks`: fields the company does not have, as `Entity.field`. `hides`: entities the user may not read.
    `data_centre`: what loginInfo names instead of this host.
    `window`: 50 requests in a second.
    """

    page_size = 500
    actions = (
        "add-candidate",
        "submit",
        "edit-candidate",
        "set-status",
        "place",
        "delete",
        "purge",
        "anonymise",
        "end-sessions",
        "move-company",
    )
    knobs = ("date_form", "index_lag_s", "ignores_start", "counts_more", "most_rows", "lacks", "hides", "data_centre")

    def __init__(self, clock: SandboxClock) -> None:
        super().__init__(clock)
        self.doors = Doors(clock.now)
        self.window = FixedWindow(50, 1.0)
        self.date_form, self.index_lag_s = "utc", 30
        self.ignores_start = False
        self.counts_more = 0
        self.most_rows: int | None = None
        self.lacks: list[str] = []
        self.hides: list[str] = []
        self.data_centre = ""
        self.rows: dict[str, dict[int, Row]] = {entity: {} for entity in people.TEMPLATES}
        self.statuses = list(people.STATUSES)
        self.before: dict[int, int] = {}
        self.last_id = 900_000

    def settings(self) -> dict[str, str]:
        """An API client and a user."""
        doors = self.doors
        secrets = {"client_secret": doors.client_secret, "password": doors.password}
        return {"client_id": doors.client_id, "username": doors.username, **secrets}

    def nudge(self, count: int) -> None:
        """Each is edited, and so is a submission."""
        for row in list(self.rows[people.SUBMISSION].values())[:count]:
            self.edit_candidate(row["candidate"]["id"], {"phone": "+31 6 00000000"})
            self.touch(row["id"], {"comments": "…"})

    def fill(self, world: Any) -> None:
        """Candidates with submissions; prospects are submitted by a recruiter, without a web response."""
        people.fill(self, world)

    def admit(self, asked: Asked) -> None:
        """The limit, then the session."""
        self.window.admit()
        token = asked.headers.get("bhresttoken") or asked.query.get("BhRestToken")
        self.doors.admit(token, asked.path.get("corp", ""))

    def refusal(self, error: ApiError) -> Row:
        """As Bullhorn writes errors."""
        key = KEYS.get(error.status, "errors.unknown")
        return {"errorMessage": error.message, "errorMessageKey": key, "errorCode": error.status}

    def is_page(self, endpoint: Endpoint, asked: Asked) -> bool:
        """A page of people or of their submissions, and not a look at a few of them."""
        is_walked = asked.path.get("entity") in (people.CANDIDATE, people.SUBMISSION)
        return endpoint.paged and is_walked and int(asked.query.get("count", 20)) > 20

    def get(self, entity: str, record_id: object) -> Row:
        """ApiError 404 when there is none (any more)."""
        found = self.rows[entity].get(int(str(record_id)))
        if found is None:
            raise ApiError(404, f"{entity} {record_id} was not found", None)
        return found

    def put(self, entity: str, record_id: int, **known: Any) -> Row:
        """Keep a record."""
        row = {**people.TEMPLATES[entity], **known, "id": record_id}
        self.rows[entity][record_id] = row
        return row

    def next_id(self) -> int:
        """An id nobody had before."""
        self.last_id += 1
        return self.last_id

    def now(self) -> int:
        """The clock in milliseconds since 1970."""
        return people.stamp(self.clock.now())

    def add_candidate(self, first: str, last: str, email: str) -> Row:
        """A candidate is made."""
        moments = dict.fromkeys(("dateAdded", "dateLastModified"), self.now())
        names = {"firstName": first, "lastName": last, "name": f"{first} {last}", "email": email}
        return self.put(people.CANDIDATE, 6_000_000 + self.next_id(), **names, **moments)

    def submit(self, candidate_id: object, job_id: object, status: str = people.NEW_LEAD) -> Row:
        """A web response, or with another status a submission by a recruiter."""
        moments = dict.fromkeys(("dateAdded", "dateLastModified"), self.now())
        moments |= {"dateWebResponse": self.now()} if status == people.NEW_LEAD else {}
        candidate = people.pointer(self.get(people.CANDIDATE, candidate_id))
        job = people.pointer(self.get(people.JOB, job_id))
        made = self.put(people.SUBMISSION, self.next_id(), candidate=candidate, jobOrder=job, status=status, **moments)
        people.remember(self, made, status, self.now())
        return made

    def edit_candidate(self, candidate_id: object, changes: Mapping[str, Any]) -> None:
        """A recruiter changes a candidate; for a while the index still knows the change before."""
        row = self.get(people.CANDIDATE, candidate_id)
        self.before[row["id"]] = row["dateLastModified"]
        row.update({**changes, "dateLastModified": self.now()})

    def indexed(self, row: Row, field: str) -> int | None:
        """A row's date as the index knows it."""
        is_late = field == "dateLastModified" and row[field] > self.now() - self.index_lag_s * 1000
        found: int | None = self.before.get(row["id"]) if is_late else row[field]
        return found

    def touch(self, submission_id: object, changes: Mapping[str, Any]) -> None:
        """A submission changes now."""
        self.get(people.SUBMISSION, submission_id).update({**changes, "dateLastModified": self.now()})

    def set_status(self, submission_id: object, status: str) -> None:
        """A submission goes on, or ends."""
        self.touch(submission_id, {"status": status})
        people.remember(self, self.get(people.SUBMISSION, submission_id), status, self.now())

    def place(self, submission_id: object, status: str = "Approved") -> None:
        """A placement of the person; the submission's own status stays."""
        people.place(self, self.get(people.SUBMISSION, submission_id), status, self.now())
        self.touch(submission_id, {})

    def of(self, candidate_id: object) -> list[Row]:
        """The submissions of a candidate."""
        rows = self.rows[people.SUBMISSION].values()
        return [row for row in rows if row["candidate"]["id"] == int(str(candidate_id))]

    def delete(self, candidate_id: object) -> None:
        """Marked as deleted, with the submissions."""
        self.edit_candidate(candidate_id, {"isDeleted": True})
        for row in self.of(candidate_id):
            self.touch(row["id"], {"isDeleted": True})

    def purge(self, candidate_id: object) -> None:
        """Removed for good."""
        for row in self.of(candidate_id):
            del self.rows[people.SUBMISSION][row["id"]]
        del self.rows[people.CANDIDATE][int(str(candidate_id))]

    def anonymise(self, candidate_id: object) -> None:
        """The person's data is overwritten."""
        blank: Row = dict.fromkeys(("email", "email2", "mobile", "phone", "source"))
        names = {"firstName": "Anonymized", "lastName": "Anonymized", "name": "Anonymized Anonymized"}
        self.edit_candidate(candidate_id, {**blank, **names, "isAnonymized": True})

    def end_sessions(self) -> None:
        """Every session ends now."""
        self.doors.end_sessions()

    def move_company(self, corp_token: str) -> None:
        """The company has another address from now on; sessions at the old one end."""
        self.doors.end_sessions()
        self.doors.corp_token = corp_token
