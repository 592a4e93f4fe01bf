"""Somebody is forgotten: mirror, files, HubSpot; and not let in again before they apply anew."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sandbox.dialects.recruitee.people import _pool
from sync.cli.app import warmline
from sync.store.db import open_mirror
from tests.integration.conftest import Stage, applied, candidate


def command(stage: Stage, *args: str, **env: str) -> Result:
    """A command as people run it."""
    settings = {f"WARMLINE_{name}": value for name, value in {**stage.env, **env}.items()}
    return CliRunner().invoke(warmline, args, env={**settings, "WARMLINE_CLOCK__NOW": stage.now.isoformat()})


def forget(stage: Stage, who: str, **env: str) -> dict[str, Any]:
    """`forget WHO --yes --json`; its report with the exit code."""
    ended = command(stage, "forget", who, "--yes", "--json", **env)
    assert ended.exit_code in (0, 3), ended.output
    return {**json.loads(ended.stdout), "exit_code": ended.exit_code}


def raw(stage: Stage, *values: str) -> list[str]:
    """Those of these values that stand anywhere in the mirror's files."""
    files = [one.read_bytes() for one in stage.mirror.parent.glob(stage.mirror.name + "*")]
    return [value for value in values if any(value.encode() in content for content in files)]


def told(report: dict[str, Any], stream: str) -> tuple[int, int]:
    """Fetched and suppressed of a stream; the parts must sum to what was fetched."""
    counts = report["streams"][stream]
    parts = ("stored", "unchanged", "duplicate", "suppressed", "quarantined")
    assert counts["fetched"] == sum(counts[part] for part in parts), counts
    return counts["fetched"], counts["suppressed"]


@pytest.fixture
def jan(stage: Stage) -> str:
    """Jan, known on both sides, with visits and a call task; and Lia, who is somebody else."""
    lia = stage.person(2, "Lia", "Los")
    contact = stage.person(1, "Jan", "Smitsma", phone="+31612345678")
    stage.fan_signs(contact)
    stage.fan_signs(lia)
    stage.sync()
    assert stage.tasks(contact) and stage.properties(contact)
    return contact


def test_forgetting_leaves_nothing_and_a_pull_of_everything_brings_nothing_back(stage: Stage, jan: str) -> None:
    report = forget(stage, jan)

    values = ("smitsma", "Smitsma", "+31612345678")
    assert (report["exit_code"], report["hits"], report["already"]) == (0, 0, False)
    assert raw(stage, *values) == []
    assert stage.properties(jan) == {} or set(stage.properties(jan).values()) <= {""}
    assert all(task.archived_at for task in stage.tasks(jan))
    stage.later(hours=1)
    again = stage.sync(full=True)
    assert again["complete"], stage.outcome
    assert raw(stage, *values) == []
    assert told(again, "hubspot.contacts") == (2, 1)
    assert again["people"]["contacts"] == 1


def test_forgetting_twice_says_so_and_finds_nothing(stage: Stage, jan: str) -> None:
    forget(stage, jan)

    again = forget(stage, "jan.smitsma@example.com")

    assert (again["exit_code"], again["already"], again["hits"], again["records"]) == (0, True, 0, 0)


@pytest.mark.parametrize("who", ["99999", "nobody@example.com", "p999", "ats:none"])
def test_nobody_is_said_to_be_nobody(stage: Stage, jan: str, who: str) -> None:
    ended = command(stage, "forget", who, "--yes")

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "nobody in the mirror has that id or address" in ended.stderr
    assert stage.properties(jan)


def test_without_anybody_to_ask_nothing_is_forgotten(stage: Stage, jan: str) -> None:
    ended = command(stage, "forget", jan)

    assert ended.exit_code == 2
    assert "--yes" in ended.stderr
    assert stage.properties(jan)


def test_a_later_application_lets_the_person_come_back(stage: Stage, jan: str) -> None:
    stage.drop("applications", applied("a1", "c1", "j1", stage.now - timedelta(days=3)))
    stage.sync()
    forget(stage, jan)
    stage.later(days=1)
    old = applied("a1", "c1", "j1", stage.now - timedelta(days=4), status="withdrawn")
    stage.drop("applications", old)
    kept_out = stage.sync()
    stage.later(days=1)
    stage.drop("applications", applied("a2", "c1", "j1", stage.now))

    back = stage.sync()

    assert told(kept_out, "ats.applications") == (1, 1)
    assert (kept_out["people"]["candidates"], back["people"]["candidates"]) == (1, 2)
    assert {one[:2] for one in stage.links("ats:c1")} == {("ats", "c1"), ("hubspot", jan)}


def test_with_writes_off_the_mirror_is_purged_and_what_is_left_is_said(stage: Stage, jan: str) -> None:
    report = forget(stage, jan, WRITES__ENABLED="false")

    assert (report["exit_code"], report["hits"], report["hubspot"]["left"]) == (3, 0, True)
    assert raw(stage, "smitsma", "Smitsma", "+31612345678") == []
    assert stage.properties(jan)
    said = command(stage, "forget", jan, "--yes", WRITES__ENABLED="false").stderr
    assert f"WARMLINE_WRITES__ENABLED=true warmline forget {jan} --yes" in said
    finished = forget(stage, jan)
    assert (finished["exit_code"], finished["hubspot"]["left"]) == (0, False)
    assert set(stage.properties(jan).values()) <= {""}


