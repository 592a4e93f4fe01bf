"""A marked person and token go through runs that fail in every way; only what was asked to be seen names them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import RunningSandbox
from sandbox.store import INTEGRATION
from tests.conftest import Ended, Env
from tests.system.portal import whole_text

Cli = Callable[..., Ended]
TOKEN = "pat-eu1-zwartemolen-4711"
PERSON = {
    "id": "c-marked",
    "first_name": "Xanthippe",
    "name_infix": "van der",
    "last_name": "Quispelberg",
    "email_addresses": ["xanthippe.quispelberg@example.org"],
    "phone_numbers": ["+31 6 87654321"],
}
MARKS = ("xanthippe", "quispelberg", "87654321", "zwartemolen")
TALKATIVE = {"status": "error", "message": "Xanthippe Quispelberg xanthippe.quispelberg@example.org 0687654321"}
FAULTS: dict[str, dict[str, Any]] = {
    "connection lost before a read": {"kind": "drop_before", "path_regex": "search|contacts$"},
    "a read refused with a talkative body": {"kind": "status", "status": 302, "body": TALKATIVE},
    "a talkative 400 to a read": {
        "kind": "status",
        "path_regex": "search|objects/.*contacts$",
        "status": 400,
        "body": TALKATIVE,
    },
    "a talkative 403": {"kind": "status", "path_regex": "owners", "status": 403, "body": TALKATIVE},
    "no JSON to a read": {"kind": "garbage", "path_regex": "owners", "body": "Xanthippe Quispelberg"},
    "a talkative 400 to an update": {
        "kind": "status",
        "path_regex": "batch/update",
        "times": 9,
        "status": 400,
        "body": TALKATIVE,
    },
    "a talkative 400 to a task": {
        "kind": "status",
        "path_regex": "batch/create",
        "times": 9,
        "status": 400,
        "body": TALKATIVE,
    },
    "a talkative 409 to a create": {
        "kind": "status",
        "path_regex": "batch/create",
        "times": 9,
        "status": 409,
        "body": TALKATIVE,
    },
    "a talkative 500 to a write": {
        "kind": "status",
        "path_regex": "batch/(create|update)",
        "status": 500,
        "body": TALKATIVE,
    },
    "an answer lost after a write": {"kind": "drop_after", "path_regex": "batch/(create|update)"},
    "a talkative 401": {"kind": "status", "status": 401, "body": TALKATIVE},
}


@pytest.fixture
def marked(provisioned: RunningSandbox, env: Env, ats_folder: Path) -> RunningSandbox:
    """The marked person is a fan in both systems; the token of the portal is the marked one."""
    state = provisioned.state
    properties = {
        "firstname": "Xanthippe",
        "lastname": "van der Quispelberg",
        "email": PERSON["email_addresses"][0],
        "phone": "+31687654321",
    }
    contact = state.load("contacts", properties, INTEGRATION)
    for day in ("19", "21", "23"):
        state.visit(contact.id, f"2026-11-{day}T12:00:00Z", pages=4)
        state.reply(contact.id, f"2026-11-{day}T13:00:00Z")
    only_ats = {**PERSON, "id": "c-marked-2", "email_addresses": ["quispelberg.thuis@example.org"]}
    write(ats_folder / "candidates.delta-marked.jsonl", [PERSON, only_ats])
    applied = {"id": "a-marked", "candidate_id": "c-marked", "job_id": "j01", "status": "active"}
    write(ats_folder / "applications.delta-marked.jsonl", [{**applied, "applied_at": "2026-11-20T09:00:00Z"}])
    state.token = env["WARMLINE_HUBSPOT__TOKEN"] = TOKEN
    env |= {
        "WARMLINE_LOG__LEVEL": "DEBUG",
        "WARMLINE_WRITES__CREATE_CONTACTS": "all",
        "WARMLINE_WRITES__NOT_BEFORE_MINUTES": "0",
    }
    return provisioned


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def named_in(text: str) -> list[str]:
    """Which of the marks stand in a text."""
    return [mark for mark in MARKS if mark in text.lower().replace(" ", "")]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_output_of_a_run_names_a_person_or_a_token_whatever_fails(
    marked: RunningSandbox, cli: Cli, env: Env, fault: str
) -> None:
    marked.state.plan_fault(**FAULTS[fault])

    outputs = [
        cli("sync", "--json", "--confirm-create", "60"),
        cli("sync", "--confirm-create", "60"),
        cli("status"),
        cli("status", "--json"),
        cli("doctor"),
    ]

    assert [named_in(one.stdout + one.stderr) for one in outputs] == [[]] * len(outputs)
    assert not any("Traceback" in one.stderr for one in outputs)
    mirror = Path(env["WARMLINE_MIRROR__PATH"])
    kept = whole_text(mirror, ["run", "run_stream", "quarantine", "cursor", "lease", "setting", "audit", "rules_used"])
    assert named_in(kept) == []
    assert TOKEN.encode() not in mirror.read_bytes()


def test_a_wrong_marked_token_is_never_shown(marked: RunningSandbox, cli: Cli, env: Env) -> None:
    env["WARMLINE_HUBSPOT__TOKEN"] = TOKEN + "-wrong"

    outputs = [cli(*command) for command in (("sync",), ("plan", "--json"), ("doctor",), ("provision",))]

    assert [(one.code, named_in(one.stdout + one.stderr)) for one in outputs] == [(1, [])] * 4


def test_a_marked_person_in_a_wrong_setting_is_not_repeated(marked: RunningSandbox, cli: Cli, env: Env) -> None:
    env["WARMLINE_ROUTING__FALLBACK_OWNER"] = "Xanthippe Quispelberg"
    env["WARMLINE_HUBSPOT__TIMEOUT_READ_S"] = TOKEN

    ended = cli("sync")

    assert (ended.code, named_in(ended.stdout + ended.stderr)) == (2, [])


def test_what_is_asked_for_by_hand_may_name_people(marked: RunningSandbox, cli: Cli) -> None:
    assert cli("sync").code == 0

    calls, explained = cli("calls"), cli("explain", "ats:c-marked")

    assert "Xanthippe van der Quispelberg" in calls.stdout
    assert "Xanthippe van der Quispelberg" in explained.stdout
    assert named_in(calls.stderr + explained.stderr) == []


@pytest.mark.parametrize("style", ["jsonl", "csv"])
def test_quarantine_and_the_rejected_report_hold_no_values(
    marked: RunningSandbox, cli: Cli, env: Env, ats_folder: Path, style: str
) -> None:
    bad = {"id": "c-bad", "first_name": "Xanthippe", "last_name": "Quispelberg", "created_at": "Quispelberg gisteren"}
    if style == "jsonl":
        lines = json.dumps(bad) + "\n" + json.dumps({"first_name": "Xanthippe"}) + "\nXanthippe Quispelberg\n"
        ats_folder.joinpath("candidates.delta-bad.jsonl").write_text(lines, encoding="utf-8")
    else:
        head, row = ",".join(bad), ",".join(bad.values())
        lines = f"{head}\n{row}\n,Xanthippe,Quispelberg,\n"
        ats_folder.joinpath("candidates.delta-bad.csv").write_text(lines, encoding="utf-8")

    ended = cli("sync", "--json")

    assert json.loads(ended.stdout)["streams"]["ats.candidates"]["quarantined"] >= 2
    kept = whole_text(Path(env["WARMLINE_MIRROR__PATH"]), ["quarantine"])
    assert "created_at" in kept and named_in(kept) == []
    (report,) = [file for file in ats_folder.joinpath("rejected").iterdir() if "bad" in file.name]
    told = report.read_text(encoding="utf-8")
    assert "created_at" in told and named_in(told) == []
