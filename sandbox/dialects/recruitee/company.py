"""A Recruitee company in memory: the world's people as candidates with placements on offers (docs/vendor-facts.md)."""

from __future__ import annotations

from typing import Any

from sandbox.clock import SandboxClock
from sandbox.dialects.base import Asked, Dialect, Endpoint
from sandbox.dialects.recruitee import people
from sandbox.errors import ApiError

Row = dict[str, Any]
UNTOUCHED: Row = {
    "admin_id": None,
    "last_message_at": None,
    "source": "career_site",
    "referrer": None,
    "rating": None,
    "ratings_count": 0,
    "notes_count": 0,
    "tasks_count": 0,
    "followed": False,
    "viewed": True,
    "upcoming_event": False,
    "example": False,
    "photo_thumb_url": None,
    "gdpr_expires_at": None,
}
UNDECIDED: Row = {
    "position": 1,
    "hired_at": None,
    "hired_by_id": None,
    "disqualified_at": None,
    "disqualify_reason": None,
    "job_starts_at": None,
    "language": None,
    "overdue_at": None,
    "overdue_diff": None,
    "positive_ratings": None,
    "ratings": {},
}


class Company(Dialect):
    """One company: admins, offers, candidates. Rows are kept as the API shows them; ids are numbers.

    `honours_updated_at` False: search drops that filter without a word, as it does with all it does not know.
    `counts_listing`: the listing has a total. `most_rows`: a cap on rows an answer, below what was asked.
    `ignores_offset`: every page is the first. `lists_by_activity`: the latest change first.
    """

    actions = (
        "add-candidate",
        "add-placement",
        "edit-candidate",
        "move",
        "disqualify",
        "hire",
        "message",
        "delete",
        "anonymise",
    )
    page_size = 500
    knobs = ("token", "honours_updated_at", "counts_listing", "most_rows", "ignores_offset", "lists_by_activity")

    def __init__(self, clock: SandboxClock) -> None:
        super().__init__(clock)
        self.company, self.slug, self.token = "4242", "voorbeeldzorg", "recruitee-token"
        self.honours_updated_at = True
        self.counts_listing = self.ignores_offset = self.lists_by_activity = False
        self.most_rows: int | None = None
        self.admins: list[Row] = []
        self.offers: dict[int, Row] = {}
        self.reasons: list[Row] = []
        self.candidates: dict[int, Row] = {}
        self.last_id = 60_000_000

    def settings(self) -> dict[str, str]:
        """The company's number and a token."""
        return {"company": self.company, "token": self.token}

    def nudge(self, count: int) -> None:
        """A message to each."""
        for candidate_id in list(self.candidates)[:count]:
            self.message(candidate_id)

    def fill(self, world: Any) -> None:
        """Candidates with placements on offers, prospects in a talent pool."""
        people.fill(self, world)

    def admit(self, asked: Asked) -> None:
        """The token, then the company of the path."""
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or token != self.token:
            raise ApiError(401, "Unauthorized", None)
        if asked.path["company"] not in (self.company, self.slug):
            raise ApiError(404, "Company not found", None)

    def refusal(self, error: ApiError) -> Row:
        """A list of messages."""
        return {"error": [error.message]}

    def is_page(self, endpoint: Endpoint, asked: Asked) -> bool:
        """Counting asks for one row: that is no page."""
        return endpoint.paged and asked.query.get("limit") != "1"

    def next_id(self) -> int:
        """An id nobody had before."""
        self.last_id += 1
        return self.last_id

    def candidate(self, candidate_id: int | str) -> Row:
        """ApiError 404 when there is none (any more)."""
        found = self.candidates.get(int(candidate_id))
        if found is None:
            raise ApiError(404, f"no candidate {candidate_id}", None)
        return found

    def placement(self, placement_id: int | str) -> tuple[Row, Row]:
        """A placement and its candidate. ApiError 404."""
        for candidate in self.candidates.values():
            for placement in candidate["placements"]:
                if placement["id"] == int(placement_id):
                    return placement, candidate
        raise ApiError(404, f"no placement {placement_id}", None)

    def add_candidate(self, name: str, **known: Any) -> Row:
        """A new candidate; `known`: emails, phones, source, admin_id, created_at …"""
        initials = "".join(word[0] for word in name.split()[:2]).upper()
        moments = dict.fromkeys(("created_at", "updated_at"), self.now())
        lists: Row = {"emails": [], "phones": [], "placements": []}
        row: Row = {"id": self.next_id(), "name": name, "initials": initials, **lists, **moments, **UNTOUCHED, **known}
        self.candidates[row["id"]] = row
        return row

    def add_placement(self, candidate_id: int | str, offer_id: int | str, **known: Any) -> Row:
        """A candidate on an offer, in its first stage unless said otherwise."""
        candidate, offer = self.candidate(candidate_id), self.offers[int(offer_id)]
        ids = {"id": self.next_id(), "candidate_id": candidate["id"], "offer_id": offer["id"]}
        stage_id = offer["pipeline_template"]["stages"][0]["id"]
        moments = dict.fromkeys(("created_at", "updated_at"), self.now())
        row: Row = {**ids, "stage_id": stage_id, **moments, **UNDECIDED, **known}
        candidate["placements"].append(row)
        self._touch(candidate, "updated_at" not in known)
        return row

    def edit_candidate(self, candidate_id: int | str, **changes: Any) -> Row:
        """A recruiter changes a candidate."""
        candidate = self.candidate(candidate_id)
        candidate |= changes
        return self._touch(candidate)

    def move(self, placement_id: int | str, stage_id: int | str) -> Row:
        """Into another stage."""
        return self._change(placement_id, stage_id=int(stage_id))

    def disqualify(self, placement_id: int | str, reason: str | None = None) -> Row:
        """Rejected, or withdrawn if the reason says so."""
        return self._change(placement_id, disqualified_at=self.now(), disqualify_reason=reason)

    def hire(self, placement_id: int | str) -> Row:
        """Hired, in the last stage of the pipeline."""
        placement, _ = self.placement(placement_id)
        last = self.offers[placement["offer_id"]]["pipeline_template"]["stages"][-1]
        return self._change(placement_id, hired_at=self.now(), stage_id=last["id"])

    def message(self, candidate_id: int | str) -> Row:
        """A recruiter and the candidate exchange a message."""
        return self.edit_candidate(candidate_id, last_message_at=self.now())

    def delete(self, candidate_id: int | str) -> None:
        """Gone from every list; 404 by id."""
        del self.candidates[self.candidate(candidate_id)["id"]]

    def anonymise(self, candidate_id: int | str) -> Row:
        """The row stays, the person is gone from it."""
        blank: dict[str, Any] = {
            "name": "Anonymized candidate",
            "initials": "AC",
            "emails": [],
            "phones": [],
            "referrer": None,
        }
        return self.edit_candidate(candidate_id, **blank)

    def now(self) -> str:
        """The clock, as Recruitee writes moments."""
        return people.stamp(self.clock.now())

    def _change(self, placement_id: int | str, **changes: Any) -> Row:
        placement, candidate = self.placement(placement_id)
        placement |= {**changes, "updated_at": self.now()}
        self._touch(candidate)
        return placement

    def _touch(self, candidate: Row, is_now: bool = True) -> Row:
        if is_now:
            candidate["updated_at"] = self.now()
        return candidate
