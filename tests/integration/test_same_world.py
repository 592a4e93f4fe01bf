"""The same invented world through files and through Recruitee: the same mirror, links, scores and plan.

What a vendor does not have is the table in docs/recruitee.md; nothing else may differ.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from sandbox.filedrop_export import export
from sandbox.recruitee_world import WITHDRAWN
from sandbox.server import start
from sandbox.world import build, portal
from sync.bootstrap import open_view
from sync.store.db import Mirror
from tests.conftest import ROOT
from tests.integration.conftest import ZONE, Stage

NOW = datetime(2026, 11, 24, 9, tzinfo=ZONE)
POOL = "Talentpool zorg"
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
        people = {("candidate", row["remote_id"]): _person_key(row) for row in self.table("candidate")}
        return people | {("job", row["remote_id"]): row["name"] for row in self.table("job")}

    @cached_property
    def candidates(self) -> Rows:
        """By person."""
        return {_person_key(row): _without(row, *OWN) for row in self.table("candidate")}

    def jobs(self) -> Rows:
        """By name."""
        return {row["name"]: _without(row, *OWN) for row in self.table("job")}

    def stages(self) -> Rows:
        """By vacancy and place."""
        ids = self.ids
        rows = self.table("job_stage")
        return {(ids["job", row["job_id"]], row["position"]): _without(row, "job_id", *OWN) for row in rows}

    @cached_property
    def applications(self) -> Rows:
        """By person and the moment of the last change."""
        ids = self.ids
        stages = {(one["job_id"], one["remote_id"]): one["position"] for one in self.table("job_stage")}
        found = {}
        for row in self.table("application"):
            key = (ids["candidate", row["candidate_id"]], row["remote_updated_at"])
            assert key not in found
            place = {"job": ids["job", row["job_id"]], "stage": stages[row["job_id"], row["stage_id"]]}
            found[key] = _without(row, "candidate_id", "job_id", "stage_id", *OWN) | place
        return found

    def users(self) -> list[Row]:
        """In the order of their addresses."""
        return sorted((_without(row, *OWN) for row in self.table("ats_user")), key=lambda row: row["email"])

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
            found.setdefault(people[row["person_id"]], []).append(self.plain(_without(row, "person_id")))
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
        rows = [self.plain(_without(action, "key", "person_id")) for action in self.plan]
        return sorted(rows, key=repr)

    def plain(self, row: Row) -> Row:
        """A row in which the vendor's ids are replaced by what they stand for, and all markers are the same."""
        known = {id: key for (_, id), key in self.ids.items()}
        text = re.sub(r'(?<=")(?:ats:)?(\w+)(?=\\?")', lambda found: known.get(found[1], found[0]), json.dumps(row))
        return dict(json.loads(re.sub(r"\[wl:[0-9a-f]{12}\]", "[wl]", text)))


def _person_key(row: Row) -> str:
    [email] = json.loads(row["email_addresses"])
    return f"{row['first_name']} <{email}>"


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


# What the file drop shows, as Recruitee shows it: the rows of the table in docs/recruitee.md ----------------


def as_recruitee_candidate(files: Told, key: str, row: Row) -> Row:
    """One name field, no word on mailing, and a message counts as a change."""
    row = row | {
        "name_infix": None,
        "last_name": f"{row['name_infix'] or ''} {row['last_name']}".strip(),
        "can_email": None,
    }
    return row | {"remote_updated_at": max(row["remote_updated_at"], last_message_at(files, key) or "")}


def as_recruitee_application(files: Told, key: tuple[str, str], row: Row) -> Row:
    """No stage history, no word on what the person was told; prospects are in a pool and did not apply."""
    row = row | {"stage_entered_at": None, "told_at": None}
    evidence = [last_message_at(files, key[0]), row["hired_at"]]
    after = datetime.fromisoformat(row["applied_at"]) + timedelta(minutes=15)
    seen = [one for one in evidence if one is not None and datetime.fromisoformat(one) >= after]
    row["first_reply_at"] = min(seen, default=None)
    row["origin"] = files.candidates[key[0]]["origin"]
    if row["status"] == "prospect":
        row |= {"applied_at": None, "first_reply_at": None, "job": POOL, "stage": 0}
    if row["status"] == "withdrawn":
        row |= {"rejected_at": row["remote_updated_at"], "reject_reason": WITHDRAWN}
    return row


def last_message_at(files: Told, person: str) -> str | None:
    """The last reaction to any of somebody's applications: Recruitee has one a candidate."""
    replies = [row["first_reply_at"] for (who, _), row in files.applications.items() if who == person]
    return max((one for one in replies if one), default=None)


DOCUMENTED = {
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


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Told, Told]]:
    """The world as files, and as Recruitee beside the sign-in sheet of the open day, which is a file in both."""
    folders = {kind: tmp_path_factory.mktemp(kind) for kind in ("filedrop", "recruitee")}
    plans, mirrors = {}, {}
    for kind, folder in folders.items():
        plans[kind], stage = _planned(kind, folder)
        mirrors[kind] = stage
    with open_view(mirrors["filedrop"].app()) as files, open_view(mirrors["recruitee"].app()) as recruitee:
        yield Told(files.db, plans["filedrop"]), Told(recruitee.db, plans["recruitee"])


