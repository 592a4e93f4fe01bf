"""The sandbox's Bullhorn as the contract suite meets it."""

from __future__ import annotations

from typing import Any

from connectors.bullhorn import CAPABILITIES, BullhornOptions, connect
from connectors.bullhorn.connector import Bullhorn
from mappings import bullhorn as mapping
from sandbox.dialects.bullhorn import people
from sandbox.server import RunningSandbox
from tests.contract.ats_dialect import DialectHarness

ENTITIES = {
    "users": people.USER,
    "jobs": people.JOB,
    "candidates": people.CANDIDATE,
    "applications": people.SUBMISSION,
}
UNREADABLE = ("comments", "dateOfBirth", "gender", "description", "customText1", "publicDescription", "occupation")
JOB_ID = people.JOBS_FROM + 1


class BullhornHarness(DialectHarness):
    """The sandbox's Bullhorn; its limit runs on the connector's fake time."""

    kind = "bullhorn"
    capabilities = CAPABILITIES
    mappers = {
        "users": mapping.to_user,
        "jobs": mapping.Mapper().to_job,
        "candidates": mapping.to_candidate,
        "applications": mapping.Mapper().to_application,
    }

    def __init__(self, running: RunningSandbox) -> None:
        super().__init__(running)
        self.password = self.company.doors.password
        self.company.window.monotonic = self.time.clock

    def connect(self, **options: Any) -> Bullhorn:
        doors = self.company.doors
        given: dict[str, Any] = {"name": "bullhorn", "client_id": doors.client_id, "username": doors.username}
        given |= {"client_secret": lambda: doors.client_secret, "password": lambda: self.password, "page_size": 60}
        given |= {"fields": mapping.field_lists(), "base_url": self.base_url, **options}
        return connect(BullhornOptions(**given), sleep=self.time.sleep, jitter=lambda: 0.0)

    def ids(self, noun: str) -> set[str]:
        rows = self.company.rows[ENTITIES[noun]].values()
        return {str(row["id"]) for row in rows if not row["isDeleted"]}

    def edit(self, candidate_id: str) -> None:
        self.company.edit_candidate(candidate_id, {"phone": "+31 6 00000000"})
        for row in self.company.of(candidate_id):
            self.company.touch(row["id"], {"comments": "…"})

    def add(self) -> str:
        row = self.company.add_candidate("Nova", "Nieuwpoort", "nova@example.org")
        self.company.submit(row["id"], JOB_ID)
        return str(row["id"])

    def delete(self, candidate_id: str) -> None:
        self.company.delete(candidate_id)

    def reject(self, application_id: str, reason: str) -> None:
        self.company.set_status(application_id, people.REJECTED)
        self.company.touch(application_id, {"comments": reason})

    def plant(self, marker: str) -> None:
        for rows in self.company.rows.values():
            for row in rows.values():
                row |= {name: marker for name in UNREADABLE if name in row}

    def rotate_token(self) -> None:
        self.password = "bullhorn-password-2"
        self.company.doors.shut(self.password)

    def revoke_token(self) -> None:
        self.company.doors.shut("another")

    def repeat_pages(self) -> None:
        self.company.ignores_start = True
