"""Greenhouse's rows as the model. Payloads after docs/vendor-facts.md."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mappings.greenhouse import field_lists, to_application, to_candidate, to_job, to_user
from mappings.rules import is_forbidden
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import InvalidRecord

CANDIDATE = {
    "id": "37031511",
    "first_name": "Noor",
    "last_name": "de Wit",
    "email_addresses": ["noor@example.org", "n.dewit@example.com"],
    "phone_numbers": ["+31612345678"],
    "can_email": False,
    "created_at": "2026-11-01T09:00:00.000Z",
    "updated_at": "2026-11-20T10:00:00.250Z",
}
APPLICATION = {
    "id": "46196263",
    "candidate_id": 37031511,
    "job_id": 107761,
    "job_interview_stage_id": "767358",
    "stage.entered_at": "2026-11-05T09:00:00.000Z",
    "stage_name": "Phone Screen",
    "status": "in_process",
    "prospect": False,
    "created_at": "2026-11-01T09:00:00.000Z",
    "updated_at": "2026-11-20T10:00:00.000Z",
    "source.name": "LinkedIn (Prospecting)",
}


def at(day: int, hour: int, microsecond: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, 0, 0, microsecond, UTC)


def applied(**changes: Any) -> Application:
    return to_application({**APPLICATION, **changes})


def test_a_candidate_is_mapped_whole() -> None:
    assert to_candidate(CANDIDATE) == Candidate(
        remote_id="37031511",
        first_name="Noor",
        last_name="de Wit",
        email_addresses=("noor@example.org", "n.dewit@example.com"),
        phone_numbers=("+31612345678",),
        can_email=False,
        created_at=at(1, 9),
        updated_at=at(20, 10, 250_000),
    )


def test_an_application_is_mapped_whole() -> None:
    assert applied() == Application(
        remote_id="46196263",
        candidate_id="37031511",
        job_id="107761",
        status="active",
        applied_at=at(1, 9),
        stage_id="767358",
        stage_entered_at=at(5, 9),
        origin="LinkedIn (Prospecting)",
        updated_at=at(20, 10),
    )


def test_a_job_is_mapped_whole() -> None:
    raw = {
        "id": "107761",
        "name": "Verpleegkundige",
        "status": "open",
        "confidential": True,
        "recruiter.email": "Eva@Example.org",
        "post.url": "https://jobs.example.org/107761",
        "opened_at": "2026-11-01T09:00:00.000Z",
        "stages": [{"id": "1", "name": "Phone Screen"}, {"id": "2", "name": "Offer"}],
    }

    job = to_job(raw)

    stages = (JobStage("1", "107761", "Phone Screen", "screening", 0), JobStage("2", "107761", "Offer", "offer", 1))
    assert job == Job(
        remote_id="107761",
        name="Verpleegkundige",
        status="open",
        confidential=True,
        recruiter_email="eva@example.org",
        post_url="https://jobs.example.org/107761",
        opened_at=at(1, 9),
        stages=stages,
    )


@pytest.mark.parametrize(
    ("raw", "user"),
    [
        (
            {"id": "1", "name": "Eva Jansen", "primary_email": "Eva@example.org", "deactivated": True},
            AtsUser("1", "Eva Jansen", "eva@example.org", active=False),
        ),
        ({"id": "1", "first_name": "Eva", "last_name": "Jansen"}, AtsUser("1", "Eva Jansen")),
    ],
)
def test_a_user_is_active_unless_deactivated(raw: dict[str, Any], user: AtsUser) -> None:
    assert to_user(raw) == user


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "active"}, "active"),
        ({"status": "hired"}, "hired"),
        ({"status": "rejected", "reason.type": "WE_REJECTED_THEM"}, "rejected"),
        ({"status": "rejected", "reason.type": "NONE_SPECIFIED"}, "rejected"),
        ({"status": "rejected", "reason.type": None}, "rejected"),
        ({"status": "rejected", "reason.type": "THEY_REJECTED_US"}, "withdrawn"),
        ({"prospect": True}, "prospect"),
        ({"prospect": True, "status": "rejected"}, "prospect"),
        ({"status": "converted"}, "prospect"),
        ({"status": "something new"}, "unknown"),
        ({"status": None}, "unknown"),
    ],
)
def test_the_status_follows_word_prospect_and_type_of_reason(changes: dict[str, Any], status: str) -> None:
    assert applied(**changes).status == status


def test_a_rejection_has_moment_and_reason_and_was_told_to_nobody() -> None:
    row = applied(status="rejected", rejected_at="2026-11-19T08:00:00.000Z", **{"reason.name": "Te ver weg"})

    assert (row.rejected_at, row.reject_reason, row.told_at) == (at(19, 8), "Te ver weg", None)


def test_a_rejection_that_was_undone_shows_no_more() -> None:
    row = applied(rejected_at="2026-11-19T08:00:00.000Z", **{"reason.name": "Te ver weg"})

    assert (row.status, row.rejected_at, row.reject_reason) == ("active", None, None)


def test_a_prospect_did_not_apply_and_has_the_one_job_thought_of() -> None:
    row = applied(prospect=True, job_id=None, prospective_job_id="107762")

    assert (row.applied_at, row.job_id) == (None, "107762")


@pytest.mark.parametrize(("stage", "hired_at"), [("Hired", at(5, 9)), ("Offer", None), (None, None)])
def test_the_moment_of_a_hire_is_that_of_a_stage_for_it(stage: str | None, hired_at: datetime | None) -> None:
    assert applied(status="hired", stage_name=stage).hired_at == hired_at


@pytest.mark.parametrize(
    "changes", [{"last_name": "37031511"}, {"last_name": "de Wit", "email_addresses": []}, {"first_name": "ANONYMISED"}]
)
def test_an_anonymised_candidate_keeps_its_dates_only(changes: dict[str, Any]) -> None:
    raw = {**CANDIDATE, "first_name": "Anonymized", "email_addresses": [], **changes}

    assert to_candidate(raw) == Candidate(
        remote_id="37031511", created_at=at(1, 9), updated_at=at(20, 10, 250_000), anonymised_at=at(20, 10, 250_000)
    )


def test_somebody_with_an_address_is_not_anonymised_by_a_first_name_alone() -> None:
    assert to_candidate({**CANDIDATE, "first_name": "Anonymized"}).first_name == "Anonymized"


def test_stages_it_was_in_are_kept_with_their_moments_where_there_is_one() -> None:
    entries = [
        {"id": "70", "entered_at": "2026-11-01T09:00:00.000Z"},
        {"id": "71", "entered_at": None},
        {"id": "72", "entered_at": "2026-11-05T09:00:00.000Z"},
    ]

    assert applied(stage_entries=entries).stage_entries == (("70", at(1, 9)), ("72", at(5, 9)))


def test_a_moment_of_a_stage_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="stage_entries"):
        applied(stage_entries=[{"id": "70", "entered_at": "last week"}])


def test_a_row_without_an_id_or_with_an_unreadable_moment_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="id"):
        to_candidate({"first_name": "Noor"})
    with pytest.raises(InvalidRecord, match="created_at"):
        applied(created_at="yesterday")


def test_nothing_forbidden_is_asked_for() -> None:
    assert [name for names in field_lists().values() for name in names if is_forbidden(name)] == []
