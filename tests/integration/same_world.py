"""The same invented world through files and through a vendor: what the mirror and the plan hold of each."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sandbox.filedrop_export import export
from sandbox.server import RunningSandbox, start
from sandbox.world import build, portal
from sync.store.db import Mirror
from tests.integration.conftest import ZONE, Stage

NOW = datetime(2026, 11, 24, 9, tzinfo=ZONE)
OWN = {"source", "remote_id", "row_hash", "changed_at"}  # the vendor's ids, and what follows from them
Row = dict[str, Any]
Rows = dict[Any, Row]


@dataclass
class Told:
    """What the mirror holds of one source, by keys both share: a person's address and first name, a vacancy's name."""

    db: Mirror
    plan: list[dict[str, Any]]

    def table(self, name: str, where: str = "1") -> list[Row]:
        """A table's rows by column name."""
        columns = [one[1] for one in self.db.rows(f"PRAGMA table_info({name})")]
        return [dict(zip(columns, row, strict=True)) for row in self.db.rows(f"SELECT * FROM {name} WHERE {where}")]

    @cached_property
    def ids(self) -> dict[tuple[str, str], str]:
        """What each of the vendor's ids stands for."""
        people = {("candidate", row["remote_id"]): person_key(row) for row in self.table("candidate")}
        return people | {("job", row["remote_id"]): row["name"] for row in self.table("job")}

    @cached_property
    def candidates(self) -> Rows:
        """By person."""
        return {person_key(row): without(row, *OWN) for row in self.table("candidate")}

    def jobs(self) -> Rows:
        """By name, without the place, which only some tell."""
        return {row["name"]: without(row, "location", *OWN) for row in self.table("job")}

    def stages(self) -> Rows:
        """By vacancy and place."""
        ids = self.ids
        rows = self.table("job_stage")
        return {(ids["job", row["job_id"]], row["position"]): without(row, "job_id", *OWN) for row in rows}

    def applications(self, key_of: Callable[[Row], str]) -> Rows:
        """By person and what `key_of` makes of a row; `job` is a vacancy's name, `stage` its place there."""
        ids = self.ids
        stages = {(one["job_id"], one["remote_id"]): one["position"] for one in self.table("job_stage")}
        found = {}
        for row in self.table("application"):
            place = {"job": ids.get(("job", row["job_id"])), "stage": stages.get((row["job_id"], row["stage_id"]))}
            key = (ids["candidate", row["candidate_id"]], key_of(row | place))
            assert key not in found
            found[key] = without(row, "candidate_id", "job_id", "stage_id", *OWN) | place
        return found

    def users(self) -> list[Row]:
        """In the order of their addresses."""
        return sorted((without(row, *OWN) for row in self.table("ats_user")), key=lambda row: row["email"])

    def people(self) -> dict[int, frozenset[Any]]:
        """Each person as the records they are made of, with the rule and the evidence of each link."""
        ids, found = self.ids, dict[int, set[Any]]()
        for row in self.table("person_link", "source <> 'opendag.attendance'"):
            who = ids["candidate", row["remote_id"]] if row["source"] == "ats" else row["remote_id"]
            link = (row["source"], who, row["rule"], row["evidence"], row["made_by"])
            found.setdefault(row["person_id"], set()).add(link)
        return {person: frozenset(links) for person, links in found.items()}

    def of_people(self, table: str) -> dict[Any, list[Row]]:
        """A table's rows by person, in order."""
        people, found = self.people(), dict[Any, list[Row]]()
        for row in self.table(table):
            found.setdefault(people[row["person_id"]], []).append(self.plain(without(row, "person_id")))
        return {person: sorted(rows, key=repr) for person, rows in found.items()}

    def reviews(self) -> list[Row]:
        """Open questions, with person for candidate."""
        ids = self.ids
        rows = [row | {"candidate_id": ids["candidate", row["candidate_id"]]} for row in self.table("link_review")]
        return sorted(rows, key=repr)

    def touches(self) -> list[Row]:
        """Touch days by what they were seen on."""
        ids = self.ids
        rows = self.table("touch_day")
        for row in rows:
            row["remote_id"] = ids.get(("candidate", row["remote_id"]), row["remote_id"])
            row["job_id"] = ids.get(("job", row["job_id"]), "")
        return sorted(rows, key=repr)

    def actions(self) -> list[Row]:
        """The plan, with what hangs on an id (keys, markers, the stored candidate id) by what it stands for."""
        rows = [self.plain(without(action, "key", "person_id")) for action in self.plan]
        return sorted(rows, key=repr)

    def plain(self, row: Row) -> Row:
        """A row in which the vendor's ids are replaced by what they stand for, and all markers are the same."""
        known = {id: key for (_, id), key in self.ids.items()}
        text = re.sub(r'(?<=")(?:ats:)?(\w+)(?=\\?")', lambda found: known.get(found[1], found[0]), json.dumps(row))
        return dict(json.loads(re.sub(r"\[wl:[0-9a-f]{12}\]", "[wl]", text)))


