"""The whole job as ops run it: `python -m sync` over HTTP, configured by environment, in both versions of the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.server import RunningSandbox
from sync.core.plays import PLAYS
from tests.conftest import Ended, Env, RunCli
from tests.system.portal import end_state, own_properties

Cli = Callable[..., Ended]
VERSIONS = ("2026-09", "v3")
STREAMS = [
    "hubspot.owners",
    "hubspot.contacts",
    "hubspot.tasks",
    "hubspot.calls",
    "hubspot.meetings",
    "hubspot.emails",
    "hubspot.communications",
    "hubspot.marketing_events",
    "ats.users",
    "ats.jobs",
    "ats.candidates",
    "ats.applications",
    "ats.attendance",
    "hubspot.events",
    "hubspot.email_events",
    "hubspot.forms",
]
COUNTS = ["fetched", "stored", "unchanged", "duplicate", "suppressed", "quarantined", "deleted"]
DEFAULT_PROPERTIES = [
    "warmline_band",
    "warmline_call_back_at",
    "warmline_candidate_id",
    "warmline_do_not_call",
    "warmline_last_touch_at",
    "warmline_reply_due_at",
    "warmline_score",
    "warmline_why",
]


def told(ended: Ended) -> Any:
    """What a command printed with --json: one document, nothing else."""
    assert ended.code == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.mark.parametrize("version", VERSIONS)
def test_from_nothing_to_tasks_and_then_no_news_no_writes(
    sandbox: RunningSandbox, env: Env, cli: Cli, run_cli: RunCli, version: str
) -> None:
    env["WARMLINE_HUBSPOT__API_VERSION"] = version
    run_cli = run_cli if version == "v3" else cli  # once with an interpreter of its own for each command
    stats = sandbox.state.stats

    doctor = run_cli("doctor")
    before = stats.writes
    provisioned = run_cli("provision")
    made = stats.writes
    plan = told(run_cli("plan", "--json"))
    after_plan = stats.writes
    first = told(run_cli("sync", "--json"))
    after_first = stats.writes
    second = told(run_cli("sync", "--json"))

    assert (doctor.code, before, provisioned.code) == (0, 0, 0)
    assert own_properties(sandbox.state) == DEFAULT_PROPERTIES
    assert after_plan == made, "a plan writes nothing"
    kinds = [action["kind"] for action in plan["actions"]]
    tasks = sandbox.state.dump()["tasks"]
    assert first["actions"]["create_task"]["applied"] == kinds.count("create_task") == len(tasks) > 0
    assert first["actions"]["update_contact"]["applied"] == kinds.count("update_contact") > 0
    assert first["requests"]["hubspot"]["writes"] == after_first - after_plan
    assert stats.writes == after_first, "the second sync writes nothing"
    assert second["requests"]["hubspot"]["writes"] == 0
    assert all(one["planned"] == one["applied"] == 0 for one in second["actions"].values())


def test_both_versions_of_the_api_leave_the_same_portal(
    sandbox: RunningSandbox, env: Env, cli: Cli, tmp_path: Any
) -> None:
    ends = []
    for version in VERSIONS:
        sandbox.state.reset()
        own = {
            **env,
            "WARMLINE_HUBSPOT__API_VERSION": version,
            "WARMLINE_MIRROR__PATH": str(tmp_path / f"{version}.db"),
        }
        assert [cli(command, env=own).code for command in ("provision", "sync")] == [0, 0]
        ends.append(end_state(sandbox.state))

    assert ends[0] == ends[1]


def test_sync_json_has_the_fixed_shape(provisioned: RunningSandbox, cli: Cli) -> None:
    report = told(cli("sync", "--json"))

    assert list(report) == [
        "run_id",
        "complete",
        "started_at",
        "duration_s",
        "streams",
        "people",
        "scored",
        "decisions",
        "actions",
        "requests",
    ]
    assert isinstance(report["run_id"], str) and report["complete"] is True
    assert report["started_at"].startswith("2026-11-24T08:00:00")
    assert report["duration_s"] > 0
    assert list(report["streams"]) == STREAMS
    assert all(list(counts) == COUNTS for counts in report["streams"].values())
    assert list(report["people"]) == ["candidates", "contacts", "linked", "review"]
    assert list(report["scored"]) == ["computed", "changed", "hot"]
    assert all(list(counts) == ["wanted", "refused"] for counts in report["decisions"].values())
    assert {"fan"} <= set(report["decisions"])
    assert {"create_contact", "update_contact", "create_task"} <= set(report["actions"])
    columns = ["planned", "applied", "withheld", "deferred", "dead"]
    assert all(list(counts) == columns for counts in report["actions"].values())
    assert list(report["requests"]) == ["hubspot", "ats"]
    assert all(list(one) == ["reads", "writes", "retried", "throttled"] for one in report["requests"].values())


def test_every_record_fetched_is_accounted_for(
    provisioned: RunningSandbox, cli: Cli, env: Env, ats_folder: Any
) -> None:
    lines = [
        {"id": "c-new", "first_name": "Nel", "last_name": "Nieuw", "email_addresses": ["nel@example.org"]},
        {"id": "c-new", "first_name": "Nel", "last_name": "Nieuw", "email_addresses": ["nel@example.org"]},
        {"id": "c-bad", "created_at": "gisteren"},
        {"first_name": "zonder id"},
    ]
    first = told(cli("sync", "--json"))
    text = "".join(json.dumps(line) + "\n" for line in lines) + "geen json\n"
    ats_folder.joinpath("candidates.delta-1.jsonl").write_text(text, encoding="utf-8")
    second = told(cli("sync", "--json"))

    for report in (first, second):
        for name, one in report["streams"].items():
            parts = (one[part] for part in ("stored", "unchanged", "duplicate", "suppressed", "quarantined"))
            assert one["fetched"] == sum(parts), name
    assert second["streams"]["ats.candidates"] == {
        "fetched": 5,
        "stored": 1,
        "unchanged": 0,
        "duplicate": 1,
        "suppressed": 0,
        "quarantined": 3,
        "deleted": 0,
    }
    assert second["complete"] is True, "quarantine only counts"


def test_plan_json_has_the_fixed_shape(provisioned: RunningSandbox, cli: Cli) -> None:
    actions = told(cli("plan", "--json"))["actions"]

    keys = ["kind", "key", "contact_id", "person_id", "play", "reason", "before", "after"]
    assert actions and all(list(action) == keys for action in actions)
    known = {"create_contact", "update_contact", "create_task", "update_task", "complete_task", "archive_task"}
    assert {action["kind"] for action in actions} <= known
    alone = [action for action in actions if action["person_id"] is not None]
    assert all(isinstance(action[name], str) for action in alone for name in ("key", "contact_id", "person_id"))
    assert {action["play"] for action in actions if action["person_id"] is None} <= {"first_reaction", "promise"}
    assert len({action["key"] for action in actions}) == len(actions)
    tasks = [action for action in actions if action["kind"] == "create_task"]
    assert {action["play"] for action in tasks} <= PLAYS.keys()
    assert all(action["reason"] and action["after"]["hs_task_body"] for action in tasks)


@pytest.mark.parametrize("by", ["person_id", "contact_id", "candidate_id"])
def test_explain_json_has_the_fixed_shape_however_the_person_is_named(
    settled: RunningSandbox, cli: Cli, by: str
) -> None:
    first = told(cli("calls", "--json", "--limit", "1"))["people"][0]

    found = told(cli("explain", first[by], "--json"))

    assert list(found) == [
        "person",
        "links",
        "score",
        "raw",
        "band",
        "points",
        "decisions",
        "refusals",
        "tasks",
        "conflicts",
    ]
    assert found["person"] == {"id": first["person_id"], "name": first["name"]}
    assert all(list(one) == ["source", "remote_id", "rule"] for one in found["links"])
    assert {one["source"] for one in found["links"]} >= {"hubspot", "ats"}
    assert all(isinstance(one["remote_id"], str) for one in found["links"])
    assert all(list(one) == ["kind", "day", "count", "age_days", "weight", "points"] for one in found["points"])
    assert len(found["tasks"]) == 1 and found["tasks"][0]["open"] is True


def test_explain_takes_an_e_mail_address(settled: RunningSandbox, cli: Cli) -> None:
    first = told(cli("calls", "--json", "--limit", "1"))["people"][0]
    email = settled.state.record("contacts", first["contact_id"]).properties["email"]

    assert told(cli("explain", email.upper(), "--json"))["person"]["id"] == first["person_id"]


def test_somebody_outside_the_audience_is_unscored_and_not_cold(settled: RunningSandbox, cli: Cli, world: Any) -> None:
    customer = next(one for one in world.people if world.segments[one.key] == "fan_days_customer")
    contact = settled.state.record("contacts", customer.email)

    found = told(cli("explain", contact.id, "--json"))

    assert (found["score"], found["band"], found["points"], found["tasks"]) == (None, "unscored", [], [])
    assert found["refusals"]


@pytest.mark.parametrize("command", [("sync",), ("plan",), ("calls",), ("status",), ("review",), ("doctor",)])
def test_with_json_stdout_holds_one_document_and_nothing_else(
    settled: RunningSandbox, cli: Cli, env: Env, command: tuple[str, ...]
) -> None:
    env["WARMLINE_LOG__LEVEL"] = "DEBUG"

    ended = cli(*command, "--json")

    assert isinstance(json.loads(ended.stdout), dict)


def test_provision_twice_makes_nothing_the_second_time(sandbox: RunningSandbox, cli: Cli) -> None:
    assert cli("provision").code == 0
    writes = sandbox.state.stats.writes

    again = cli("provision")

    assert (again.code, sandbox.state.stats.writes) == (0, writes)
    assert "0 made" in again.stdout


def test_provision_remove_undoes_it_and_can_be_undone(provisioned: RunningSandbox, cli: Cli) -> None:
    removed = cli("provision", "--remove", "--yes")

    assert (removed.code, own_properties(provisioned.state)) == (0, [])
    assert cli("provision", "--remove", "--yes").code == 0
    assert cli("provision").code == 0
    assert own_properties(provisioned.state) == DEFAULT_PROPERTIES


def test_provision_remove_without_yes_is_refused_where_nobody_can_answer(provisioned: RunningSandbox, cli: Cli) -> None:
    ended = cli("provision", "--remove")

    assert ended.code == 2
    assert "--yes" in ended.stderr
    assert own_properties(provisioned.state) == DEFAULT_PROPERTIES


def test_a_sync_on_an_unprovisioned_portal_says_what_is_off_and_writes_only_what_it_can(
    sandbox: RunningSandbox, cli: Cli
) -> None:
    ended = cli("sync")

    assert ended.code == 0
    assert "8 contact properties are missing" in ended.stdout and "warmline provision" in ended.stdout
    assert sandbox.state.stats.count("POST", "contacts/batch/update") == 0


def test_with_writing_off_a_sync_ends_with_the_plan(sandbox: RunningSandbox, cli: Cli, env: Env) -> None:
    del env["WARMLINE_WRITES__ENABLED"]

    ended = cli("sync")

    assert ended.code == 0
    assert "writes are off" in ended.stdout
    assert sandbox.state.stats.writes == 0
