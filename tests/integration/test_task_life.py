"""How a task goes on after it was made: completed, archived, handed over; and never against a person's edit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from mappings.hubspot_tasks import marker_of
from sandbox.store import Record
from tests.integration.conftest import NOOR, SAM, Stage, applied, candidate

CHANGES = ("update_task", "complete_task", "archive_task")


def fan(stage: Stage, number: int = 1, first: str = "Jan", **properties: str) -> tuple[str, Record]:
    """Somebody with a call task that was just made; contact and task."""
    contact = stage.person(number, first, "de Vries", **properties)
    stage.fan_signs(contact)
    stage.sync()
    [task] = stage.tasks(contact)
    stage.later(minutes=30)
    return contact, task


def two_fans(stage: Stage) -> tuple[str, Record, str, Record]:
    """Two people with a call task, the second made a day later: contact and task, contact and task."""
    lia = stage.person(2, "Lia", "de Vries")
    stage.portal.form(lia, stage.now - timedelta(days=3))
    stage.portal.click(lia, stage.now - timedelta(days=2))
    jan, first = fan(stage)
    stage.later(days=1)
    stage.visit(lia, 0.01)
    stage.later(minutes=10)
    stage.sync()
    [second] = stage.tasks(lia)
    return jan, first, lia, second


def done(stage: Stage) -> dict[str, int]:
    """One run; how many of each change of a task were applied, those that were."""
    report = stage.sync()
    return {kind: count for kind in CHANGES if (count := report["actions"][kind]["applied"])}


def look(stage: Stage, task: Record) -> tuple[str, str, bool]:
    """Status, owner, and whether the task is in the recycle bin."""
    found = stage.portal.record("tasks", task.id)
    return found.properties["hs_task_status"], found.properties["hubspot_owner_id"], bool(found.archived_at)


def assert_quiet(stage: Stage) -> None:
    """The runs that follow write nothing."""
    stage.writes()
    for minutes in (2, 40):
        stage.later(minutes=minutes)
        assert stage.sync()["complete"]
    assert stage.writes() == 0


ACTS: dict[str, Callable[[Stage, str], object]] = {
    "call": lambda stage, jan: stage.portal.log_call(jan, disposition="no_answer"),
    "meeting": lambda stage, jan: stage.portal.log_meeting(jan, outcome="COMPLETED"),
    "email": lambda stage, jan: stage.portal.log_email(jan, direction="out"),
    "whatsapp": lambda stage, jan: stage.portal.log_message(jan, channel="whatsapp"),
}


@pytest.mark.parametrize("channel", ACTS)
def test_what_anyone_of_the_team_did_since_completes_the_task_once(stage: Stage, channel: str) -> None:
    jan, task = fan(stage)
    ACTS[channel](stage, jan)
    stage.later(minutes=1)
    [planned] = [one for one in stage.plan() if one["kind"] != "update_contact"]  # a meeting also warms

    assert {name: planned[name] for name in ("kind", "reason", "before", "after")} == {
        "kind": "complete_task",
        "reason": f"acted:{channel}",
        "before": {"hs_object_id": task.id, "hs_task_status": "NOT_STARTED"},
        "after": {"hs_task_status": "COMPLETED"},
    }
    stage.later(minutes=1)
    assert done(stage)["complete_task"] == 1
    assert look(stage, task) == ("COMPLETED", "701", False)
    assert_quiet(stage)
    assert stage.tables("activity")["activity"][1:] == []  # completing it was no contact with anybody


NO_ACTS: dict[str, Callable[[Stage, str], object]] = {
    "a mail that came in": lambda stage, jan: stage.portal.log_email(jan, direction="in"),
    "a call nobody took": lambda stage, jan: stage.portal.log_call(jan, direction="in", disposition="no_answer"),
    "a meeting called off": lambda stage, jan: stage.portal.log_meeting(jan, outcome="CANCELED"),
    "a call before the task": lambda stage, jan: stage.portal.log_call(jan, stage.now - timedelta(hours=2)),
}


@pytest.mark.parametrize("what", NO_ACTS)
def test_what_the_team_did_not_do_with_the_person_leaves_the_task(stage: Stage, what: str) -> None:
    stage.set(PLAYS__UNANSWERED__ENABLED="false")  # which would take the task over for what came in
    jan, task = fan(stage)
    NO_ACTS[what](stage, jan)
    stage.later(minutes=1)

    assert (done(stage), look(stage, task)) == ({}, ("NOT_STARTED", "701", False))


def test_a_meeting_that_is_planned_completes_the_task_when_it_begins(stage: Stage) -> None:
    jan, task = fan(stage)
    stage.portal.log_meeting(jan, start=stage.now + timedelta(hours=3))
    stage.later(minutes=1)

    assert done(stage) == {}
    stage.later(hours=4)
    assert done(stage) == {"complete_task": 1}
    assert look(stage, task)[0] == "COMPLETED"


VANISHED: dict[str, tuple[Callable[[Stage, str], object], str]] = {
    "the play is switched off": (lambda stage, _: stage.set(PLAYS__FAN__ENABLED="false"), "play_off:fan"),
    "a customer by now": (
        lambda stage, jan: stage.portal.edit("contacts", jan, {"lifecyclestage": "customer"}),
        "refused:customer",
    ),
    "no ground to call any more": (lambda stage, _: stage.set(CONTACT__CALL_GROUNDS=""), "refused:no_call_ground"),
    "the candidate is gone": (lambda stage, _: stage.drop("candidates", gone("c1")), "unlinked"),
}


def gone(number: str) -> dict[str, object]:
    return candidate(number, "Jan", "de Vries", deleted_at="2026-11-23T09:00:00+01:00")


@pytest.mark.parametrize("why", VANISHED)
def test_a_task_whose_reason_vanished_is_archived(stage: Stage, why: str) -> None:
    jan, task = fan(stage)
    happen, reason = VANISHED[why]
    happen(stage, jan)
    stage.later(minutes=1)
    [planned] = [one for one in stage.plan() if one["kind"] in CHANGES]

    assert (planned["kind"], planned["reason"], planned["after"]) == ("archive_task", reason, {})
    assert done(stage) == {"archive_task": 1}
    assert look(stage, task) == ("NOT_STARTED", "701", True)
    assert_quiet(stage)


def test_cooling_down_closes_nothing_until_the_task_expires_without_any_news(stage: Stage) -> None:
    _, task = fan(stage)  # due on Monday at 13:00; the spell ends two days later
    applied_on = {}
    for day in ("24T09:00", "25T18:00", "26T12:30", "26T13:30", "27T09:00"):
        stage.at(f"2026-11-{day}")
        applied_on[day] = done(stage)

    assert applied_on == {**dict.fromkeys(applied_on, {}), "26T13:30": {"archive_task": 1}}
    assert look(stage, task)[2]
    assert_quiet(stage)


def test_a_task_due_on_a_friday_expires_on_the_wednesday_after(stage: Stage) -> None:
    stage.at("2026-11-27T09:00")
    fan(stage)
    applied_on = {}
    for day in ("11-30T18:00", "12-01T18:00", "12-02T12:30", "12-02T13:30"):
        stage.at(f"2026-{day}")
        applied_on[day] = done(stage)

    assert applied_on == {**dict.fromkeys(applied_on, {}), "12-02T13:30": {"archive_task": 1}}


OBJECTIONS: dict[str, Callable[[Stage, str], object]] = {
    "do_not_call": lambda stage, jan: stage.portal.edit("contacts", jan, {"warmline_do_not_call": "true"}),
    "no_profiling": lambda stage, jan: stage.portal.edit("contacts", jan, {"warmline_no_profiling": "true"}),
    "opted_out": lambda stage, jan: stage.portal.happen("optout", jan),
}


@pytest.mark.parametrize("refusal", OBJECTIONS)
def test_an_objection_archives_the_task_also_when_a_person_edited_it(bare: Stage, refusal: str) -> None:
    bare.provision(everything=True)
    jan, task = fan(bare)
    bare.portal.edit("tasks", task.id, {"hs_task_subject": "Jan bellen na 17:00", "hs_task_status": "IN_PROGRESS"})
    OBJECTIONS[refusal](bare, jan)
    bare.later(minutes=1)

    assert done(bare) == {"archive_task": 1}
    assert look(bare, task)[2]
    assert_quiet(bare)


def test_the_task_of_an_erased_candidate_is_archived_also_when_a_person_edited_it(stage: Stage) -> None:
    _, task = fan(stage)
    stage.portal.edit("tasks", task.id, {"hs_task_subject": "Jan bellen na 17:00"})
    stage.drop("candidates", candidate("c1", "", "", "x@example.com", anonymised_at="2026-11-23T09:00:00+01:00"))
    stage.later(minutes=1)

    assert done(stage) == {"archive_task": 1}
    assert look(stage, task)[2]


EDITS: dict[str, Callable[[Stage, str], object]] = {
    "subject": lambda stage, task: stage.portal.edit("tasks", task, {"hs_task_subject": "Jan bellen na 17:00"}),
    "body without the marker": lambda stage, task: stage.portal.edit("tasks", task, {"hs_task_body": "Eigen tekst"}),
    "due": lambda stage, task: stage.portal.edit("tasks", task, {"hs_timestamp": "2026-11-24T12:00:00Z"}),
    "taken up": lambda stage, task: stage.portal.edit("tasks", task, {"hs_task_status": "IN_PROGRESS"}),
    "reassigned": lambda stage, task: stage.portal.reassign_task(task, "703"),
    "completed": lambda stage, task: stage.portal.complete_task(task),
    "deleted": lambda stage, task: stage.portal.delete_task(task),
}


@pytest.mark.parametrize("is_pulled", [True, False], ids=["pulled", "younger than the pull"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_task_a_person_edited_or_closed_is_left_alone_and_never_made_again(
    stage: Stage, edit: str, is_pulled: bool
) -> None:
    jan, task = fan(stage, hubspot_owner_id="701")
    stage.portal.edit("contacts", jan, {"hubspot_owner_id": "702"})  # so that warmline would hand it over
    stage.later(minutes=10)
    if not is_pulled:
        stage.sync(writes=False)
    EDITS[edit](stage, task.id)
    after = dict(stage.portal.record("tasks", task.id).properties)
    stage.later(minutes=10 if is_pulled else 0)
    report = stage.sync()
    for _ in range(9):  # the spell lasts, and so long that the task would expire
        stage.later(days=1)
        stage.visit(jan, 0.1)
        stage.sync()

    assert [one.id for one in stage.tasks()] == [task.id]
    assert dict(stage.portal.record("tasks", task.id).properties) == after
    is_withheld = not is_pulled and edit != "deleted"  # a deletion is seen by id, at once
    assert report["actions"]["update_task"]["withheld"] == int(is_withheld)


def test_a_task_a_person_opened_again_after_warmline_completed_it_stays_open(stage: Stage) -> None:
    jan, task = fan(stage)
    stage.portal.log_call(jan)
    stage.later(minutes=1)
    stage.sync()
    stage.portal.edit("tasks", task.id, {"hs_task_status": "NOT_STARTED"})
    stage.later(days=10)
    stage.sync()

    assert look(stage, task) == ("NOT_STARTED", "701", False)


def test_a_task_moves_to_the_recruiter_the_person_has_now_and_back(stage: Stage) -> None:
    jan, task = fan(stage, hubspot_owner_id="701")
    owners = []
    for owner in ("702", "701", "702"):
        stage.portal.edit("contacts", jan, {"hubspot_owner_id": owner})
        stage.later(minutes=10)
        owners.append((done(stage), look(stage, task)[1]))

    assert owners == [({"update_task": 1}, "702"), ({"update_task": 1}, "701"), ({"update_task": 1}, "702")]
    assert stage.portal.record("tasks", task.id).properties["hs_timestamp"] == "2026-11-23T12:00:00.000Z"
    assert_quiet(stage)
    stage.portal.log_call(jan)
    stage.later(minutes=1)
    assert done(stage) == {"complete_task": 1}


def test_a_late_task_of_a_recruiter_who_left_goes_to_another_and_is_due_anew(stage: Stage) -> None:
    _, task = fan(stage, hubspot_owner_id="702")
    stage.later(days=1)
    stage.portal.owners = [one for one in stage.portal.owners if one.email != SAM]
    [planned] = stage.plan()

    assert (planned["before"], planned["after"], planned["reason"]) == (
        {"hs_object_id": task.id, "hubspot_owner_id": "702", "hs_timestamp": "2026-11-23T12:00:00.000Z"},
        {"hubspot_owner_id": "701", "hs_timestamp": "2026-11-24T12:30:00.000Z"},
        "rerouted:701",
    )
    stage.sync()
    assert look(stage, task) == ("NOT_STARTED", "701", False)
    assert_quiet(stage)


def test_after_a_merge_of_two_people_with_a_task_the_younger_untouched_one_goes(stage: Stage) -> None:
    jan, first, lia, second = two_fans(stage)
    survivor = stage.portal.merge(jan, lia).id
    stage.later(minutes=5)

    assert done(stage) == {"archive_task": 1}
    assert [bool(one.archived_at) for one in stage.tasks(survivor)].count(False) == 1
    assert (look(stage, first)[2], look(stage, second)[2]) == (False, True)
    assert_quiet(stage)


def test_after_a_merge_the_task_a_recruiter_edited_is_the_one_that_stays(stage: Stage) -> None:
    jan, first, lia, second = two_fans(stage)
    stage.portal.edit("tasks", second.id, {"hs_task_subject": "Lia bellen na 17:00"})
    stage.portal.merge(jan, lia)
    stage.later(minutes=5)
    stage.sync()

    assert (look(stage, first)[2], look(stage, second)[2]) == (True, False)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "status_after"])
@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_without_an_answer_is_made_once(stage: Stage, kind: str, fault: str) -> None:
    jan, task = fan(stage, hubspot_owner_id="701")
    {
        "update_task": lambda: stage.portal.edit("contacts", jan, {"hubspot_owner_id": "702"}),
        "complete_task": lambda: stage.portal.log_call(jan),
        "archive_task": lambda: stage.portal.edit("contacts", jan, {"lifecyclestage": "customer"}),
    }[kind]()
    stage.later(minutes=1)
    path = "tasks/batch/archive" if kind == "archive_task" else "tasks/batch/update"
    stage.portal.plan_fault(fault, path, times=1)
    for _ in range(3):
        stage.sync()
        stage.later(minutes=10)

    assert (
        look(stage, task)
        == {
            "update_task": ("NOT_STARTED", "702", False),
            "complete_task": ("COMPLETED", "701", False),
            "archive_task": ("NOT_STARTED", "701", True),
        }[kind]
    )
    assert_quiet(stage)


def test_a_rebuilt_mirror_leaves_a_task_that_changed_since_it_was_made_and_goes_on_with_the_others(
    stage: Stage,
) -> None:
    _, edited, _, plain = two_fans(stage)
    stage.portal.edit("tasks", edited.id, {"hs_task_subject": "Jan bellen na 17:00"})
    stage.mirror.unlink()
    stage.later(minutes=1)
    stage.sync()
    stage.later(days=7)
    stage.sync()

    assert (look(stage, edited)[2], look(stage, plain)[2]) == (False, True)
    assert len(stage.tasks()) == 2


@pytest.mark.parametrize("fault", ["", "drop_after"])
def test_a_stronger_play_rewrites_the_task_once_and_the_first_reason_never_comes_back(stage: Stage, fault: str) -> None:
    jan, task = fan(stage)
    before = stage.portal.record("tasks", task.id).properties["hs_task_body"]
    stage.portal.edit("contacts", jan, {"warmline_call_back_at": "2026-11-25T09:00:00Z"})
    stage.later(minutes=10)
    if fault:
        stage.portal.plan_fault(fault, "tasks/batch/update")
    stage.sync()
    after = stage.portal.record("tasks", task.id).properties["hs_task_body"]
    assert_quiet(stage)

    assert (marker_of(before) != marker_of(after), marker_of(after) is not None) == (True, True)
    assert stage.explain(jan)["tasks"][0]["open"]
    stage.portal.log_call(jan)
    stage.portal.edit("contacts", jan, {"warmline_call_back_at": ""})
    for _ in range(12):
        stage.later(days=1)
        stage.visit(jan, 0.1)
        stage.sync()
    assert look(stage, task)[0] == "COMPLETED"
    assert [one.id for one in stage.tasks()] == [task.id]


def test_an_application_at_a_vacancy_of_another_recruiter_takes_the_task_along(stage: Stage) -> None:
    _, task = fan(stage, hubspot_owner_id="701")
    stage.drop("jobs", {"id": "j1", "name": "Verzorgende", "status": "open", "recruiter_email": SAM})
    stage.drop("applications", applied("a1", "c1", "j1", stage.now))
    stage.later(minutes=1)

    assert done(stage) == {"update_task": 1}
    assert look(stage, task)[1] == "702"


def test_pilots_only_get_changes_of_their_own_peoples_tasks(stage: Stage) -> None:
    jan, task = fan(stage, hubspot_owner_id="702")
    stage.set(WRITES__OWNERS=NOOR)
    stage.portal.log_call(jan)
    stage.later(minutes=1)

    assert done(stage) == {}
    stage.portal.edit("contacts", jan, {"warmline_do_not_call": "true"})
    stage.later(minutes=1)
    assert (done(stage), look(stage, task)[2]) == ({"archive_task": 1}, True)


def test_a_deleted_task_makes_room_for_another_reason_in_the_run_that_sees_it(stage: Stage) -> None:
    jan, task = fan(stage)
    stage.portal.delete_task(task.id)
    stage.portal.edit("contacts", jan, {"warmline_call_back_at": "2026-11-25T09:00:00Z"})
    stage.later(minutes=1)
    stage.sync()

    assert [(one.id == task.id, bool(one.archived_at)) for one in stage.tasks(jan)] == [(True, True), (False, False)]
