"""Story 7: a contact is made when somebody asked for it by number, once, and never beside one that exists."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync.errors import PlanTooLarge
from tests.integration.conftest import SAM, Stage, applied, candidate


def applicants(stage: Stage, *names: str) -> None:
    """Candidates with two fresh applications each, an open day and two more days, hot at once, and no contact."""
    stage.drop("jobs", {"id": "j1", "name": "Verzorgende IG", "status": "open", "recruiter_email": SAM})
    for number, first in enumerate(names):
        who = f"c{number}"
        stage.drop("candidates", candidate(who, first, "Vos", phone_numbers=["06-12345678"], name_infix="de"))
        rows = [applied(f"a{number}{ago}", who, "j1", stage.now - timedelta(days=ago)) for ago in (1, 2)]
        stage.drop("applications", *rows)


def contacts(stage: Stage) -> dict[str, dict[str, str]]:
    """Every contact by id."""
    return {one.id: one.properties for one in stage.portal.stores["contacts"].records.values()}


@pytest.mark.parametrize("create, confirm", [("never", 5), ("applicants", None)])
def test_no_contact_is_made_unless_it_is_both_allowed_and_confirmed(
    stage: Stage, create: str, confirm: int | None
) -> None:
    stage.set(WRITES__CREATE_CONTACTS=create)
    applicants(stage, "Jan")
    report = stage.sync(confirm_create=confirm)

    assert contacts(stage) == {}
    assert report["complete"]
    assert stage.outcome is not None
    assert stage.outcome.waiting_creates == (1 if create == "applicants" else 0)


def test_a_confirmed_applicant_becomes_one_contact_linked_scored_and_answered_in_the_same_run(stage: Stage) -> None:
    stage.set(WRITES__CREATE_CONTACTS="applicants")
    applicants(stage, "Jan")
    stage.drop("candidates", candidate("c9", "Lia", "Los"))  # never applied
    report = stage.sync(confirm_create=1)

    [(contact, shown)] = contacts(stage).items()
    assert {name: shown[name] for name in ("email", "firstname", "lastname", "phone", "warmline_candidate_id")} == {
        "email": "jan.vos@example.com",
        "firstname": "Jan",
        "lastname": "de Vos",
        "phone": "06-12345678",
        "warmline_candidate_id": "ats:c0",
    }
    assert (shown["warmline_band"], shown["warmline_score"]) == ("hot", "73")
    [task] = stage.tasks(contact)
    assert task.properties["hs_task_subject"] == "Eerste reactie Verzorgende IG: 1 wacht, 1 uiterlijk wo 25 nov"
    assert ("hubspot", contact) in {one[:2] for one in stage.links("ats:c0")}
    assert {kind: count for kind, counts in report["actions"].items() if (count := counts["applied"])} == {
        "create_contact": 1,
        "update_contact": 1,
        "create_task": 1,
    }
    stage.writes()
    stage.later(minutes=30)
    stage.sync(confirm_create=1)
    assert stage.writes() == 0
    assert len(contacts(stage)) == 1


def test_more_contacts_than_confirmed_stops_before_anything_is_written(stage: Stage) -> None:
    stage.set(WRITES__CREATE_CONTACTS="applicants")
    applicants(stage, "Jan", "Piet", "Lia")
    with pytest.raises(PlanTooLarge) as stopped:
        stage.sync(confirm_create=2)

    assert "creates 3 contacts, 2 were confirmed" in str(stopped.value)
    assert "--confirm-create 3" in stopped.value.fix
    assert (contacts(stage), stage.writes()) == ({}, 0)


@pytest.mark.parametrize("first, linked", [("Jan", True), ("Bram", False)])
def test_a_contact_that_exists_under_a_secondary_address_is_matched_or_reviewed_never_doubled(
    stage: Stage, first: str, linked: bool
) -> None:
    stage.set(WRITES__CREATE_CONTACTS="applicants")
    applicants(stage, "Jan")
    stage.sync()
    # made a moment before the write: the mirror has not seen it
    existing = stage.contact(
        first, "Vos", "anders@example.com", hs_additional_emails="jan.vos@example.com", lastmodifieddate=""
    )
    report = stage.sync(confirm_create=1)

    assert list(contacts(stage)) == [existing]
    assert report["actions"]["create_contact"] == {
        "planned": 0,
        "applied": 0,
        "withheld": 1,
        "deferred": 0,
        "dead": 0,
    }
    assert report["complete"]
    if linked:
        assert ("hubspot", existing, "email_first_name") in stage.links("ats:c0")
        assert stage.properties(existing)["warmline_candidate_id"] == "ats:c0"
    else:
        assert stage.open_reviews() == [("c0", existing, "email_only")]
        assert stage.properties(existing) == {}
    stage.later(minutes=30)
    assert stage.sync(confirm_create=5)["actions"]["create_contact"]["planned"] == 0


def test_nobody_is_made_a_contact_while_a_review_about_them_is_open(stage: Stage) -> None:
    stage.set(WRITES__CREATE_CONTACTS="all")
    other = stage.contact("Bram", "Vos", "jan.vos@example.com")
    stage.drop("candidates", candidate("c0", "Jan", "Vos"))
    stage.sync(confirm_create=5)

    assert list(contacts(stage)) == [other]
    assert stage.open_reviews() == [("c0", other, "email_only")]


def test_two_applicants_on_one_address_become_no_pair_of_contacts(stage: Stage) -> None:
    stage.set(WRITES__CREATE_CONTACTS="all")
    stage.drop("candidates", candidate("c0", "Jan", "Vos", "fam@example.com"))
    stage.drop("candidates", candidate("c1", "Lia", "Vos", "fam@example.com"))
    stage.sync(confirm_create=2)
    stage.later(minutes=30)
    stage.sync(confirm_create=2)

    assert len(contacts(stage)) == 1
    stage.writes()
    stage.later(minutes=30)
    assert stage.sync(confirm_create=2)["complete"]
    assert stage.writes() == 0  # not tried again and again


def test_without_the_id_property_a_created_contact_is_still_made_once(bare: Stage) -> None:
    bare.set(WRITES__CREATE_CONTACTS="applicants")
    applicants(bare, "Jan")
    bare.portal.plan_fault("drop_after", "/contacts/batch/create")
    bare.sync(confirm_create=1)
    for minutes in (10, 10, 10):
        bare.later(minutes=minutes)
        bare.sync(confirm_create=1)

    [contact] = contacts(bare)
    assert ("hubspot", contact) in {one[:2] for one in bare.links("ats:c0")}


def test_a_create_whose_answer_was_lost_is_found_and_not_made_again(stage: Stage) -> None:
    stage.set(WRITES__CREATE_CONTACTS="applicants")
    applicants(stage, "Jan")
    stage.portal.plan_fault("drop_after", "/contacts/batch/create")
    stage.sync(confirm_create=1)
    stage.later(minutes=10)
    stage.sync(confirm_create=1)
    stage.later(minutes=10)
    stage.sync(confirm_create=1)

    [contact] = contacts(stage)
    assert len(stage.tasks(contact)) == 1
