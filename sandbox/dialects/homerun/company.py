"""A Homerun company in memory: the world's people inside their applications (docs/vendor-facts.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.clock import SandboxClock
from sandbox.dialects.base import Asked, Dialect
from sandbox.dialects.homerun import people
from sandbox.dialects.limits import FixedWindow
from sandbox.errors import ApiError

Row = dict[str, Any]


class Company(Dialect):
    """One company. Vacancies and applications by id.

    `limit`: 60 requests in a minute, told by no header. `scopes`: of the key. `has_api`: the plan includes the API.
    `largest_page`: rows a page at most; `clamps` True: more is cut to it, else refused. `ignores_paging`: every page is
    the first one.
    """

    page_size = 100
    actions = ("apply", "edit", "move", "reply", "hire", "disqualify", "delete")
    knobs = ("token", "scopes", "has_api", "largest_page", "clamps", "ignores_paging")

    def __init__(self, clock: SandboxClock) -> None:
        super().__init__(clock)
        self.token = "homerun-key"
        self.window = FixedWindow(60, 60.0)
        self.scopes = ["vacancies:read", "job-applications:read"]
        self.has_api, self.clamps, self.ignores_paging = True, False, False
        self.largest_page = self.page_size
        self.vacancies: dict[str, Row] = {}
        self.applications: dict[str, Row] = {}
        self.made = 0

    def settings(self) -> dict[str, str]:
        """An API key with reading scopes."""
        return {"token": self.token}

    def nudge(self, count: int) -> None:
        """Person and application are one row here."""
        for application_id in list(self.applications)[:count]:
            self.edit(application_id, {"phone_number": "+31 6 00000000"})

    def fill(self, world: Any) -> None:
        """An application a row, each with the person's details anew; prospects are sourced ones."""
        people.fill(self, world)

    def admit(self, asked: Asked) -> None:
        """The key, the plan, then the limit."""
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            raise ApiError(401, "Unauthenticated", None)
        if not self.has_api:
            raise ApiError(402, "Your plan does not include public api access", None)
        self.window.admit()

    def refusal(self, error: ApiError) -> Row:
        """`code`, `error` and `message`; a 400 with `details`."""
        return {"code": error.status, "error": True, "message": error.message, **error.fields}

    def get(self, application_id: str) -> Row:
        """ApiError 404 when there is none (any more)."""
        found = self.applications.get(application_id)
        if found is None:
            raise ApiError(404, "Not Found", None)
        return found

    def apply(self, first: str, last: str, email: str | None, vacancy_id: str | None, sourced: bool = False) -> Row:
        """Somebody applies, into the first stage; without a vacancy it is an open application."""
        self.made += 1
        person = {**people.PERSON, "first_name": first, "last_name": last, "email": email}
        known = {"id": people.ref("ap", f"new-{self.made}"), "created_at": self.now(), "personal_info": person}
        row = {**people.APPLICATION, **known, "vacancy_id": vacancy_id, "sourced": sourced}
        row["retention_period_ends_at"] = people.retention_end(self.clock.now())
        if vacancy_id is not None:
            row["stage"] = dict(self.vacancies[vacancy_id]["stages"][0])
        self.applications[row["id"]] = row
        return row

    def edit(self, application_id: str, changes: Mapping[str, Any]) -> Row:
        """A recruiter changes the person's details in one application."""
        row = self.get(application_id)
        row["personal_info"] |= changes
        return row

    def move(self, application_id: str, stage: str) -> Row:
        """Into another stage, by its name."""
        return self._change(application_id, stage={"name": stage})

    def reply(self, application_id: str) -> Row:
        """A recruiter writes to the person for the first time."""
        return self._change(application_id, first_reply_at=self.now())

    def hire(self, application_id: str) -> Row:
        """Hired, in the last stage."""
        vacancy_id = self.get(application_id)["vacancy_id"]
        last = self.vacancies[vacancy_id]["stages"][-1] if vacancy_id else None
        return self._change(application_id, hired_at=self.now(), stage=last)

    def disqualify(self, application_id: str) -> Row:
        """Rejected or withdrawn: Homerun does not tell the two apart."""
        return self._change(application_id, disqualified=True)

    def delete(self, application_id: str) -> None:
        """Gone from the list; 404 by id."""
        del self.applications[self.get(application_id)["id"]]

    def now(self) -> str:
        """The clock, as Homerun writes moments."""
        return people.stamp(self.clock.now())

    def _change(self, application_id: str, **changes: Any) -> Row:
        row = self.get(application_id)
        row |= changes
        return row
