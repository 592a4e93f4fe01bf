"""What the file drop shows, as Salesforce with Connexys shows it: the rows of the table in docs/salesforce.md."""

from __future__ import annotations

from tests.integration.dialects.never_told import NeverTold
from tests.integration.same_world import Row, Told


class Salesforce(NeverTold):
    kind = "salesforce"
    documented = frozenset(
        {
            "candidate.name_infix, candidate.last_name",
            "candidate.origin, candidate.can_email",
            "job.post_url, job.apply_url, job.closed_at",
            "application.job_id, application.stage_id",
            "application.stage_entered_at, application.first_reply_at",
            "application.rejected_at, application.reject_reason, application.told_at, application.hired_at",
            "stage_transition",
            "attendance",
            "decision.ground, outbox.payload",
        }
    )
    blind_to = ("post_url", "apply_url", "closed_at")

    def candidate(self, files: Told, key: str, row: Row) -> Row:
        """The surname is one field; nothing on the source of a person or on mailing."""
        surname = f"{row['name_infix'] or ''} {row['last_name']}".strip()
        return row | {"name_infix": None, "last_name": surname, "origin": None, "can_email": None}

    def application(self, files: Told, key: tuple[str, str], row: Row) -> Row:
        """No moments but those of applying and of the last change; ways out of the pipeline are no stages."""
        unknown = ("stage_entered_at", "first_reply_at", "rejected_at", "reject_reason", "told_at", "hired_at")
        row = row | dict.fromkeys(unknown)
        if row["status"] == "prospect":
            row |= {"job": None}
        if row["status"] in ("prospect", "rejected", "withdrawn"):
            row |= {"stage": None}
        return row


DIFFERENCES = Salesforce()
