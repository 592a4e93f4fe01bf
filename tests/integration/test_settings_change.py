"""Story 9: changed settings act on people about whom there is no news."""

from __future__ import annotations

from sandbox.directory import Owner
from tests.integration.conftest import NOOR, SAM, Stage, candidate


def test_a_call_ground_switched_on_makes_the_tasks_that_waited_for_it(stage: Stage) -> None:
    stage.set(CONTACT__CALL_GROUNDS="")
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    stage.sync()
    stage.set(CONTACT__CALL_GROUNDS="consent")
    stage.later(minutes=5)
    stage.sync()

    [task] = stage.tasks(jan)
    assert "Bellen mag: toestemming." in task.properties["hs_task_body"].split("<br>")


def test_properties_provisioned_later_are_filled_for_everyone(bare: Stage) -> None:
    bare.fan_signs(jan := bare.person(1, "Jan", "de Vries"))
    bare.sync()
    before = (bare.properties(jan), len(bare.tasks(jan)), bare.notes)
    bare.provision()
    bare.later(minutes=5)
    bare.sync()

    assert before[:2] == ({}, 1)
    assert before[2] == ["8 contact properties are missing, what needs them is off: run `warmline provision`"]
    assert bare.properties(jan)["warmline_band"] == "warm"
    assert bare.notes == []


def test_a_recruiter_added_to_the_list_gets_the_tasks_of_their_people(stage: Stage) -> None:
    stage.set(ROUTING__RECRUITERS=NOOR, ROUTING__FALLBACK_OWNER="")
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries", hubspot_owner_id="702"))
    stage.sync()
    before = stage.refusals(jan)
    stage.set(ROUTING__RECRUITERS=f"{NOOR},{SAM}")
    stage.later(minutes=5)
    stage.sync()

    assert before == ["no_recruiter"]
    assert [one.properties["hubspot_owner_id"] for one in stage.tasks(jan)] == ["702"]


def test_an_owner_who_comes_back_gets_the_tasks_of_their_people(stage: Stage) -> None:
    stage.set(ROUTING__FALLBACK_OWNER="")
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries", hubspot_owner_id="702"))
    stage.portal.owners[1].archived = True
    stage.sync()
    before = stage.refusals(jan)
    stage.portal.owners[1].archived = False
    stage.later(minutes=5)
    stage.sync()

    assert before == ["no_recruiter"]
    assert [one.properties["hubspot_owner_id"] for one in stage.tasks(jan)] == ["702"]


def test_an_owner_who_is_new_in_hubspot_gets_the_tasks_of_their_people(stage: Stage) -> None:
    stage.set(ROUTING__RECRUITERS=f"{NOOR},eva@team.example.com", ROUTING__FALLBACK_OWNER="")
    stage.fan_signs(jan := stage.contact("Jan", "de Vries"))
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", owner_email="eva@team.example.com"))
    stage.sync()
    stage.portal.owners.append(Owner("704", 9004, "eva@team.example.com", "Eva", "Mol"))
    stage.later(minutes=5)
    stage.sync()

    assert [one.properties["hubspot_owner_id"] for one in stage.tasks(jan)] == ["704"]


def test_an_owner_who_left_between_plan_and_write_gets_no_task_that_then_fails(stage: Stage) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries", hubspot_owner_id="702"))
    stage.sync(writes=False)
    stage.portal.owners[1].archived = True
    stage.later(minutes=5)
    report = stage.sync()

    assert report["actions"]["create_task"]["dead"] == 0
    assert [one.properties["hubspot_owner_id"] for one in stage.tasks(jan)] == ["701"]


def test_a_vacancys_new_recruiter_gets_the_open_task_and_the_one_that_follows(stage: Stage) -> None:
    job = {"id": "j1", "name": "Verzorgende", "status": "open", "recruiter_email": NOOR}
    stage.drop("jobs", job)
    people = {}
    for number, first in enumerate(("Jan", "Lia")):
        people[first] = stage.person(number, first, "Vos")
        stage.drop(
            "applications", {"id": f"a{number}", "candidate_id": f"c{number}", "job_id": "j1", "status": "prospect"}
        )
    stage.fan_signs(people["Jan"])
    stage.fan_signs(people["Lia"])
    stage.set(CONTACT__NEW_TASKS_A_DAY="1")  # one of the two waits
    stage.sync()
    stage.drop("jobs", {**job, "recruiter_email": SAM})
    stage.later(minutes=5)
    stage.sync()

    assert [one.properties["hubspot_owner_id"] for one in stage.tasks()] == ["702", "702"]


def test_a_vacancy_that_became_confidential_is_not_named_in_a_task_planned_before(stage: Stage) -> None:
    job = {"id": "j1", "name": "Directeur", "status": "open"}
    stage.drop("jobs", job)
    stage.fan_signs(jan := stage.person(1, "Jan", "Vos"))
    stage.drop("applications", {"id": "a1", "candidate_id": "c1", "job_id": "j1", "status": "prospect"})
    stage.sync(writes=False)
    stage.drop("jobs", {**job, "confidential": True})
    stage.later(minutes=5)
    stage.sync()

    [task] = stage.tasks(jan)
    assert "Directeur" not in task.properties["hs_task_subject"] + task.properties["hs_task_body"]


def test_other_weights_give_other_scores_at_once(stage: Stage) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    stage.sync()
    stage.set(SCORE__SCALE="1.5")
    stage.later(minutes=5)
    stage.sync()

    assert stage.properties(jan)["warmline_score"] == "70"


def test_a_list_put_in_the_audience_brings_its_members_in_and_out(stage: Stage) -> None:
    from sandbox.directory import ContactList

    lone = stage.contact("Lia", "Los")
    stage.fan_signs(lone)
    stage.portal.lists["31"] = ContactList("31", "Talentpool", members={lone: "2026-11-01T10:00:00Z"})
    stage.sync()
    outside = stage.refusals(lone)
    stage.set(AUDIENCE__INCLUDE="linked,list:31")
    stage.later(minutes=5)
    stage.sync()
    inside = (stage.explain(lone)["score"], len(stage.tasks(lone)))
    stage.portal.lists["31"].members.clear()
    stage.later(minutes=5)
    stage.sync()

    assert (outside, inside) == (["not_in_audience"], (46, 1))
    assert stage.refusals(lone)[0] == "not_in_audience"