def test_the_next_run_finishes_what_was_left(stage: Stage, jan: str) -> None:
    forget(stage, jan, WRITES__ENABLED="false")

    report = stage.sync()

    assert report["complete"]
    assert stage.notes == ["forgotten people: 1 contacts cleared, 1 tasks archived in HubSpot"]
    assert set(stage.properties(jan).values()) <= {""}
    assert all(task.archived_at for task in stage.tasks(jan))


def test_an_objection_on_the_contact_stays(stage: Stage, jan: str) -> None:
    stage.portal.edit("contacts", jan, {"warmline_do_not_call": "true"})
    stage.sync()

    forget(stage, jan)

    left = {name: value for name, value in stage.properties(jan).items() if value}
    assert left == {"warmline_do_not_call": "true"}


def test_a_completed_task_goes_too(stage: Stage, jan: str) -> None:
    [task] = stage.tasks(jan)
    stage.portal.edit("tasks", task.id, {"hs_task_status": "COMPLETED"})
    stage.later(minutes=30)
    stage.sync()

    report = forget(stage, jan)

    assert report["hubspot"]["tasks_archived"] == 1
    assert all(one.archived_at for one in stage.tasks(jan))


def test_the_other_one_of_a_household_stays(stage: Stage, jan: str) -> None:
    stage.drop(
        "candidates", candidate("c9", "Mia", "Smitsma", "jan.smitsma@example.com", phone_numbers=["+31612345678"])
    )
    stage.sync()

    report = forget(stage, jan)

    stage.later(hours=1)
    again = stage.sync(full=True)
    assert report["hits"] == 0
    assert again["people"]["candidates"] == 2
    assert stage.explain("ats:c9")["links"][0]["remote_id"] == "c9"


def test_a_new_record_of_the_person_does_not_come_in(stage: Stage, jan: str) -> None:
    forget(stage, jan)
    stage.drop("candidates", candidate("c7", "Jan", "Smitsma"), candidate("c8", "Joop", "Ander"))
    stage.drop("attendance", {"event": "Open dag", "kind": "attended", "email": "Jan.Smitsma@example.com"})
    stage.drop("applications", applied("a7", "c7", "j1", stage.now - timedelta(days=9)))

    report = stage.sync()

    assert [told(report, f"ats.{noun}") for noun in ("candidates", "attendance", "applications")] == [
        (2, 1),
        (1, 1),
        (1, 1),
    ]
    assert raw(stage, "smitsma", "Smitsma") == []


def test_a_mirror_built_anew_or_put_back_still_knows_who_was_forgotten(stage: Stage, jan: str) -> None:
    before = command(stage, "backup", str(stage.folder / "old.db"))
    forget(stage, jan)
    stage.mirror.write_bytes((stage.folder / "old.db").read_bytes())

    put_back = stage.sync()

    assert before.exit_code == 0
    assert raw(stage, "smitsma", "Smitsma", "+31612345678") == []
    assert put_back["people"]["contacts"] == 1
    for one in (stage.mirror, *stage.mirror.parent.glob("mirror.db-*")):
        one.unlink()
    anew = stage.sync(full=True)
    assert anew["people"]["contacts"] == 1
    assert raw(stage, "smitsma", "Smitsma", "+31612345678") == []


def test_a_run_under_way_does_the_work_before_its_next_step(stage: Stage, jan: str) -> None:
    db = open_mirror(stage.mirror)
    with db.write():
        db.change("INSERT INTO lease VALUES ('run', 't', 'elsewhere', 1, '', unixepoch())")
    from sync.bootstrap import forgetting
    from sync.stages import bury
    from sync.stages.erase import purge_asked
    from sync.store.lease import Lease

    whom = forgetting.find(db, jan)
    with db.write():
        bury.bury(db, whom, stage.now)
    purged = purge_asked(db, Lease("run", "t"), lambda _: None)
    db.close()

    assert purged == 1
    assert raw(stage, "smitsma", "Smitsma", "+31612345678") == []


def test_who_applies_anew_in_an_ats_that_is_read_by_id_comes_back_in_that_run(stage: Stage) -> None:
    recruitee = stage.portal.dialect("recruitee")
    known = {f"SOURCES__ATS__{key.upper()}": value for key, value in stage.sandbox.ats_settings("recruitee").items()}
    del stage.env["SOURCES__ATS__PATH"]
    stage.set(SOURCES__ATS__KIND="recruitee", **known)
    contact = stage.contact("Jan", "Smitsma")
    made = recruitee.add_candidate("Jan Smitsma", emails=["jan.smitsma@example.com"])
    stage.sync()
    forget(stage, contact)
    stage.later(hours=1)
    recruitee.edit_candidate(made["id"], phones=["+31612345678"])
    stage.later(minutes=5)
    kept_out = stage.sync()
    stage.later(days=1)
    recruitee.offers[5] = {**_pool(recruitee), "id": 5, "kind": "job"}
    recruitee.add_placement(made["id"], 5)
    stage.later(minutes=5)

    back = stage.sync()

    assert told(kept_out, "ats.candidates")[1] == 1
    assert kept_out["people"] == {"candidates": 0, "contacts": 0, "linked": 0, "review": 0}
    assert (back["people"]["candidates"], back["people"]["contacts"], back["people"]["linked"]) == (1, 1, 1)
