"""What a source erased itself: a candidate the ATS anonymised, a contact HubSpot deleted for privacy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.conftest import Stage, applied, candidate
from tests.integration.test_forget import forget, raw, told


@pytest.fixture
def jan(stage: Stage) -> str:
    """Jan, known on both sides, with visits, a call task and an application that ended; and Lia."""
    stage.person(2, "Lia", "Los")
    contact = stage.person(1, "Jan", "Smitsma", phone="+31612345678")
    stage.fan_signs(contact)
    stage.sync()
    stage.drop("applications", applied("a1", "c1", "j1", stage.now - timedelta(days=3)))
    stage.later(hours=1)
    stage.sync()
    assert stage.tasks(contact)
    return contact


def anonymised(stage: Stage, number: str) -> dict[str, object]:
    return candidate(number, "", "", "", email_addresses=[], anonymised_at=stage.now.isoformat())


def test_a_candidate_the_ats_anonymised_leaves_and_hubspot_is_cleared(stage: Stage, jan: str) -> None:
    stage.later(hours=1)
    stage.drop("candidates", anonymised(stage, "c1"))

    report = stage.sync()

    kept = stage.tables("candidate", "application", "stage_transition")
    assert [row[:5] for row in kept["candidate"] if row[1] == "c1"] == [("ats", "c1", None, None, None)]
    assert (kept["application"], kept["stage_transition"]) == ([], [])
    assert (report["complete"], report["people"]["contacts"], report["people"]["linked"]) == (True, 2, 1)
    assert set(stage.properties(jan).values()) <= {""}
    assert all(task.archived_at for task in stage.tasks(jan))


def test_what_the_ats_anonymised_does_not_come_in_again_and_costs_nothing(stage: Stage, jan: str) -> None:
    stage.later(hours=1)
    stage.drop("candidates", anonymised(stage, "c1"))
    stage.sync()
    stage.later(hours=1)
    stage.drop("applications", applied("a1", "c1", "j1", stage.now - timedelta(days=3), status="rejected"))
    stage.writes()

    report = stage.sync()

    assert told(report, "ats.applications") == (1, 1)
    assert stage.tables("application")["application"] == []
    assert stage.writes() == 0


def test_who_has_another_living_candidate_is_not_erased(stage: Stage, jan: str) -> None:
    stage.drop("candidates", candidate("c3", "Jan", "Smitsma"))
    stage.sync()
    for candidate_id, contact, _ in stage.open_reviews():
        stage.rule(candidate_id, contact, "accepted")
    stage.sync()
    both = {one[:2] for one in stage.links(jan)}
    stage.later(hours=1)
    stage.drop("candidates", anonymised(stage, "c1"))

    stage.sync()

    assert both == {("ats", "c1"), ("ats", "c3"), ("hubspot", jan)}
    assert stage.properties(jan)["warmline_candidate_id"]
    assert stage.tables("erasure") == {"erasure": []}


def test_a_contact_hubspot_erased_leaves_and_the_candidate_stays(stage: Stage, jan: str) -> None:
    stage.portal.gdpr_delete(jan)
    stage.later(days=1)

    report = stage.sync(full=True)

    assert (report["complete"], report["people"]["contacts"], report["people"]["candidates"]) == (True, 1, 2)
    tables = stage.tables("contact", "touch_day", "activity", "contact_counter", "baseline", "task", "outbox")
    assert [name for name, rows in tables.items() if any(jan in str(row) for row in rows)] == []
    assert {one[:2] for one in stage.links("ats:c1")} == {("ats", "c1")}


def test_a_contact_in_the_recycle_bin_keeps_its_past_and_comes_back(stage: Stage, jan: str) -> None:
    stage.portal.archive("contacts", jan)
    stage.later(days=1)
    stage.sync(full=True)
    gone = stage.tables("contact_counter")["contact_counter"]
    stage.portal.restore("contacts", jan)
    stage.later(days=1)

    report = stage.sync(full=True)

    assert jan in str(gone)
    assert report["people"]["contacts"] == 2
    assert {one[:2] for one in stage.links(jan)} == {("ats", "c1"), ("hubspot", jan)}


def test_forgetting_after_hubspot_erased_the_contact_still_forgets_the_candidate(stage: Stage, jan: str) -> None:
    stage.portal.gdpr_delete(jan)
    stage.later(days=1)
    stage.sync(full=True)

    report = forget(stage, "ats:c1")

    assert (report["exit_code"], report["hits"]) == (0, 0)
    assert raw(stage, "Smitsma", "smitsma") == []
