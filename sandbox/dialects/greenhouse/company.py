"""A Greenhouse organisation in memory: the world's people as candidates with applications (docs/vendor-facts.md)."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from sandbox.clock import SandboxClock, to_iso
from sandbox.dialects.base import Asked, Dialect
from sandbox.dialects.greenhouse import people
from sandbox.dialects.limits import FixedWindow
from sandbox.errors import ApiError

Row = dict[str, Any]
LISTS = (
    "users",
    "jobs",
    "job_interview_stages",
    "job_owners",
    "job_posts",
    "candidates",
    "applications",
    "application_stages",
    "sources",
    "rejection_reasons",
    "rejection_details",
)


class Company(Dialect):
    """One organisation. Rows by list and id.

    `limit`: 50 requests in 30 seconds. `unscoped`: lists the credentials may not read. `absent`: lists that are not
    served. `token_lives_s`: of granted tokens. `tells_lifetime`: how the token answer says so: expires_at, expires_in
    or nothing. `cursors_from`: cursors of an earlier time than this are unknown. `ignores_cursor`: every page is the
    first one. `bare_rejections`: applications do not tell moment and reason of a rejection, only its details do.
    """

    page_size = 500
    actions = ("add-candidate", "apply", "edit-candidate", "move", "reject", "hire", "delete", "anonymise", "merge")
    knobs = (
        "client_secret",
        "unscoped",
        "absent",
        "token_lives_s",
        "tells_lifetime",
        "cursors_from",
        "ignores_cursor",
        "bare_rejections",
    )

    def __init__(self, clock: SandboxClock) -> None:
        super().__init__(clock)
        self.client_id, self.client_secret = "greenhouse-client", "greenhouse-secret"
        self.window = FixedWindow(50, 30.0)
        self.unscoped: list[str] = []
        self.absent: list[str] = []
        self.token_lives_s, self.tells_lifetime = 3600.0, "expires_at"
        self.cursors_from = 0
        self.ignores_cursor = self.bare_rejections = False
        self.lists: dict[str, dict[int, Row]] = {name: {} for name in LISTS}
        self.granted: dict[str, float] = {}
        self.last_id = 900_000_000

    def settings(self) -> dict[str, str]:
        """Client credentials of the kind Harvest V3 (OAuth)."""
        return {"client_id": self.client_id, "client_secret": self.client_secret}

    def nudge(self, count: int) -> None:
        """Each is edited, and so is an application."""
        for application in list(self.lists["applications"].values())[:count]:
            self.edit_candidate(application["candidate_id"], {"company": "…"})
            self.change("applications", application["id"])

    def fill(self, world: Any) -> None:
        """Candidates with applications and their stage history; prospects have no job of their own."""
        people.fill(self, world)

    def grant(self, asked: Asked) -> Row:
        """An access token. ApiError 401 for other credentials, 400 for another grant."""
        pair = b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {pair}":
            raise ApiError(401, "invalid_client", "oauth")
        if asked.form.get("grant_type") != "client_credentials":
            raise ApiError(400, "unsupported_grant_type", "oauth")
        token = f"harvest-{len(self.granted) + 1}"
        self.granted[token] = self.window.monotonic() + self.token_lives_s
        answer: Row = {"access_token": token, "token_type": "Bearer"}
        lifetime: Row = {
            "expires_at": to_iso(self.clock.now() + timedelta(seconds=self.token_lives_s)),
            "expires_in": int(self.token_lives_s),
        }
        return answer | {name: value for name, value in lifetime.items() if name == self.tells_lifetime}

    def admit(self, asked: Asked) -> None:
        """The token, then the limit."""
        ends_at = self.granted.get(asked.headers.get("authorization", "").removeprefix("Bearer "))
        if ends_at is None or self.window.monotonic() >= ends_at:
            raise ApiError(401, "Invalid access token", None)
        self.window.admit()

    def headers(self) -> dict[str, str]:
        """The moment of the answer, and what is left; Reset as seconds since 1970."""
        now = self.clock.now()
        date = {"Date": format_datetime(now, usegmt=True)}
        if self.window.limit is None:
            return date
        reset_at = math.ceil(now.timestamp()) + self.window.reset_s
        told = {"Limit": self.window.limit, "Remaining": self.window.left, "Reset": reset_at}
        return date | {f"X-RateLimit-{name}": str(value) for name, value in told.items()}

    def refusal(self, error: ApiError) -> Row:
        """`errors`; of the token endpoint OAuth's own."""
        return {"error": error.message} if error.category == "oauth" else {"errors": [error.message]}

    def refusal_headers(self, error: ApiError) -> dict[str, str]:
        """A 429 says how long to wait."""
        return {"Retry-After": str(self.window.reset_s)} if error.status == 429 else {}

    def get(self, name: str, record_id: int | str) -> Row:
        """ApiError 404 when there is none (any more)."""
        found = self.lists[name].get(int(record_id))
        if found is None:
            raise ApiError(404, "Resource not found", None)
        return found

    def put(self, name: str, row: Row) -> Row:
        """Keep a row; made and changed now unless it says otherwise."""
        self.last_id += 1
        moments = dict.fromkeys(("created_at", "updated_at"), self.now())
        made = {"id": self.last_id, **moments, **row}
        self.lists[name][made["id"]] = made
        return made

    def change(self, name: str, record_id: int | str, **changes: Any) -> Row:
        """Change a row now."""
        row = self.get(name, record_id)
        row |= {**changes, "updated_at": self.now()}
        return row

    def own(self, name: str, key: str, record_id: int | str) -> list[Row]:
        """Rows of a list that name a record."""
        return [row for row in self.lists[name].values() if row[key] == int(record_id)]

    def add_candidate(self, first: str, last: str, email: str) -> Row:
        """Somebody is added."""
        known: Row = {"first_name": first, "last_name": last, "email_addresses": [{"value": email, "type": "personal"}]}
        return self.put("candidates", {**people.CANDIDATE, **known})

    def apply(self, candidate_id: int | str, job_id: int | str) -> Row:
        """A candidate applies, into the first stage."""
        self.get("candidates", candidate_id)
        known = {"candidate_id": int(candidate_id), "job_id": int(job_id), "status": "in_process"}
        made = self.put("applications", {**people.APPLICATION, **known})
        plan = self.own("job_interview_stages", "job_id", job_id)
        return people.enter(self, made, min(plan, key=lambda row: row["sort_order"]), self.now())

    def edit_candidate(self, candidate_id: int | str, changes: Mapping[str, Any]) -> Row:
        """A recruiter changes a candidate."""
        return self.change("candidates", candidate_id, **changes)

    def move(self, application_id: int | str, stage_id: int | str) -> Row:
        """Into another stage."""
        application = self.change("applications", application_id)
        return people.enter(self, application, self.get("job_interview_stages", stage_id), self.now())

    def reject(self, application_id: int | str, reason: str, kind: str = "WE_REJECTED_THEM") -> Row:
        """Rejected, or withdrawn (kind THEY_REJECTED_US)."""
        application = self.change("applications", application_id, status="rejected")
        return people.reject(self, application, people.reason_id(self, reason, kind), self.now())

    def hire(self, application_id: int | str) -> Row:
        """Hired from where it is."""
        return self.change("applications", application_id, status="hired")

    def delete(self, candidate_id: int | str) -> None:
        """Gone from every list, with all that hangs on it."""
        del self.lists["candidates"][self.get("candidates", candidate_id)["id"]]
        for application in self.own("applications", "candidate_id", candidate_id):
            del self.lists["applications"][application["id"]]
            for name in ("application_stages", "rejection_details"):
                for row in self.own(name, "application_id", application["id"]):
                    del self.lists[name][row["id"]]

    def anonymise(self, candidate_id: int | str) -> Row:
        """The row stays, the person is gone from it."""
        blank: Row = {"email_addresses": [], "phone_numbers": [], "addresses": [], "social_media_addresses": []}
        return self.change("candidates", candidate_id, first_name="Anonymized", last_name=str(candidate_id), **blank)

    def merge(self, candidate_id: int | str, into: int | str) -> Row:
        """One candidate lives on in another, which gets the applications."""
        for application in self.own("applications", "candidate_id", candidate_id):
            self.change("applications", application["id"], candidate_id=int(into))
        del self.lists["candidates"][self.get("candidates", candidate_id)["id"]]
        return self.change("candidates", into)

    def now(self) -> str:
        """The clock, as Greenhouse writes moments."""
        return to_iso(self.clock.now())