def _planned(kind: str, folder: Path) -> tuple[list[dict[str, Any]], Stage]:
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
        }
        if kind == "filedrop":
            stage.set(SOURCES__ATS__PATH=str(folder / "ats"))
        else:
            company = state.recruitee
            stage.set(SOURCES__ATS__BASE_URL=sandbox.base_url, SOURCES__ATS__COMPANY=company.company)
            stage.set(SOURCES__ATS__TOKEN=company.token)
        stage.provision()
        plan = stage.plan()
        assert stage.outcome is not None and stage.outcome.complete
        assert stage.notes == []
    return plan, stage


def test_people_are_the_same_but_for_what_the_table_says(both: tuple[Told, Told]) -> None:
    files, recruitee = both
    wanted = {key: as_recruitee_candidate(files, key, row) for key, row in files.candidates.items()}

    assert len(wanted) > 250
    assert recruitee.candidates == wanted


def test_applications_are_the_same_but_for_what_the_table_says(both: tuple[Told, Told]) -> None:
    files, recruitee = both
    wanted = {key: as_recruitee_application(files, key, row) for key, row in files.applications.items()}

    assert len(wanted) > 250
    assert {row["status"] for row in wanted.values()} == {"active", "hired", "rejected", "withdrawn", "prospect"}
    assert recruitee.applications == wanted


def test_vacancies_and_their_stages_are_the_same_but_for_the_pool_and_addresses(both: tuple[Told, Told]) -> None:
    files, recruitee = both
    of_files = {name: _without(row, "post_url", "apply_url") for name, row in files.jobs().items()}
    of_recruitee = {name: _without(row, "post_url", "apply_url") for name, row in recruitee.jobs().items()}
    stages = recruitee.stages()

    assert of_recruitee.pop(POOL)["status"] == "open"
    assert stages.pop((POOL, 0))["kind"] == "other"
    assert of_recruitee == of_files
    assert stages == files.stages()
    assert [row["name"] for row in recruitee.jobs().values() if not row["post_url"] and row["name"] != POOL] == []


def test_users_and_the_open_day_are_the_same(both: tuple[Told, Told]) -> None:
    files, recruitee = both

    assert recruitee.users() == files.users()
    assert recruitee.table("attendance") == files.table("attendance")


def test_stages_are_entered_exactly_in_files_and_when_first_seen_in_recruitee(both: tuple[Told, Told]) -> None:
    exact, seen = ({(row["at"], row["exact"]) for row in one.table("stage_transition")} for one in both)

    assert {flag for _, flag in exact} == {1}
    assert seen == {("2026-11-24T08:00:00.000Z", 0)}


SAME: dict[str, Callable[[Told], Any]] = {
    "links": lambda told: set(told.people().values()),
    "reviews": Told.reviews,
    "touches": Told.touches,
    "scores": lambda told: told.of_people("score"),
}


@pytest.mark.parametrize("what", SAME)
def test_what_warmline_makes_of_both_is_the_same(both: tuple[Told, Told], what: str) -> None:
    files, recruitee = (SAME[what](one) for one in both)

    assert len(files) > 5
    assert recruitee == files


def test_decisions_are_the_same_but_for_the_ground_of_who_was_told_no(both: tuple[Told, Told]) -> None:
    files, recruitee = (one.of_people("decision") for one in both)
    told = told_no(both[0])
    other = {who for who, rows in files.items() if rows != recruitee[who]}

    assert len(files) > 15
    assert recruitee.keys() == files.keys()
    assert other and all(told & {record for _, record, *_ in who} for who in other)
    for who in other:
        assert [row | {"ground": "legitimate_interest"} for row in recruitee[who]] == files[who]


def test_the_plan_is_the_same_but_for_the_words_to_who_was_told_no(both: tuple[Told, Told]) -> None:
    files, recruitee = (one.actions() for one in both)
    told = told_no(both[0])
    other = [one for one in files if one not in recruitee]

    assert len(files) > 200
    assert len(other) == 3
    assert {(one["kind"], one["contact_id"] in told) for one in other} == {("create_task", True)}
    assert [without_news_of_a_no(one) for one in recruitee if one not in files] == [
        without_news_of_a_no(one) for one in other
    ]


def told_no(files: Told) -> set[str]:
    """Who was told of a rejection, by person and by contact."""
    people = {who for (who, _), row in files.applications.items() if row["told_at"]}
    records = [{record for _, record, *_ in links} for links in files.people().values()]
    return people.union(*(one for one in records if one & people))


def without_news_of_a_no(action: Row) -> Row:
    """A task without what hangs on a rejection: the vacancy in the subject, its line, and the ground."""
    after = dict(action["after"])
    after["hs_task_subject"] = after["hs_task_subject"].partition(":")[0]
    lines = after["hs_task_body"].split("<br>")
    after["hs_task_body"] = [one for one in lines if not one.startswith(("Gesolliciteerd:", "Bellen mag:"))]
    return action | {"after": after}


def test_the_differences_are_those_of_the_page() -> None:
    page = (ROOT / "docs" / "recruitee.md").read_text(encoding="utf-8").partition("## What differs")[2]
    told = re.findall(r"^\| (`.+?`) \|", page.partition("\n## ")[0], re.MULTILINE)

    assert {one.replace("`", "") for one in told} == DOCUMENTED
