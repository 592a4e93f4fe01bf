"""Retention: people are erased in the mirror some weeks after their last procedure, and come back when they apply."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.faults import Fault
from sync.errors import ConfigError
from sync.store import audit, retentions
from sync.store.times import to_text
from tests.integration.at_rest import reading
from tests.integration.conftest import Stage, applied, candidate
from tests.integration.test_forget import command

JOB = {"id": "j1", "name": "Kok", "status": "open", "recruiter_email": "noor@team.example.com"}


def rejected(stage: Stage, number: int, at: datetime) -> None:
    """A candidate's application for the job, rejected and told so."""
    told = (at + timedelta(days=5)).isoformat()
    more = {"status": "rejected", "rejected_at": told, "told_at": told}
    stage.drop("applications", applied(f"a{number}", f"c{number}", "j1", at, **more))


def closed(stage: Stage, at: datetime) -> None:
    """The job's procedure ends."""
    stage.drop("jobs", {**JOB, "status": "closed", "closed_at": at.isoformat()})


@pytest.fixture
def jan(stage: Stage) -> str:
    """Jan was rejected six weeks ago, and the vacancy closed 29 days ago; Lia runs in another one."""
    contact = stage.person(1, "Jan", "Smitsma")
    stage.person(2, "Lia", "Los")
    stage.fan_signs(contact)
    rejected(stage, 1, stage.now - timedelta(days=50))
    stage.drop("applications", applied("a2", "c2", "j2", stage.now - timedelta(days=50)))
    closed(stage, stage.now - timedelta(days=29))
    stage.sync()
    assert stage.properties(contact)
    return contact


def ended(stage: Stage) -> tuple[int, int]:
    """How many people were due in the last run, and how many of them were erased."""
    assert stage.outcome is not None
    return stage.outcome.ended.due, stage.outcome.ended.erased


def proposed(stage: Stage) -> list[tuple[str, str]]:
    """Records that are proposed for erasure."""
    with reading(stage.mirror) as db:
        return [tuple(one.record) for one in retentions.proposals(db)]


def test_the_full_read_erases_who_is_due_and_proposes_the_rest(stage: Stage, jan: str) -> None:
    stage.sync(full=True)

    assert ended(stage) == (1, 1)
    assert b"Smitsma" not in stage.mirror.read_bytes()
    assert proposed(stage) == [("ats", "c1"), ("hubspot", jan)]
    assert not any(stage.properties(jan).values())
    again = stage.sync(full=True)
    assert again["complete"] and ended(stage) == (0, 0)
    assert again["people"]["candidates"] == 1
    assert b"Smitsma" not in stage.mirror.read_bytes()


def told(stage: Stage, *args: str) -> dict[str, Any]:
    """`retention --json`."""
    ended = command(stage, "retention", *args, "--json")
    assert ended.exit_code == 0, ended.output
    report: dict[str, Any] = json.loads(ended.stdout)
    return report


def test_who_is_due_and_why_is_told_before_and_after(stage: Stage, jan: str) -> None:
    before = told(stage)
    stage.sync(full=True)
    after = told(stage)

    until = (stage.now - timedelta(days=1)).astimezone(UTC)
    since = until - timedelta(days=28)
    records = [
        {"source": "ats", "remote_id": "c1", "would": "erase_by_hand"},
        {"source": "hubspot", "remote_id": jan, "would": "gdpr_delete"},
    ]
    assert before == {
        "people": [
            {
                "person_id": before["people"][0]["person_id"],
                "name": "Jan Smitsma",
                "state": "due",
                "because": "procedure",
                "since": to_text(since),
                "ends_at": to_text(until),
                "records": records,
            }
        ],
        "proposals": [],
    }
    erased_at = to_text(stage.now.astimezone(UTC))
    assert after == {
        "people": [],
        "proposals": [{"ended_at": to_text(until), "erased_at": erased_at, "records": records}],
    }


@pytest.mark.parametrize("is_erased", [True, False], ids=["after the full read", "before it"])
def test_confirmed_by_a_person_the_contact_is_deleted_for_good(stage: Stage, jan: str, is_erased: bool) -> None:
    if is_erased:
        stage.sync(full=True)

    ended = command(stage, "retention", "--confirm", f"hubspot:{jan}", "--json")

    assert ended.exit_code == 0, ended.output
    assert json.loads(ended.stdout) == {
        "erased_here": not is_erased,
        "contacts": {jan: "deleted"},
        "left": ["ats:c1"],
    }
    assert "cannot be undone" in ended.stderr
    assert stage.portal.stores["contacts"].get(jan, archived=None) is None
    assert proposed(stage) == [("ats", "c1")]
    assert b"Smitsma" not in stage.mirror.read_bytes()
    assert stage.sync()["complete"]


def soon(stage: Stage, closed_days_ago: int) -> str:
    """Jan, rejected; his vacancy closed that long ago."""
    contact = stage.person(1, "Jan", "Smitsma")
    rejected(stage, 1, stage.now - timedelta(days=closed_days_ago + 20))
    closed(stage, stage.now - timedelta(days=closed_days_ago))
    return contact


def test_a_week_before_it_ends_a_to_do_asks_for_consent_or_a_goodbye(stage: Stage) -> None:
    jan = soon(stage, 20)
    stage.sync()
    assert stage.tasks(jan) == []
    stage.later(days=1)

    stage.sync()

    (task,) = stage.tasks(jan)
    assert task.properties["hs_task_type"] == "TODO"
    assert task.properties["hs_task_subject"] == "Vraag toestemming of neem afscheid: Jan Smitsma (vóór 1 dec)"
    assert "De procedure Kok is voorbij" in task.properties["hs_task_body"]


