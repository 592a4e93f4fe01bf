"""Whose task it is when the ATS and HubSpot know a recruiter under different addresses, and what doctor says of it."""

from __future__ import annotations

from sync.bootstrap import examine
from sync.bootstrap.session import policy_version
from sync.doctor import Finding
from tests.integration.conftest import NOOR, SAM, Stage, candidate

KIM = "kim@agency.example"
VACANCY = {"id": "j1", "name": "Verzorgende", "status": "open"}


def owners_of(stage: Stage, contact: str) -> list[str]:
    """The owners of somebody's tasks."""
    return [task.properties["hubspot_owner_id"] for task in stage.tasks(contact)]


def found(stage: Stage) -> Finding | None:
    """What doctor says of the ATS's users."""
    return next((one for one in examine(stage.app()) if one.check == "ats users"), None)


def fan_of(stage: Stage, owner_email: str) -> str:
    """A fan whose candidate has this recruiter in the ATS, and whose contact has no owner."""
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", owner_email=owner_email))
    jan = stage.contact("Jan", "de Vries")
    stage.fan_signs(jan)
    return jan


def test_the_owner_the_table_names_gets_the_task(stage: Stage) -> None:
    stage.set(ROUTING__OWNERS=f"{KIM}={SAM}")
    jan = fan_of(stage, KIM.title())
    stage.sync()

    assert owners_of(stage, jan) == ["702"]


def test_an_ats_recruiter_who_is_an_owner_needs_no_table_and_wins_over_it(stage: Stage) -> None:
    stage.set(ROUTING__OWNERS=f"{SAM}={NOOR}")
    jan = fan_of(stage, SAM)
    stage.sync()

    assert owners_of(stage, jan) == ["702"]


def test_when_the_owner_of_the_table_is_deactivated_the_next_in_line_gets_the_task(stage: Stage) -> None:
    stage.set(ROUTING__OWNERS=f"{KIM}={SAM}")
    stage.portal.owners[1].archived = True
    jan = fan_of(stage, KIM)
    stage.sync()

    assert owners_of(stage, jan) == ["701"]


def test_the_table_takes_over_when_an_owner_leaves(stage: Stage) -> None:
    stage.set(ROUTING__OWNERS=f"{NOOR}={SAM}", ROUTING__FALLBACK_OWNER="")
    stage.portal.owners[0].archived = True
    jan = fan_of(stage, NOOR)
    stage.sync()

    assert owners_of(stage, jan) == ["702"]


def test_a_row_put_into_the_table_makes_the_task_that_waited_for_it(stage: Stage) -> None:
    stage.set(ROUTING__FALLBACK_OWNER="")
    jan = fan_of(stage, KIM)
    stage.sync()
    before = stage.refusals(jan)
    stage.set(ROUTING__OWNERS=f"{KIM}={SAM}")
    stage.later(minutes=5)
    stage.sync()

    assert (before, owners_of(stage, jan)) == (["no_recruiter"], ["702"])


def test_another_table_is_another_policy(stage: Stage) -> None:
    versions = set()
    for table in ("", f"{KIM}={SAM}", f"{KIM}={NOOR}"):
        stage.set(ROUTING__OWNERS=table)
        versions.add(policy_version(stage.app().policy("4242", frozenset())))

    assert len(versions) == 3


def test_doctor_says_nothing_of_ats_users_before_there_is_a_mirror(stage: Stage) -> None:
    assert found(stage) is None


def test_doctor_lists_the_ats_users_who_are_nobody_in_hubspot_by_id(stage: Stage) -> None:
    stage.drop(
        "users",
        {"id": "u1", "name": "Noor", "email": NOOR.upper(), "active": True},
        {"id": "u2", "name": "Kim", "email": KIM, "active": True},
        {"id": "u3", "name": "Lea", "active": True},
        {"id": "u4", "name": "Mo", "email": "mo@agency.example", "active": False},
        {"id": "u5", "name": "Ans", "email": "ans@agency.example", "active": False},
    )
    stage.drop(
        "jobs",
        {**VACANCY, "recruiter_email": "ans@agency.example"},
        {**VACANCY, "id": "j2", "recruiter_email": "Eva@agency.example"},
        {**VACANCY, "id": "j3", "status": "closed", "recruiter_email": "old@agency.example"},
    )
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", owner_email="eva@agency.example"))
    stage.drop("candidates", candidate("c2", "Lia", "Los", owner_email="fay@agency.example"))
    stage.sync()
    told = found(stage)

    assert told is not None
    assert (told.status, told.message) == (
        "warning",
        "5 of 6 are no active HubSpot owner, others get their tasks: "
        "user ats:u2, user ats:u3, user ats:u5, vacancy ats:j2, candidate ats:c2",
    )
    assert "routing.owners" in told.fix


def test_doctor_counts_who_the_table_maps_as_mapped_until_that_owner_leaves(stage: Stage) -> None:
    stage.drop("users", {"id": "u2", "name": "Kim", "email": KIM, "active": True})
    stage.set(ROUTING__OWNERS=f"{KIM}={SAM}")
    stage.sync()
    mapped = found(stage)
    stage.portal.owners[1].archived = True
    unmapped = found(stage)

    assert mapped is not None and unmapped is not None
    assert (mapped.status, mapped.message) == ("ok", "all 1 are active HubSpot owners")
    assert (unmapped.status, "user ats:u2" in unmapped.message) == ("warning", True)


def test_doctor_counts_the_absences_of_people_who_are_no_recruiters(stage: Stage) -> None:
    told = []
    for line in (f"{NOOR} 2026-12-21..2027-01-03 {SAM}", f"{NOOR} 2026-12-21 {KIM}"):
        stage.set(ROUTING__ABSENT=line)
        told.append([one.message for one in examine(stage.app()) if one.check == "absence"])

    assert told == [[], ["1 of 2 e-mails in routing.absent are no recruiter's and change nothing"]]
