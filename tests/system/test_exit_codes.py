"""How commands end: 0 complete, 3 incomplete, 2 settings or usage, 1 fatal; one sentence, what to do, no traceback."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.faults import Faults
from sandbox.schema import Property
from sandbox.server import RunningSandbox
from tests.conftest import Ended, Env
from tests.system.conftest import Started
from tests.system.portal import DEADLINE_S, Pause, Reaper, ask, markers, own_properties

Cli = Callable[..., Ended]


def says(ended: Ended, code: int, *words: str) -> None:
    """The command ended with this code and a sentence on stderr that holds the words."""
    assert ended.code == code, (ended.code, ended.stderr)
    assert "Traceback" not in ended.stderr and ended.stdout == ""
    assert ended.stderr.lstrip().startswith("warmline: ")  # a newline first, after the ^C of a terminal
    for word in words:
        assert word in ended.stderr


def mirror_of(env: Env) -> Path:
    return Path(env["WARMLINE_MIRROR__PATH"])


# -- 3: incomplete


def test_a_stream_that_stays_behind_ends_with_3_is_named_and_goes_on_next_time(
    settled: RunningSandbox, cli: Cli, env: Env
) -> None:
    settled.state.visit("10001", "2026-11-24T07:59:00Z")
    settled.state.plan_fault("status", "contacts/.*search", status=302)

    behind, status, next_run = cli("sync"), cli("status"), cli("sync")

    assert behind.code == 3
    assert "incomplete: hubspot.contacts" in behind.stderr and "Traceback" not in behind.stderr
    assert "INCOMPLETE" in behind.stdout
    assert status.code == 3 and "hubspot.contacts" in status.stdout
    assert next_run.code == 0


def test_a_first_read_that_breaks_off_plans_nothing_and_goes_on_at_the_same_page(
    provisioned: RunningSandbox, cli: Cli, env: Env
) -> None:
    stats = provisioned.state.stats
    provisioned.state.plan_fault("status", "objects/.*contacts$", method="GET", skip=1, status=302)

    broken = cli("sync")
    written, pages = stats.writes, stats.count("GET", "/crm/objects/contacts", 200)
    next_run = cli("sync")

    assert (broken.code, written, pages) == (3, 0, 1)
    assert ask(mirror_of(env), "SELECT count(*) FROM outbox WHERE state <> 'DONE'") == [(0,)]
    assert next_run.code == 0
    assert stats.count("GET", "/crm/objects/contacts", 200) - pages == 2


def test_status_tells_of_the_newest_run_also_when_the_clock_stands_still(
    settled: RunningSandbox, cli: Cli, env: Env
) -> None:
    run_ids = [json.loads(cli("sync", "--json").stdout)["run_id"] for _ in range(4)]

    assert sorted(run_ids) == run_ids
    assert json.loads(cli("status", "--json").stdout)["last_run"]["run_id"] == run_ids[-1]


def test_one_stream_that_fails_does_not_stop_the_others(settled: RunningSandbox, cli: Cli, ats_folder: Path) -> None:
    line = '{"id": "c-new", "first_name": "Nel", "email_addresses": ["nel@example.org"]}\n'
    ats_folder.joinpath("candidates.delta-1.jsonl").write_text(line, encoding="utf-8")
    settled.state.plan_fault("status", "contacts/.*search", status=302)

    ended = cli("sync", "--json")

    assert ended.code == 3
    assert '"candidates": 262' in ended.stdout


def test_a_second_worker_exits_at_once_and_says_who_runs_and_since_when(
    provisioned: RunningSandbox, start_cli: Callable[..., Started], cli: Cli
) -> None:
    pause = provisioned.state.faults = Pause()

    first = start_cli("sync")
    assert pause.reached.wait(DEADLINE_S)
    second = cli("sync")
    pause.go.set()

    says(second, 3, "Another worker runs", f"process {first.pid}", "since 2026-11-24T08:00:00", os.uname().nodename)
    assert first.wait().code == 0
    marked = markers(provisioned.state)
    assert marked and len(set(marked)) == len(marked)


def test_the_lease_of_a_killed_worker_is_taken_over_at_once(
    provisioned: RunningSandbox, start_cli: Callable[..., Started], cli: Cli, env: Env
) -> None:
    reaper = provisioned.state.faults = Reaper(0)
    started = start_cli("sync")
    reaper.pid.set_result(started.pid)

    killed, held = started.wait(), ask(mirror_of(env), "SELECT pid FROM lease")
    provisioned.state.faults = Faults()
    taken_over = cli("sync")

    assert (killed.code, held) == (-signal.SIGKILL, [(started.pid,)])
    assert taken_over.code == 0
    assert ask(mirror_of(env), "SELECT pid FROM lease") == []


def test_the_lease_of_another_machine_is_respected(settled: RunningSandbox, cli: Cli, env: Env) -> None:
    with sqlite3.connect(mirror_of(env)) as db:
        db.execute(
            "INSERT INTO lease (name, token, host, pid, since, renewed_at) VALUES ('run', 't', 'elsewhere', 1, ?, ?)",
            ("2026-11-24T07:59:00.000Z", time.time()),
        )
    db.close()

    ended = cli("sync")

    says(ended, 3, "host elsewhere, process 1, since 2026-11-24T07:59:00")


# -- 2: settings and usage


def test_without_a_token_nothing_is_asked_and_the_variable_is_named(
    sandbox: RunningSandbox, cli: Cli, env: Env
) -> None:
    del env["WARMLINE_HUBSPOT__TOKEN"]

    for command in ("doctor", "provision", "plan", "sync"):
        says(cli(command), 2, "hubspot.token", "WARMLINE_HUBSPOT__TOKEN")

    assert sandbox.state.stats.total == 0


def test_every_wrong_setting_is_told_at_once_with_its_key_and_a_fix(
    sandbox: RunningSandbox, cli: Cli, env: Env, tmp_path: Path
) -> None:
    (tmp_path / "own.toml").write_text("[noun.candidates\n", encoding="utf-8")
    env |= {
        "WARMLINE_SOURCES__ATS__KIND": "abacus",
        "WARMLINE_WRITES__ENABLD": "true",
        "WARMLINE_TEAM__TIMEZONE": "Europe/Nergens",
        "WARMLINE_GUARDS__PLAN_SHARE": "veel",
        "WARMLINE_SOURCES__SHEET__KIND": "filedrop",
        "WARMLINE_HUBSPOT__BASE_URL": "ftp://example.org",
    }

    for command in ("doctor", "sync", "calls"):
        ended = cli(command)

        says(
            ended,
            2,
            "sources.ats.kind (WARMLINE_SOURCES__ATS__KIND): must be one of",
            "writes.enabld (WARMLINE_WRITES__ENABLD): unknown key. Did you mean enabled?",
            "team.timezone (WARMLINE_TEAM__TIMEZONE)",
            "guards.plan_share (WARMLINE_GUARDS__PLAN_SHARE)",
            "sources.sheet.path",
            "hubspot.base_url (WARMLINE_HUBSPOT__BASE_URL)",
        )
        assert len(ended.stderr.splitlines()) == 6

    assert sandbox.state.stats.total == 0
    assert not mirror_of(env).exists()


@pytest.mark.parametrize(
    "text",
    [
        "[noun.candidates\n",  # not TOML
        None,  # not there
        '[candidates]\nshoe_size = "Schoenmaat"\n',  # no such field
    ],
    ids=["broken", "missing", "unknown field"],
)
def test_a_mapping_that_cannot_be_used_stops_before_any_request(
    sandbox: RunningSandbox, cli: Cli, env: Env, tmp_path: Path, text: str | None
) -> None:
    if text is not None:
        (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    env["WARMLINE_SOURCES__ATS__MAPPING"] = str(tmp_path / "own.toml")

    for command in ("doctor", "plan", "sync"):
        says(cli(command), 2, "own.toml")

    assert sandbox.state.stats.total == 0


@pytest.mark.parametrize("command", [("no-such-command",), ("sync", "--no-such-flag"), ("calls", "--limit", "0")])
def test_usage_errors_end_with_2(sandbox: RunningSandbox, cli: Cli, command: tuple[str, ...]) -> None:
    ended = cli(*command)

    assert (ended.code, ended.stdout) == (2, "")
    assert "Error" in ended.stderr and "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", [("calls",), ("explain", "p1"), ("status",), ("review",)])
def test_a_command_that_only_reads_says_what_to_run_when_there_is_no_mirror(
    sandbox: RunningSandbox, cli: Cli, env: Env, command: tuple[str, ...]
) -> None:
    says(cli(*command), 1, "no mirror yet", "warmline sync")

    assert not mirror_of(env).exists()


def test_explain_of_nobody_says_where_to_look(settled: RunningSandbox, cli: Cli) -> None:
    says(cli("explain", "nobody@example.org"), 2, "warmline calls")


# -- 1: fatal


def test_a_wrong_token_ends_with_1_and_writes_nothing(sandbox: RunningSandbox, cli: Cli, env: Env) -> None:
    env["WARMLINE_HUBSPOT__TOKEN"] = "pat-wrong-0000"

    for command in ("provision", "plan", "sync"):
        says(cli(command), 1, "refused the token (401)", "warmline doctor")
    doctor = cli("doctor")

    assert doctor.code == 1 and "401" in doctor.stdout and "pat-wrong" not in doctor.stdout + doctor.stderr
    assert own_properties(sandbox.state) == []


def test_a_token_of_another_portal_ends_with_1_before_anything_is_read(
    provisioned: RunningSandbox, cli: Cli, env: Env
) -> None:
    env["WARMLINE_HUBSPOT__PORTAL_ID"] = "999"

    for command in ("plan", "sync"):
        says(cli(command), 1, "portal 4242", "999")
    doctor = cli("doctor")

    assert doctor.code == 1 and "999" in doctor.stdout
    assert provisioned.state.stats.writes == 0
    assert provisioned.state.stats.count(contains="/crm/") == 0


def test_provision_does_not_touch_a_portal_the_settings_do_not_name(
    sandbox: RunningSandbox, cli: Cli, env: Env
) -> None:
    env["WARMLINE_HUBSPOT__PORTAL_ID"] = "999"

    says(cli("provision"), 1, "portal 4242", "999")
    says(cli("provision", "--remove", "--yes"), 1, "portal 4242", "999")

    assert sandbox.state.stats.writes == 0


def test_a_mirror_of_another_portal_is_refused(settled: RunningSandbox, cli: Cli) -> None:
    settled.state.portal_id = 5151

    says(cli("sync"), 1, "portal 5151", "4242", "mirror.path")

    assert settled.state.stats.writes == 0


@pytest.mark.parametrize("command", ["plan", "sync", "calls", "status"])
def test_a_mirror_made_by_a_newer_version_is_left_alone(
    settled: RunningSandbox, cli: Cli, env: Env, command: str
) -> None:
    with sqlite3.connect(mirror_of(env)) as db:
        (table,) = db.execute("SELECT name FROM sqlite_master WHERE name LIKE '%migration%'").fetchone()
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
        row = dict(zip(columns, db.execute(f"SELECT * FROM {table}").fetchone(), strict=True))
        row |= {"name": "9999_later", **({"id": 9999} if "id" in row else {})}
        marks = ", ".join("?" * len(row))
        db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
    db.close()

    says(cli(command), 1, "newer version", "9999_later")

    assert settled.state.stats.writes == 0


@pytest.mark.parametrize("damage", ["a folder", "no database", "an unwritable folder"])
def test_a_mirror_that_cannot_be_used_ends_with_1_before_any_write(
    provisioned: RunningSandbox, cli: Cli, env: Env, tmp_path: Path, damage: str
) -> None:
    mirror = tmp_path / "odd.db"
    if damage == "a folder":
        mirror.mkdir()
    elif damage == "no database":
        mirror.write_bytes(b"this is not a database" * 100)
    else:
        mirror = Path("/proc/warmline/mirror.db")
    env["WARMLINE_MIRROR__PATH"] = str(mirror)

    for command in ("plan", "sync"):
        says(cli(command), 1, str(mirror))
    doctor = cli("doctor")

    assert doctor.code == 1 and str(mirror) in doctor.stdout
    assert provisioned.state.stats.writes == 0


def test_a_plan_too_large_names_the_figure_and_the_flag_and_writes_nothing(
    provisioned: RunningSandbox, cli: Cli, env: Env
) -> None:
    env["WARMLINE_GUARDS__PLAN_SHARE"] = "0.25"

    says(cli("sync"), 1, "203 of 259 contacts", "25%", "WARMLINE_GUARDS__PLAN_SHARE")
    status = cli("status")
    written = provisioned.state.stats.writes
    allowed = cli("sync", "--allow-large-plan")

    assert status.code == 3 and "203 of 259" in status.stdout
    assert (written, allowed.code) == (0, 0)
    assert provisioned.state.stats.writes > 0


def test_too_many_tasks_names_the_figure_and_the_flag(provisioned: RunningSandbox, cli: Cli, env: Env) -> None:
    env["WARMLINE_GUARDS__NEW_TASKS"] = "3"

    says(cli("sync"), 1, "19 new tasks", "WARMLINE_GUARDS__NEW_TASKS")

    assert provisioned.state.stats.writes == 0


def test_a_source_that_suddenly_shows_few_people_stops_before_writing(
    settled: RunningSandbox, cli: Cli, ats_folder: Path
) -> None:
    file = ats_folder / "candidates.snapshot.jsonl"
    file.write_text("".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:40]), encoding="utf-8")

    says(cli("sync"), 1, "ats.candidates shows 40 of the 261", "WARMLINE_GUARDS__SOURCE_SHARE")

    assert settled.state.stats.writes == 0


def test_more_new_contacts_than_were_confirmed_stops_before_writing(
    provisioned: RunningSandbox, cli: Cli, env: Env
) -> None:
    env["WARMLINE_WRITES__CREATE_CONTACTS"] = "all"

    says(cli("sync", "--confirm-create", "5"), 1, "creates 38 contacts, 5 were confirmed", "--confirm-create 38")

    assert provisioned.state.stats.writes == 0


def test_a_property_of_another_type_is_an_error_and_nothing_is_made(
    sandbox: RunningSandbox, cli: Cli, env: Env
) -> None:
    properties = sandbox.state.stores["contacts"].schema.properties
    properties["warmline_score"] = Property("warmline_score", "string", "text", "contactinformation")

    says(cli("provision"), 1, "warmline_score is of type string, warmline needs number")
    doctor = cli("doctor")

    assert doctor.code == 1 and "warmline_score" in doctor.stdout
    assert sandbox.state.stats.writes == 0


def test_a_missing_scope_is_named(sandbox: RunningSandbox, cli: Cli) -> None:
    sandbox.state.scopes.discard("crm.schemas.contacts.write")

    says(cli("provision"), 1, "crm.schemas.contacts.write")


def test_ctrl_c_ends_with_one_sentence(provisioned: RunningSandbox, start_cli: Callable[..., Started]) -> None:
    pause = provisioned.state.faults = Pause()
    started = start_cli("sync")
    assert pause.reached.wait(DEADLINE_S)

    os.kill(started.pid, signal.SIGINT)
    ended = started.wait()
    pause.go.set()

    says(ended, 1, "stopped; the next run goes on")
