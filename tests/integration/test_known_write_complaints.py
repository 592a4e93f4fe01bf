"""What people complain of in other sync tools about writing, one test a complaint, each through whole runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.store import INTEGRATION
from tests.integration.conftest import Stage, candidate


def made_by_warmline(stage: Stage) -> list[str]:
    """E-mail addresses of the contacts an integration made, in order."""
    records = stage.portal.stores["contacts"].records.values()
    return [one.properties["email"] for one in records if one.source.type == INTEGRATION.type]


def test_a_contact_that_search_did_not_show_yet_is_linked_and_not_made_again(stage: Stage) -> None:
    stage.set(WRITES__CREATE_CONTACTS="all")
    stage.drop("candidates", candidate("c1", "Jan", "de Vries"))
    stage.sync()
    stage.portal.search_lag_s = 3_600
    made = stage.portal.create_by_hand(
        "contacts", {"firstname": "Jan", "lastname": "de Vries", "email": "jan.devries@example.com"}
    )
    stage.later(minutes=5)
    report = stage.sync(confirm_create=1)

    assert report["actions"]["create_contact"] == {
        "planned": 0,
        "applied": 0,
        "withheld": 1,
        "deferred": 0,
        "dead": 0,
    }
    assert [one.id for one in stage.portal.stores["contacts"].records.values()] == [made.id]
    assert ("hubspot", made.id) in {one[:2] for one in stage.links("ats:c1")}


def test_an_answer_of_200_complete_in_which_nothing_is_confirmed_is_no_success(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    body = {"status": "COMPLETE", "results": []}
    stage.portal.plan_fault("status", "/contacts/batch/update", status=200, body=body, times=2)
    said = stage.sync()
    between = stage.properties(jan)
    stage.later(hours=2)
    after = stage.sync()

    assert (said["complete"], said["actions"]["update_contact"]["applied"], between) == (False, 0, {})
    assert (after["complete"], after["actions"]["update_contact"]["applied"]) == (True, 1)
    assert stage.properties(jan)["warmline_candidate_id"] == "ats:c1"


@pytest.mark.parametrize("refused_as", ["row", "batch"])
def test_one_address_hubspot_refuses_does_not_keep_the_others_from_being_made(stage: Stage, refused_as: str) -> None:
    stage.set(WRITES__CREATE_CONTACTS="all")
    names = ("Jan", "Lia", "Kees", "Noa", "Bo")
    for number, first in enumerate(names):
        email = "lia.vos@example.com.e" if first == "Lia" else ""
        stage.drop("candidates", candidate(f"c{number}", first, "Vos", email))
    if refused_as == "batch":
        body = {"status": "error", "category": "VALIDATION_ERROR", "message": "Property values were not valid"}
        stage.portal.plan_fault("status", "/contacts/batch/create", status=400, body=body)
    report = stage.sync(confirm_create=9)

    made = [f"{name}.vos@example.com" for name in ("bo", "jan", "kees", "noa")]
    assert sorted(made_by_warmline(stage)) == made
    assert report["actions"]["create_contact"] == {
        "planned": 5,
        "applied": 4,
        "withheld": 0,
        "deferred": 0,
        "dead": 1,
    }
    assert stage.outcome is not None
    assert stage.outcome.reasons == ["1 writes were refused for good: warmline failures"]


@pytest.mark.parametrize("status", [423, 429, 503])
def test_a_row_that_failed_is_tried_again_and_written(stage: Stage, status: int) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.plan_fault("status", "/contacts/batch/update", status=status, times=40)
    failed = stage.sync()
    before = stage.properties(jan)
    stage.portal.faults.clear()
    for _ in range(6):
        stage.later(hours=2)
        stage.sync()

    assert (failed["complete"], before) == (False, {})
    assert stage.properties(jan)["warmline_candidate_id"] == "ats:c1"


def test_an_update_of_a_contact_that_is_gone_makes_no_contact(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    stage.sync(writes=False)
    stage.portal.gdpr_delete(jan)
    report = stage.sync()

    assert report["actions"]["update_contact"]["applied"] == report["actions"]["update_contact"]["dead"] == 0
    assert (stage.portal.stores["contacts"].records, stage.tasks()) == ({}, [])


def test_what_a_recruiter_typed_still_stands_ten_minutes_later_and_every_ten_minutes_after(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.form(jan, stage.now - timedelta(days=1))
    stage.sync()
    stage.portal.edit("contacts", jan, {"warmline_why": "belt zelf terug", "warmline_score": "77"})
    seen = set()
    for _ in range(6):
        stage.later(minutes=10)
        stage.visit(jan, 0)
        stage.portal.click(jan)
        stage.sync()
        seen.add((stage.properties(jan)["warmline_why"], stage.properties(jan)["warmline_score"]))

    assert seen == {("belt zelf terug", "77")}
    assert stage.properties(jan)["warmline_band"] == "warm"  # what nobody typed is kept up to date