def test_consent_that_comes_in_takes_the_to_do_away_and_keeps_the_person(stage: Stage) -> None:
    jan = soon(stage, 26)
    stage.sync()
    assert [one.archived_at for one in stage.tasks(jan)] == [None]
    until = stage.now + timedelta(days=100)
    stage.drop("candidates", candidate("c1", "Jan", "Smitsma", consent_expires_at=until.isoformat()))

    stage.sync()
    stage.later(days=30)
    stage.sync(full=True)

    assert all(one.archived_at for one in stage.tasks(jan))
    assert ended(stage) == (0, 0)
    stage.at(until)
    stage.sync(full=True)
    assert ended(stage) == (1, 1)


def test_a_later_application_brings_the_person_back_and_withdraws_the_proposal(stage: Stage, jan: str) -> None:
    stage.sync(full=True)
    assert proposed(stage)
    stage.later(days=2)
    stage.drop("applications", applied("a9", "c1", "j2", stage.now))
    stage.drop("candidates", candidate("c1", "Jan", "Smitsma"))

    report = stage.sync()

    assert report["people"]["candidates"] == 2
    assert proposed(stage) == []
    assert {one[:2] for one in stage.links("ats:c1")} == {("ats", "c1"), ("hubspot", jan)}


def test_too_many_at_once_are_erased_only_after_somebody_looked(stage: Stage, jan: str) -> None:
    stage.set(GUARDS__ERASE_PEOPLE="1", GUARDS__ERASE_SHARE="0.3")

    stopped = stage.sync(full=True)

    assert stopped["complete"] and ended(stage) == (0, 0)
    (note,) = [one for one in stage.notes if "retention" in one]
    assert "The retention of 1 of 2 people ended; the most erased at once is 30%. Nobody was erased." in note
    assert "WARMLINE_GUARDS__ERASE_SHARE" in note
    stage.set(GUARDS__ERASE_SHARE="1")
    stage.sync(full=True)
    assert ended(stage) == (1, 1)


@pytest.mark.parametrize("why", ["switched off", "an increment", "a source that fails"])
def test_nobody_is_erased_where_it_is_off_or_not_everything_was_read(stage: Stage, jan: str, why: str) -> None:
    if why == "switched off":
        stage.set(RETENTION__ERASE="false")
    if why == "a source that fails":
        stage.portal.faults.add(Fault("status", r"/owners", times=99, status=500))

    stage.sync(full=why != "an increment")

    assert ended(stage) == (0, 0), stage.outcome
    assert b"Smitsma" in stage.mirror.read_bytes()


def lies_in_the_bin(stage: Stage, contact: str) -> None:
    stage.portal.stores["contacts"].remove(contact)


def is_a_customer(stage: Stage, contact: str) -> None:
    stage.portal.record("contacts", contact).properties["lifecyclestage"] = "customer"


@pytest.mark.parametrize(
    ("change", "outcome", "code"),
    [
        (lies_in_the_bin, "gone", 0),
        (is_a_customer, "kept: it is a customer, or has a deal", 3),
    ],
)
def test_a_contact_is_looked_at_once_more_before_it_is_deleted(
    stage: Stage, jan: str, change: Callable[[Stage, str], None], outcome: str, code: int
) -> None:
    stage.sync(full=True)
    change(stage, jan)

    ended = command(stage, "retention", "--confirm", jan, "--json")

    assert (ended.exit_code, json.loads(ended.stdout)["contacts"]) == (code, {jan: outcome})
    assert (("hubspot", jan) in proposed(stage)) is (code == 3)


def test_an_answer_that_got_lost_is_asked_again_and_the_audit_tells_all(stage: Stage, jan: str) -> None:
    stage.sync(full=True)
    stage.portal.faults.add(Fault("drop_after", r"gdpr-delete"))

    lost = command(stage, "retention", "--confirm", jan, "--json")
    again = command(stage, "retention", "--confirm", jan, "--json")

    assert (lost.exit_code, json.loads(lost.stdout)["contacts"]) == (3, {jan: "unknown"})
    assert (again.exit_code, json.loads(again.stdout)["contacts"]) == (0, {jan: "gone"})
    with reading(stage.mirror) as db:
        lines = [one for one in audit.lines_since(db, stage.now - timedelta(days=1)) if one.event == "retention"]
    assert [(one.actor, one.outcome) for one in lines] == [
        ("warmline", "erased"),
        ("person", "gdpr_delete_asked"),
        ("person", "gdpr_unknown"),
        ("person", "gdpr_gone"),
    ]


@pytest.mark.parametrize(
    ("who", "env", "told"),
    [
        ("p1", {"WRITES__ENABLED": "false"}, "writes.enabled: is false, so nothing is deleted in HubSpot."),
        ("lia.los@example.com", {}, "is somebody whose retention did not end. Nothing was deleted."),
        ("99", {}, "is nobody, or not one person only, whose retention ended. Nothing was deleted."),
    ],
)
def test_only_who_is_due_is_deleted_and_only_where_writing_is_on(
    stage: Stage, jan: str, who: str, env: dict[str, str], told: str
) -> None:
    ended = command(stage, "retention", "--confirm", who, **env)

    assert isinstance(ended.exception, ConfigError)
    assert told in str(ended.exception)
    assert len(stage.portal.stores["contacts"].records) == 2


def test_a_record_erased_in_the_ats_by_hand_is_proposed_no_more(stage: Stage, jan: str) -> None:
    stage.sync(full=True)

    ended = command(stage, "retention", "--done", "ats:c1")

    assert (ended.exit_code, ended.stdout) == (0, "ats:c1 is proposed no more.\n")
    assert proposed(stage) == [("hubspot", jan)]
    assert isinstance(command(stage, "retention", "--done", "ats:c1").exception, ConfigError)
