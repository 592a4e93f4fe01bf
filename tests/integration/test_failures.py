"""Writes that fail: refused ones wait for a person, put-off ones come back later and later, and neither holds up the
others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox import batch, values
from sandbox.errors import ApiError, invalid_property
from sandbox.schema import Property
from sync.bootstrap import open_view
from sync.core.model import OutboxState
from sync.reports.mending import failure_report
from sync.store import failures, outbox
from tests.integration.conftest import Stage, candidate

BUSY = {"status": "error", "category": "LOCKED", "message": "Try again later"}
Refuse = Callable[[str], None]


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """HubSpot refuses every value that holds this word; '' ends it."""
    words: list[str] = [""]
    canonical = values.canonical

    def checked(definition: Property, raw: Any) -> str:
        if words[0] and words[0] in str(raw):
            raise invalid_property(definition.name, f"{raw} will not do", "INVALID_STRING")
        return canonical(definition, raw)

    monkeypatch.setattr(values, "canonical", checked)
    return lambda word: words.__setitem__(0, word)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """HubSpot falls over (500) on every request that holds this word; nothing of it is done."""
    words: list[str] = []
    write_rows = batch._write_rows

    def falls_over(state: Any, type_: str, rows: Any, write: Any) -> Any:
        if any(word in str(rows) for word in words):
            raise ApiError(500, "internal error", None)
        return write_rows(state, type_, rows, write)

    monkeypatch.setattr(batch, "_write_rows", falls_over)
    return words.append


def failed(stage: Stage) -> list[dict[str, Any]]:
    """`failures --json`: refused."""
    with open_view(stage.app()) as view:
        return [failure_report(row) for row in failures.list_dead(view.db)]


def waiting(stage: Stage) -> list[dict[str, Any]]:
    """`failures --json`: waiting for long."""
    with open_view(stage.app()) as view:
        return [failure_report(row) for row in failures.list_stubborn(view.db, view.now)]


def states(stage: Stage, *wanted: OutboxState) -> list[tuple[str, int, str | None]]:
    """Kind, tries and next moment of the rows in these states."""
    with open_view(stage.app()) as view:
        rows = outbox.list_rows(view.db, wanted)
        return [(row.kind.value, row.attempts, row.not_before and row.not_before.strftime("%H:%M")) for row in rows]  # type: ignore[misc]


def retry(stage: Stage, key: str = "") -> failures.Retried:
    """`retry --key` or `retry --all`."""
    app = stage.app()
    db = app.open_mirror()
    with db.write():
        done = failures.retry(db, failures.find(db, key), app.clock.now())
    db.close()
    return done


def crowd(stage: Stage, number: int) -> list[str]:
    """So many people in both systems, none ever seen; their contacts."""
    names = [(f"Jan{index}", f"Dreef{index}") for index in range(number)]
    stage.drop("candidates", *(candidate(f"c{index}", *name) for index, name in enumerate(names)))
    return [stage.contact(*name) for name in names]


# -- one row that HubSpot refuses does not hold up the others


def test_one_refused_update_lets_249_others_through(stage: Stage, refuse: Refuse) -> None:
    contacts = crowd(stage, 250)
    refuse("ats:c77")
    report = stage.sync(share=1.0)

    written = [one for one in contacts if "warmline_candidate_id" in stage.properties(one)]
    assert report["actions"]["update_contact"] | {"planned": 250} == {
        "planned": 250,
        "applied": 249,
        "withheld": 0,
        "deferred": 0,
        "dead": 1,
    }
    assert set(contacts) - set(written) == {contacts[77]}


def test_one_refused_contact_lets_249_others_be_made(stage: Stage, refuse: Refuse) -> None:
    stage.set(WRITES__CREATE_CONTACTS="all")
    names = [(f"Jan{index}", f"Dreef{index}") for index in range(250)]
    stage.drop("candidates", *(candidate(f"c{index}", *name) for index, name in enumerate(names)))
    refuse("jan77.dreef77@")
    report = stage.sync(share=1.0, confirm_create=250)

    assert report["actions"]["create_contact"]["applied"] == 249
    assert [(one["kind"], one["reason"]) for one in failed(stage)] == [
        ("create_contact", "VALIDATION_ERROR / INVALID_STRING: email")
    ]


def test_one_refused_task_lets_249_others_be_made(stage: Stage, refuse: Refuse) -> None:
    stage.set(CONTACT__NEW_TASKS_A_DAY="500", CONTACT__OPEN_TASKS="500", GUARDS__NEW_TASKS="500")
    for contact in crowd(stage, 250):
        stage.fan_signs(contact)
    refuse("Jan77 ")
    report = stage.sync(share=1.0)

    assert report["actions"]["create_task"]["applied"] == 249
    assert [one["kind"] for one in failed(stage)] == ["create_task"]
    assert len(stage.tasks()) == 249


def test_an_update_that_breaks_every_request_it_is_in_ends_up_alone(stage: Stage, broken: Refuse) -> None:
    contacts = crowd(stage, 120)
    broken("ats:c77")
    stage.set(GUARDS__PLAN_SHARE="1")
    left = []
    for _ in range(5):
        stage.sync()
        left.append(len([one for one in contacts if "warmline_candidate_id" not in stage.properties(one)]))
        stage.later(hours=2)

    assert left[0] > 1 and left[-1] == 1
    assert [(one["state"], one["kind"]) for one in waiting(stage)] == [("UNKNOWN", "update_contact")]
    assert failed(stage) == []


# -- refused for good


def test_a_refused_write_is_told_in_hubspots_words_and_makes_one_run_incomplete(stage: Stage, refuse: Refuse) -> None:
    contacts = crowd(stage, 3)
    refuse("ats:c1")
    first, reasons = stage.sync(share=1.0), stage.outcome and stage.outcome.reasons
    stage.later(minutes=15)
    second = stage.sync()

    [row] = failed(stage)
    assert (first["complete"], second["complete"]) == (False, True)
    assert reasons == ["1 writes were refused for good: warmline failures"]
    assert row | {"key": "", "person_id": ""} == {
        "key": "",
        "state": "DEAD",
        "kind": "update_contact",
        "contact_id": contacts[1],
        "person_id": "",
        "play": None,
        "properties": [f"warmline_{name}" for name in ("band", "candidate_id", "why")],
        "reason": "VALIDATION_ERROR / INVALID_STRING: warmline_candidate_id",
        "attempts": 1,
        "since": "2026-11-23T08:00:00.000Z",
        "next_at": None,
    }


def test_a_refused_write_goes_again_after_retry_and_leaves_no_failure(stage: Stage, refuse: Refuse) -> None:
    jan = crowd(stage, 2)[0]
    refuse("ats:c0")
    stage.sync(share=1.0)
    [row] = failed(stage)
    refuse("")
    stage.later(minutes=15)
    idle = stage.sync()
    done = retry(stage, row["key"][:12])
    report = stage.sync()

    assert idle["actions"].get("update_contact", {}).get("applied", 0) == 0
    assert (done.again, done.replaced) == ((row["key"],), ())
    assert report["complete"] and failed(stage) == []
    assert stage.properties(jan)["warmline_candidate_id"] == "ats:c0"


def test_a_retried_write_is_compared_again(stage: Stage, refuse: Refuse) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.form(jan)
    refuse("Formulier")
    stage.sync(share=1.0)
    refuse("")
    stage.portal.edit("contacts", jan, {"warmline_why": "eigen woorden"})
    retry(stage)
    stage.later(minutes=15)
    stage.sync()

    assert failed(stage) == []
    assert stage.properties(jan)["warmline_why"] == "eigen woorden"
    assert [name for _, name, _, _ in stage.conflicts()] == ["warmline_why"]


def test_a_write_that_is_refused_again_and_again_is_tried_once_a_day_and_stays_one_failure(
    stage: Stage, refuse: Refuse
) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.form(jan)
    refuse("stand ")
    dead = []
    for _ in range(12):  # four runs a day, news before each
        dead.append(stage.sync(share=1.0)["actions"].get("update_contact", {}).get("dead", 0))
        stage.portal.reply(jan)
        stage.visit(jan, 0)
        stage.later(hours=6)

    assert dead == [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]  # Monday 9:00, then each night at 3:00
    assert len(failed(stage)) == 1


def test_the_same_content_is_not_tried_again_by_itself(stage: Stage, refuse: Refuse) -> None:
    crowd(stage, 1)
    refuse("ats:c0")
    stage.sync(share=1.0)
    stage.writes()
    for _ in range(3):
        stage.later(days=1)
        with_news = stage.drop("candidates", candidate("c0", "Jan0", "Dreef0", origin="news"))
        assert with_news.exists()
        stage.sync()

    assert stage.writes() == 0
    assert len(failed(stage)) == 1


def test_a_contact_whose_address_was_corrected_is_made_the_next_day(stage: Stage, refuse: Refuse) -> None:
    stage.set(WRITES__CREATE_CONTACTS="all")
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", "jan@wrong.example.com"))
    refuse("wrong.example")
    stage.sync(share=1.0, confirm_create=1)
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", "jan@right.example.com"))
    stage.later(days=1)
    stage.sync(share=1.0, confirm_create=1)

    made = [one.properties["email"] for one in stage.portal.stores["contacts"].live()]
    assert (made, failed(stage)) == (["jan@right.example.com"], [])


def test_a_refused_task_that_is_not_wanted_any_more_is_withdrawn_by_the_run_after_retry(
    stage: Stage, refuse: Refuse
) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    refuse("Jan de Vries")
    stage.sync(share=1.0)
    kinds = [one["kind"] for one in failed(stage)]
    refuse("")
    stage.portal.happen("optout", jan)
    retry(stage)
    stage.later(minutes=15)
    stage.sync()

    assert (kinds, failed(stage), stage.tasks()) == (["create_task"], [], [])


def test_a_refused_create_that_was_sent_before_is_looked_up_before_it_goes_again(stage: Stage, refuse: Refuse) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    refuse("Jan de Vries")
    stage.sync(share=1.0)
    refuse("")
    [row] = failed(stage)
    app = stage.app()
    db = app.open_mirror()
    with db.write():  # as if an earlier try had gone without an answer
        db.change("UPDATE outbox SET attempts = 2 WHERE key = ?", (row["key"],))
    db.close()
    retry(stage)
    looked_up = states(stage, OutboxState.UNKNOWN)
    report = stage.sync()

    assert looked_up == [("create_task", 2, "08:00")]
    assert report["complete"] and len(stage.tasks()) == 1


# -- put off


def test_a_write_that_is_put_off_waits_longer_each_time_and_is_not_tried_before(stage: Stage) -> None:
    stage.person(1, "Jan", "de Vries")
    stage.portal.plan_fault("status", "contacts/batch/update", times=1000, status=423, body=BUSY)
    tries = []
    for _ in range(16):  # half a minute apart
        stage.sync(share=1.0)
        [(_, attempts, until)] = states(stage, OutboxState.DEFERRED)
        tries.append((attempts, until))
        stage.later(minutes=0.5)

    assert list(dict.fromkeys(tries)) == [(1, "08:01"), (2, "08:03"), (3, "08:07"), (4, "08:15")]
    assert [one["attempts"] for one in waiting(stage)] == [4]


def test_a_write_that_is_put_off_for_days_is_not_given_up(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.plan_fault("status", "contacts/batch/update", times=1000, status=423, body=BUSY)
    for _ in range(4):
        stage.sync(share=1.0)
        stage.later(days=1)
    stage.portal.faults.clear()
    report = stage.sync()

    assert (report["complete"], failed(stage), waiting(stage)) == (True, [], [])
    assert stage.properties(jan)["warmline_candidate_id"] == "ats:c1"


def test_a_task_that_is_put_off_overnight_is_meant_for_the_day_it_is_made(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    stage.portal.plan_fault("status", "tasks/batch/create", times=1000, status=423, body=BUSY)
    stage.sync(share=1.0)
    stage.later(days=1)
    stage.portal.faults.clear()
    stage.sync()

    [task] = stage.tasks()
    assert task.properties["hs_timestamp"].startswith("2026-11-24")


def test_retry_makes_a_write_that_was_put_off_due_now(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.plan_fault("status", "contacts/batch/update", times=1000, status=423, body=BUSY)
    stage.sync(share=1.0)
    stage.portal.faults.clear()
    waits = stage.sync()
    retry(stage)
    report = stage.sync()

    assert (waits["complete"], report["complete"]) == (False, True)
    assert stage.properties(jan)["warmline_candidate_id"] == "ats:c1"
