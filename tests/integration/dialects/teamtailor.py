"""What the file drop shows, as Teamtailor shows it: the rows of the table in docs/teamtailor.md."""

from __future__ import annotations

from sandbox.dialects.teamtailor.people import WITHDRAWN
from tests.integration.same_world import Differences, Row, Told


class Teamtailor(Differences):
    kind = "teamtailor"
    exact_stages = True
    documented = frozenset(
        {
            "candidate.name_infix, candidate.last_name",
            "candidate.owner_email",
            "application.applied_at",
            "application.first_reply_at",
            "application.rejected_at, application.reject_reason",
            "attendance",
        }
    )

    def candidate(self, files: Told, key: str, row: Row) -> Row:
        """Two name fields, and nobody's candidate."""
        last = f"{row['name_infix'] or ''} {row['last_name']}".strip()
        return row | {"name_infix": None, "last_name": last, "owner_email": None}

    def application(self, files: Told, key: tuple[str, str], row: Row) -> Row:
        """No word on replies; sourced people did not apply; a withdrawal is a rejection by the candidate."""
        row = row | {"first_reply_at": None}
        if row["status"] == "prospect":
            row["applied_at"] = None
        if row["status"] == "withdrawn":
            row |= {"rejected_at": row["remote_updated_at"], "reject_reason": WITHDRAWN}
        return row


DIFFERENCES = Teamtailor()
