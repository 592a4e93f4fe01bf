"""What the file drop shows, as Recruitee shows it: the rows of the table in docs/recruitee.md."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.dialects.recruitee.people import WITHDRAWN
from tests.integration.dialects.never_told import NeverTold
from tests.integration.same_world import Row, Told

POOL = "Talentpool zorg"


class Recruitee(NeverTold):
    kind = "recruitee"
    documented = frozenset(
        {
            "candidate.name_infix, candidate.last_name",
            "candidate.can_email",
            "candidate.remote_updated_at",
            "job.post_url, job.apply_url",
            "job.location",
            "job, job_stage",
            "application.applied_at",
            "application.job_id, application.stage_id",
            "application.first_reply_at",
            "application.stage_entered_at",
            "application.told_at",
            "application.rejected_at, application.reject_reason",
            "application.origin",
            "stage_transition",
            "attendance",
            "decision.ground, outbox.payload",
        }
    )
    own_jobs = frozenset({POOL})
    blind_to = ("post_url", "apply_url")

    def candidate(self, files: Told, key: str, row: Row) -> Row:
        """One name field, no word on mailing, and a message counts as a change."""
        row = row | {
            "name_infix": None,
            "last_name": f"{row['name_infix'] or ''} {row['last_name']}".strip(),
            "can_email": None,
        }
        return row | {"remote_updated_at": max(row["remote_updated_at"], self.last_message_at(files, key) or "")}

    def application(self, files: Told, key: tuple[str, str], row: Row) -> Row:
        """No stage history, no word on what the person was told; prospects are in a pool and did not apply."""
        row = row | {"stage_entered_at": None, "told_at": None}
        evidence = [self.last_message_at(files, key[0]), row["hired_at"]]
        after = datetime.fromisoformat(row["applied_at"]) + timedelta(minutes=15)
        seen = [one for one in evidence if one is not None and datetime.fromisoformat(one) >= after]
        row["first_reply_at"] = min(seen, default=None)
        row["origin"] = files.candidates[key[0]]["origin"]
        if row["status"] == "prospect":
            row |= {"applied_at": None, "first_reply_at": None, "job": POOL, "stage": 0}
        if row["status"] == "withdrawn":
            row |= {"rejected_at": row["remote_updated_at"], "reject_reason": WITHDRAWN}
        return row

    def last_message_at(self, files: Told, person: str) -> str | None:
        """The last reaction to any of somebody's applications: Recruitee has one a candidate."""
        rows = files.applications(self.application_key)
        replies = [row["first_reply_at"] for (who, _), row in rows.items() if who == person]
        return max((one for one in replies if one), default=None)


DIFFERENCES = Recruitee()
