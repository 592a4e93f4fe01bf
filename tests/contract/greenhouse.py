"""The sandbox's Greenhouse for contract tests."""

from __future__ import annotations

from typing import Any

from connectors.greenhouse import CAPABILITIES, GreenhouseOptions, connect
from connectors.protocols import Source
from mappings import greenhouse as mapping
from tests.contract.ats_dialect import DialectHarness, mappers_of

JOB = 107_001
UNREADABLE = (
    "answers",
    "custom_fields",
    "tags",
    "addresses",
    "website_addresses",
    "social_media_addresses",
    "location_address",
    "notes",
    "content",
    "title",
    "company",
    "preferred_name",
    "job_title",
)


class GreenhouseHarness(DialectHarness):
    """The sandbox's Greenhouse; its limit and its tokens run on the connector's fake time."""

    kind = "greenhouse"
    capabilities = CAPABILITIES
    secret = "client_secret"
    mappers = mappers_of(mapping)

    def connect(self, **options: Any) -> Source:
        given = {"client_id": self.company.client_id, "client_secret": lambda: self.token, "auth_url": self.base_url}
        given |= {"fields": mapping.field_lists(), "page_size": 60, **options}
        return self.made(connect, GreenhouseOptions, **given)

    def ids(self, noun: str) -> set[str]:
        return {str(one) for one in self.company.lists[noun]}

    def edit(self, candidate_id: str) -> None:
        self.company.edit_candidate(candidate_id, {"phone_numbers": [{"value": "+31 6 00000000", "type": "mobile"}]})
        for application in self.company.own("applications", "candidate_id", candidate_id):
            self.company.change("applications", application["id"])

    def add(self) -> str:
        made = self.company.add_candidate("Nova", "Nieuwpoort", "nova@example.org")
        self.company.apply(made["id"], JOB)
        return str(made["id"])

    def plant(self, marker: str) -> None:
        for name in ("users", "jobs", "candidates", "applications"):
            for row in self.company.lists[name].values():
                row |= dict.fromkeys(UNREADABLE, marker)
        for row in self.company.lists["job_posts"].values():
            row |= {"content": marker, "title": marker}

    def fail(self, kind: str, *, times: int = 1, skip: int = 0, **how: Any) -> None:
        """Of the API, not of the token host; an empty list is a good answer here, so another shape is an object."""
        other = {"body": "{}"} if how.get("body") == "[]" else {}
        super().fail(kind, times=times, skip=skip, **{"path_regex": "^/v3/", **how, **other})

    def rotate_token(self) -> None:
        super().rotate_token()
        self.company.granted.clear()

    def revoke_token(self) -> None:
        super().revoke_token()
        self.company.granted.clear()

    def repeat_pages(self) -> None:
        self.company.ignores_cursor = True
