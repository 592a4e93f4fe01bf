"""What the file drop shows, as Bullhorn shows it: the rows of the table in docs/bullhorn.md."""

from __future__ import annotations

from tests.integration.dialects.never_told import NeverTold
from tests.integration.same_world import Row, Told


class Bullhorn(NeverTold):
    kind = "bullhorn"
    documented = frozenset(
        {
            "candidate.name_infix, candidate.last_name",
            "job.post_url, job.apply_url",
            "job_stage",
            "application.applied_at",
            "application.stage_id, application.stage_entered_at",
            "application.first_reply_at",
            "application.told_at, application.reject_reason",
            "attendance",
            "decision.ground, outbox.payload",
        }
    )
    blind_to = ("post_url", "apply_url")

    def candidate(self, files: Told, key: str, row: Row) -> Row:
        """Two name fields."""
        return row | {"name_infix": None, "last_name": f"{row['name_infix'] or ''} {row['last_name']}".strip()}

    def stage(self, row: Row) -> Row:
        """The first status is that of a web response, everywhere."""
        return row | {"name": "New Lead"} if row["position"] == 0 else row

    def application(self, files: Told, key: tuple[str, str], row: Row) -> Row:
        """No word on replies, telling and reasons; who is on the longlist did not apply and is in no stage."""
        row = row | {"first_reply_at": None, "told_at": None, "reject_reason": None}
        if row["status"] == "prospect":
            row["applied_at"] = None
        if row["status"] == "prospect" and row["stage"] == 0:
            row |= {"stage": None, "stage_entered_at": None}
        return row

    def moves(self, files: Told) -> set[tuple[str, int]]:
        """The vendor's own moments, but for the longlist."""
        places = {(one["job_id"], one["remote_id"]): one["position"] for one in files.table("job_stage")}
        rows = files.table("application")
        listed = [row for row in rows if row["status"] == "prospect" and not places[row["job_id"], row["stage_id"]]]
        return {(row["stage_entered_at"], 1) for row in rows if row not in listed}


DIFFERENCES = Bullhorn()
