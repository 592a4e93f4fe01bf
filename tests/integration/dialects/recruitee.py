"""What the file drop shows, as Recruitee shows it: the rows of the table in docs/recruitee.md."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.dialects.recruitee.people import WITHDRAWN
from tests.integration.same_world import Differences, Row, Told, told_no, without_news_of_a_no

POOL = "Talentpool zorg"


class Recruitee(Differences):
    kind = "recruitee"
    documented = frozenset(
        {
            "candidate.name_infix, candidate.last_name",
            "candidate.can_email",
            "candidate.remote_updated_at",
            "job.post_url, job.apply_url",
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

    def check_decisions(self, files: Told, vendor: Told) -> None:
        """The same but for the ground of who was told no."""
        of_files, of_vendor = (one.of_people("decision") for one in (files, vendor))
        told = told_no(files)
        other = {who for who, rows in of_files.items() if rows != of_vendor[who]}

        assert of_vendor.keys() == of_files.keys()
        assert other and all(told & {record for _, record, *_ in who} for who in other)
        for who in other:
            assert [row | {"ground": "legitimate_interest"} for row in of_vendor[who]] == of_files[who]

    def check_plan(self, files: Told, vendor: Told) -> None:
        """The same but for the words to who was told no."""
        of_files, of_vendor = files.actions(), vendor.actions()
        told = told_no(files)
        other = [one for one in of_files if one not in of_vendor]

        assert len(other) == 3
        assert {(one["kind"], one["contact_id"] in told) for one in other} == {("create_task", True)}
        assert [without_news_of_a_no(one) for one in of_vendor if one not in of_files] == [
            without_news_of_a_no(one) for one in other
        ]


DIFFERENCES = Recruitee()
