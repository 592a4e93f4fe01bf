"""A Teamtailor company in memory: the world's people as candidates with job applications (docs/vendor-facts.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import SandboxClock
from sandbox.dialects.base import Asked, Dialect
from sandbox.dialects.limits import FixedWindow
from sandbox.dialects.teamtailor import people
from sandbox.errors import ApiError

Row = dict[str, Any]
TYPES = ("users", "jobs", "stages", "reject-reasons", "candidates", "job-applications")


@dataclass
class Resource:
    """One resource. `relations`: the pointer of each relation, a list of them, or None."""

    type: str
    id: str
    attributes: Row
    relations: dict[str, Any] = field(default_factory=dict)
    links: Row = field(default_factory=dict)


class Company(Dialect):
    """One company. Resources by type and id.

    `limit`: 50 requests in 10 seconds. `ignores_paging`: every page is the first of everything. `sorts` False: sort is
    dropped without a word, and rows come by id. `stages_of_jobs` False: jobs do not include their stages.
    `from_is_exclusive`: filter[updated-at][from] leaves out the moment itself. `largest_page`: rows a page at most.
    """

    actions = ("add-candidate", "apply", "edit-candidate", "move", "reject", "delete", "tell-after")
    page_size = 30
    knobs = ("token", "ignores_paging", "sorts", "stages_of_jobs", "from_is_exclusive", "largest_page")

    def __init__(self, clock: SandboxClock) -> None:
        super().__init__(clock)
        self.token = "teamtailor-key"
        self.window = FixedWindow(50, 10.0)
        self.ignores_paging = self.from_is_exclusive = False
        self.sorts = self.stages_of_jobs = True
        self.largest_page = 30
        self.resources: dict[str, dict[str, Resource]] = {name: {} for name in TYPES}
        self.last_id = 900_000

    def settings(self) -> dict[str, str]:
        """An API key of the scope Admin."""
        return {"token": self.token}

    def nudge(self, count: int) -> None:
        """Each is edited, and so is an application."""
        for one in list(self.resources["job-applications"].values())[:count]:
            self.edit_candidate(one.relations["candidate"]["id"], {"phone": "+31 6 00000000"})
            self.touch(one.id, {"cover-letter": "…"})

    def fill(self, world: Any) -> None:
        """Candidates with job applications; prospects are sourced ones."""
        people.fill(self, world)

    def admit(self, asked: Asked) -> None:
        """The key, the version, then the limit."""
        if asked.headers.get("authorization") != f"Token token={self.token}":
            raise ApiError(401, "Unauthorized", None)
        if not re.fullmatch(r"20\d{6}", asked.headers.get("x-api-version", "")):
            raise ApiError(400, "X-Api-Version is missing or no date", None)
        self.window.admit()

    def headers(self) -> dict[str, str]:
        """What is left; Reset in seconds."""
        if self.window.limit is None:
            return {}
        left, reset = self.window.left, self.window.reset_s
        return {
            "X-Rate-Limit-Limit": str(self.window.limit),
            "X-Rate-Limit-Remaining": str(left),
            "X-Rate-Limit-Reset": str(reset),
        }

    def refusal(self, error: ApiError) -> Row:
        """As JSON:API writes errors."""
        return {"errors": [{"title": error.message, "detail": error.message, "status": str(error.status)}]}

    def get(self, type_: str, record_id: str) -> Resource:
        """ApiError 404 when there is none (any more)."""
        found = self.resources[type_].get(str(record_id))
        if found is None:
            raise ApiError(404, "Record not found", None)
        return found

    def put(self, resource: Resource) -> Resource:
        """Keep a resource."""
        self.resources[resource.type][resource.id] = resource
        return resource

    def next_id(self) -> str:
        """An id nobody had before."""
        self.last_id += 1
        return str(self.last_id)

    def add_candidate(self, first: str, last: str, email: str) -> Row:
        """Somebody signs up on the careers site."""
        moments = dict.fromkeys(("created-at", "updated-at"), self.now())
        known = {"first-name": first, "last-name": last, "email": email, "phone": None, **moments}
        made = self.put(Resource("candidates", self.next_id(), {**people.CANDIDATE, **known}))
        return {"id": made.id, **made.attributes}

    def apply(self, candidate_id: str, job_id: str, sourced: bool = False) -> Row:
        """A candidate applies, or is sourced, into the first stage."""
        stage = self.get("jobs", job_id).relations["stages"][0]
        moments = dict.fromkeys(("created-at", "updated-at", "changed-stage-at"), self.now())
        relations = {"candidate": people.pointer("candidates", candidate_id), "job": people.pointer("jobs", job_id)}
        made = Resource(
            "job-applications",
            self.next_id(),
            {**people.APPLICATION, **moments, "sourced": sourced},
            {**relations, "stage": stage, "reject-reason": None},
        )
        return {"id": self.put(made).id, **made.attributes}

    def edit_candidate(self, candidate_id: str, changes: Mapping[str, Any]) -> None:
        """A recruiter changes a candidate."""
        self.get("candidates", candidate_id).attributes |= {**changes, "updated-at": self.now()}

    def move(self, application_id: str, stage_id: str) -> None:
        """Into another stage."""
        one = self.get("job-applications", application_id)
        one.relations["stage"] = people.pointer("stages", stage_id)
        self.touch(application_id, {"changed-stage-at": self.now()})

    def reject(self, application_id: str, reason: str, by_company: bool = True, visible_at: str | None = None) -> None:
        """Rejected by the company, or withdrawn. `visible_at`: when the candidate may know."""
        one = self.get("job-applications", application_id)
        one.relations["reject-reason"] = people.pointer("reject-reasons", people.reason_id(self, reason, by_company))
        self.touch(application_id, {"rejected-at": self.now(), people.VISIBLE_AT: visible_at})

    def tell_after(self, application_id: str, visible_at: str) -> None:
        """The moment from which a rejection shows is set anew."""
        self.touch(application_id, {people.VISIBLE_AT: visible_at})

    def touch(self, application_id: str, changes: Mapping[str, Any]) -> None:
        """An application changes now."""
        self.get("job-applications", application_id).attributes |= {**changes, "updated-at": self.now()}

    def delete(self, candidate_id: str) -> None:
        """Gone from every list with the applications; 404 by id."""
        gone = self.get("candidates", candidate_id)
        del self.resources["candidates"][gone.id]
        own = people.pointer("candidates", gone.id)
        applications = self.resources["job-applications"]
        for one in [one for one in applications.values() if one.relations["candidate"] == own]:
            del applications[one.id]

    def now(self) -> str:
        """The clock, as Teamtailor writes moments."""
        return stamp(self.clock.now())


def stamp(moment: datetime) -> str:
    """Milliseconds and the offset of Stockholm and Amsterdam: `2026-11-24T09:00:00.000+01:00`."""
    return people.stamp(moment)