def person_key(row: Row) -> str:
    [email] = json.loads(row["email_addresses"])
    return f"{row['first_name']} <{email}>"


def without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


class Differences:
    """What a vendor shows otherwise than the file drop: the table "What differs" of docs/<kind>.md, in code.

    The defaults say that nothing differs. `documented`: the first cells of that table, without backquotes.
    `own_jobs`: vacancies only the vendor has. `blind_to`: columns of vacancies that no rule can tell.
    `exact_stages`: moves have the vendor's own moments.
    """

    kind: str
    documented: frozenset[str]
    own_jobs: frozenset[str] = frozenset()
    blind_to: tuple[str, ...] = ()
    exact_stages = False

    def application_key(self, row: Row) -> str:
        """What tells the applications of a person apart, in both mirrors."""
        return str(row["remote_updated_at"])

    def candidate(self, files: Told, key: str, row: Row) -> Row:
        """A candidate of the files as the vendor shows it."""
        return row

    def application(self, files: Told, key: tuple[str, str], row: Row) -> Row:
        """An application of the files as the vendor shows it."""
        return row

    def job(self, files: Told, name: str, row: Row) -> Row:
        """A vacancy of the files as the vendor shows it."""
        return row

    def stage(self, row: Row) -> Row:
        """A stage of the files as the vendor shows it."""
        return row

    def users(self, files: Told) -> list[Row]:
        """The users of the files as the vendor shows them."""
        return files.users()

    def moves(self, files: Told) -> set[tuple[str, int]]:
        """Moments of stage transitions as the vendor tells them, and whether they are exact."""
        exact = {(row["at"], row["exact"]) for row in files.table("stage_transition")}
        return exact if self.exact_stages else {(f"{NOW:%Y-%m-%d}T08:00:00.000Z", 0)}

    def check_made(self, what: str, files: Any, vendor: Any) -> None:
        """links, reviews, touches and scores."""
        assert vendor == files

    def check_decisions(self, files: Told, vendor: Told) -> None:
        """What is done for each person, and why."""
        assert vendor.of_people("decision") == files.of_people("decision")

    def check_plan(self, files: Told, vendor: Told) -> None:
        """What is written to HubSpot."""
        assert vendor.actions() == files.actions()


def told_no(files: Told) -> set[str]:
    """Who was told of a rejection, by person and by contact."""
    people = {
        who for (who, _), row in files.applications(lambda row: str(row["remote_updated_at"])).items() if row["told_at"]
    }
    records = [{record for _, record, *_ in links} for links in files.people().values()]
    return people.union(*(one for one in records if one & people))


def without_news_of_a_no(action: Row) -> Row:
    """A task without what hangs on a rejection: the vacancy in the subject, its line, and the ground."""
    after = dict(action["after"])
    after["hs_task_subject"] = after["hs_task_subject"].partition(":")[0]
    lines = after["hs_task_body"].split("<br>")
    after["hs_task_body"] = [one for one in lines if not one.startswith(("Gesolliciteerd:", "Bellen mag:"))]
    return action | {"after": after}


def planned(
    kind: str, folder: Path, before: Callable[[RunningSandbox], None] = lambda _: None
) -> tuple[list[dict[str, Any]], Stage]:
    """The plan of a first run on the world, and the stage with its mirror; the open day is a file in both. `before`:
    what happens to the world before it is read."""
    world = build(NOW)
    for name in ("ats", "opendag"):
        (folder / name).mkdir()
    export(world, folder / "ats")
    shutil.move(folder / "ats" / "attendance.jsonl", folder / "opendag")
    state = portal(world)
    state.limits.search = None
    recruiters = [one.email for one in world.recruiters]
    with start(state) as sandbox:
        stage = Stage(sandbox, folder)
        stage.at(NOW)
        stage.env = {
            "MIRROR__PATH": str(stage.mirror),
            "HUBSPOT__BASE_URL": sandbox.base_url,
            "HUBSPOT__TOKEN": state.token,
            "SOURCES__ATS__KIND": kind,
            "SOURCES__OPENDAG__KIND": "filedrop",
            "SOURCES__OPENDAG__PATH": str(folder / "opendag"),
            "ROUTING__RECRUITERS": ",".join(recruiters),
            "ROUTING__FALLBACK_OWNER": recruiters[0],
            "CONTACT__CALL_GROUNDS": "application,legitimate_interest",
            "CONTACT__TRACKING_CONSENT": "portal",
            "PLAYS__PROMISE__ENABLED": "false",  # each vendor shows other reactions (docs/promise.md)
        }
        ats = {"path": str(folder / "ats")} if kind == "filedrop" else sandbox.ats_settings(kind)
        stage.set(**{f"SOURCES__ATS__{key.upper()}": value for key, value in ats.items()})
        stage.provision()
        before(sandbox)
        plan = stage.plan()
        assert stage.outcome is not None and stage.outcome.complete, stage.outcome and stage.outcome.reasons
        assert stage.notes == []
    return plan, stage
