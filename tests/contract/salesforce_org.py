"""The sandbox's Salesforce org as the contract suite meets it: through Connexys, through Byner, and by jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from connectors.protocols import Source
from connectors.salesforce import CAPABILITIES, SalesforceOptions, connect
from connectors.salesforce.login import ClientCredentials
from mappings.salesforce import Mapper
from sandbox.dialects.salesforce import people
from sandbox.server import RunningSandbox
from tests.contract.ats_dialect import DialectHarness

CONNEXYS = Mapper("connexys")
UNREADABLE = ("cxsrec__Motivation__c", "Description", "Birthdate", "Reden_afwijzing__c")


class SalesforceHarness(DialectHarness):
    """The sandbox's org through the preset of Connexys; it gives pages of 30 rows."""

    kind = "salesforce"
    capabilities = CAPABILITIES
    mapper = CONNEXYS

    def __init__(self, running: RunningSandbox) -> None:
        super().__init__(running)
        self.secret = self.company.client_secret
        self.company.batch = 30

    @property
    def mappers(self) -> Any:  # type: ignore[override]
        one = self.mapper
        return {
            "users": one.to_user,
            "jobs": one.to_job,
            "candidates": one.to_candidate,
            "applications": one.to_application,
        }

    def connect(self, **options: Any) -> Source:
        given: dict[str, Any] = {
            "name": "salesforce",
            "base_url": self.base_url,
            "grant": ClientCredentials(self.company.client_id, lambda: self.secret),
            "objects": self.mapper.objects(),
            "fields": self.mapper.field_lists(),
            "where": self.mapper.where(),
            "lookups": self.mapper.lookups(),
            "rules": self.mapper.rules(),
        }
        made = SalesforceOptions(**{**given, **options})
        return connect(made, clock=self.time.clock, sleep=self.time.sleep, jitter=lambda: 0.0)

    def fail(self, kind: str, *, times: int = 1, skip: int = 0, **how: Any) -> None:
        """Of the API; the token endpoint has tests of its own."""
        super().fail(kind, times=times, skip=skip, **{"path_regex": "/services/data/v", **how})

    def rows(self, noun: str) -> dict[str, Any]:
        """The live rows of a noun."""
        found = self.company.sobjects[self.mapper.objects()[noun]].rows
        return {one: row for one, row in found.items() if not row["IsDeleted"]}

    def ids(self, noun: str) -> set[str]:
        return set(self.rows(noun))

    def of(self, candidate_id: str) -> list[str]:
        """The applications of a candidate."""
        rows = self.rows("applications").items()
        return [one for one, row in rows if row["cxsrec__Candidate__c"] == candidate_id]

    def edit(self, candidate_id: str) -> None:
        self.company.edit(candidate_id, cxsrec__mobilePhone__c="+31 6 00000000")
        for application_id in self.of(candidate_id):
            self.company.edit(application_id)

    def add(self) -> str:
        made = self.company.add_candidate("Nova", "Nieuwpoort", "nova@example.org")
        self.company.apply(made["Id"], self.company.first_job())
        return str(made["Id"])

    def delete(self, candidate_id: str) -> None:
        self.company.delete_candidate(candidate_id)

    def reject(self, application_id: str, reason: str) -> None:
        self.company.set_status(application_id, people.REJECTED)
        self.company.edit(application_id, Reden_afwijzing__c=reason)

    def plant(self, marker: str) -> None:
        for sobject in self.company.sobjects.values():
            for row in sobject.rows.values():
                row |= dict.fromkeys(UNREADABLE, marker)

    def rotate_token(self) -> None:
        self.company.client_secret = self.secret = "salesforce-secret-2"
        self.company.expire()

    def revoke_token(self) -> None:
        self.company.client_secret = "another"
        self.company.expire()

    def repeat_pages(self) -> None:
        self.company.repeats = True


class BynerHarness(SalesforceHarness):
    """Through the preset of Byner. Recruiters' contacts have an account, candidates have none."""

    def __init__(self, running: RunningSandbox, mapper: Mapper) -> None:
        self.mapper = mapper
        super().__init__(running)

    def rows(self, noun: str) -> dict[str, Any]:
        return {one: row for one, row in super().rows(noun).items() if noun != "candidates" or not row.get("AccountId")}

    def of(self, candidate_id: str) -> list[str]:
        rows = self.rows("applications").items()
        return [one for one, row in rows if row["byner__Professional__c"] == candidate_id]

    def edit(self, candidate_id: str) -> None:
        self.company.edit(candidate_id, MobilePhone="+31 6 00000000")
        for application_id in self.of(candidate_id):
            self.company.edit(application_id)

    def add(self) -> str:
        known = {"FirstName": "Nova", "LastName": "Nieuwpoort", "Email": "nova@example.org"}
        self.company.last += 1
        made = self.company.add("Contact", self.company.last, known, self.company.now())
        applied = {"byner__Professional__c": made["Id"], "byner__Status__c": "Nieuw"}
        self.company.add("byner__Application__c", self.company.last, applied, self.company.now())
        return str(made["Id"])

    def delete(self, candidate_id: str) -> None:
        for one in (*self.of(candidate_id), candidate_id):
            self.company.delete(one)


def byner_mapper(folder: Path) -> Mapper:
    """The preset of Byner, without the contacts of other companies."""
    path = folder / "mapping.toml"
    path.write_text('[where]\ncandidates = "AccountId = null"\n', encoding="utf-8")
    return Mapper("byner", path)


class JobsHarness(SalesforceHarness):
    """Every whole read is a job."""

    def connect(self, **options: Any) -> Source:
        return super().connect(**{"bulk_above": 0, **options})
