"""What the file drop shows, as Homerun shows it: the rows of the table in docs/homerun.md."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.dialects.homerun.people import KEPT_DAYS
from tests.integration.same_world import Differences, Row, Told, told_no, without

ROOM = ("owner_id", "ground", "refused", "until", "due_at")  # what hangs on whose day is full


class Homerun(Differences):
    kind = "homerun"
    documented = frozenset(
        {
            "ats_user, job.recruiter_email, candidate.owner_email",
            "candidate.name_infix, candidate.last_name",
            "candidate.origin, candidate.created_at",
            "candidate.consent_expires_at",
            "candidate.can_email",
            "candidate.remote_updated_at, application.remote_updated_at",
            "job.closed_at",
            "job.location",
            "application.status",
            "application.applied_at",
            "application.stage_entered_at",
            "application.told_at",
            "application.rejected_at, application.reject_reason",
            "stage_transition",
            "attendance",
            "decision.refused, outbox.payload",
            "decision.owner_id, outbox.payload",
        }
    )

    def application_key(self, row: Row) -> str:
        """Nobody applied twice for a vacancy."""
        return str(row["job"])

    def candidate(self, files: Told, key: str, row: Row) -> Row:
        """What the newest application says, and how long it is kept."""
        own = [one for (who, _), one in files.applications(self.application_key).items() if who == key]
        newest = max(own, key=lambda one: one["applied_at"])
        ends_at = datetime.fromisoformat(newest["applied_at"]) + timedelta(days=KEPT_DAYS)
        return row | {
            "name_infix": None,
            "last_name": f"{row['name_infix'] or ''} {row['last_name']}".strip(),
            "origin": newest["origin"],
            "owner_email": None,
            "can_email": None,
            "remote_updated_at": None,
            "consent_expires_at": f"{ends_at:%Y-%m-%dT%H:%M:%S}.000Z",
        }

    def job(self, files: Told, name: str, row: Row) -> Row:
        """No recruiter, and no moment of closing."""
        return row | {"recruiter_email": None, "closed_at": None}

    def users(self, files: Told) -> list[Row]:
        """Homerun shows none."""
        return []

    def application(self, files: Told, key: tuple[str, str], row: Row) -> Row:
        """No word on telling, moments of stages and rejections, and who chose."""
        row = row | {"told_at": None, "stage_entered_at": None, "rejected_at": None, "reject_reason": None}
        row["remote_updated_at"] = None
        if row["status"] == "prospect":
            row["applied_at"] = None
        if row["status"] == "withdrawn":
            row["status"] = "rejected"
        return row

    def check_decisions(self, files: Told, vendor: Told) -> None:
        """The same wishes; other recruiters, whose days are full at others; who was out is in process for ever."""
        of_files, of_vendor = (one.of_people("decision") for one in (files, vendor))
        out = told_no(files) | withdrawn(files)

        assert of_vendor.keys() == of_files.keys()
        for who, rows in of_files.items():
            for mine, theirs in zip(rows, of_vendor[who], strict=True):
                other = {key for key in mine if mine[key] != theirs[key]}
                is_full = {mine["refused"], theirs["refused"]} == {None, "cap_day"}
                is_out = theirs["refused"] == "in_process" and bool(out & {record for _, record, *_ in who})
                assert without(mine, *ROOM) == without(theirs, *ROOM)
                assert other <= {"owner_id"} or is_full or is_out

    def check_plan(self, files: Told, vendor: Told) -> None:
        """The same writes; tasks for other recruiters, and none for who was out."""
        of_files, of_vendor = (tasks_and_rest(one) for one in (files, vendor))
        out = told_no(files) | withdrawn(files)
        both = of_files[0].keys() & of_vendor[0].keys()

        assert of_vendor[1] == of_files[1]
        assert of_files[0].keys() - out <= of_vendor[0].keys()
        assert of_files[0].keys() & out and not of_vendor[0].keys() & out
        assert {contact: of_files[0][contact] for contact in both} == {
            contact: of_vendor[0][contact] for contact in both
        }


def withdrawn(files: Told) -> set[str]:
    """Who withdrew, by person and by contact."""
    rows = files.applications(lambda row: str(row["job"])).items()
    people = {who for (who, _), row in rows if row["status"] == "withdrawn"}
    records = [{record for _, record, *_ in links} for links in files.people().values()]
    return people.union(*(one for one in records if one & people))


def tasks_and_rest(told: Told) -> tuple[dict[str, Row], list[Row]]:
    """New tasks by contact, without whose they are, and every other write."""
    tasks = [one for one in told.actions() if one["kind"] == "create_task"]
    after = {one["contact_id"]: without(one["after"], "hubspot_owner_id") for one in tasks}
    rest = [one for one in told.actions() if one["kind"] != "create_task"]
    return {one["contact_id"]: one | {"after": after[one["contact_id"]]} for one in tasks}, rest


DIFFERENCES = Homerun()
