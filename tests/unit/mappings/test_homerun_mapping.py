"""Homerun's rows as the model. Payloads after docs/vendor-facts.md."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mappings.homerun import field_lists, to_application, to_candidate, to_job
from mappings.rules import is_forbidden
from sync.core.model import Application, Candidate, Job, JobStage
from sync.errors import InvalidRecord

JOB_ID = "job_pvjbDqdSOpO070eLHSvT"
APPLICATION = {
    "id": "ap_D3kCkoClbG6n6KlqD0ob",
    "candidate_id": "p_0123",
    "vacancy_id": JOB_ID,
    "stage_id": f"{JOB_ID}:interview",
    "stage.name": "interview",
    "created_at": "2026-11-01T09:00:00Z",
    "first_reply_at": "2026-11-02T09:00:00Z",
    "hired_at": None,
    "disqualified": False,
    "sourced": False,
    "source.name": "Homerun Career Page",
}
CANDIDATE = {
    "id": "p_0123",
    "first_name": "Noor",
    "last_name": "de Wit",
    "email": "noor@example.org",
    "phone_number": ["0612345678"],
    "source.name": "Homerun Career Page",
    "created_at": "2026-11-01T09:00:00Z",
    "retention_period_ends_at": "2027-11-01T09:00:00Z",
}


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 9, tzinfo=UTC)


def applied(**changes: Any) -> Application:
    return to_application({**APPLICATION, **changes})


def test_a_candidate_is_mapped_whole() -> None:
    assert to_candidate(CANDIDATE) == Candidate(
        remote_id="p_0123",
        first_name="Noor",
        last_name="de Wit",
        email_addresses=("noor@example.org",),
        phone_numbers=("0612345678",),
        origin="Homerun Career Page",
        created_at=at(11, 1),
        consent_expires_at=at(11, 1, 2027),
    )


def test_a_person_without_details_leaves_dates_only() -> None:
    bare = dict.fromkeys(("first_name", "last_name", "email"), None) | {"phone_number": []}

    found = to_candidate({**CANDIDATE, **bare})

    assert (found.remote_id, found.created_at, found.origin) == ("p_0123", at(11, 1), None)
    assert found.anonymised_at is not None


def test_an_application_is_mapped_whole() -> None:
    assert applied() == Application(
        remote_id="ap_D3kCkoClbG6n6KlqD0ob",
        candidate_id="p_0123",
        job_id=JOB_ID,
        status="active",
        applied_at=at(11, 1),
        stage_id=f"{JOB_ID}:interview",
        first_reply_at=at(11, 2),
        origin="Homerun Career Page",
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"disqualified": True}, "rejected"),
        ({"hired_at": "2026-11-20T09:00:00Z"}, "hired"),
        ({"stage.name": "hired"}, "hired"),
        ({"hired_at": "2026-11-20T09:00:00Z", "disqualified": True}, "rejected"),
        ({"sourced": True}, "prospect"),
        ({"sourced": True, "disqualified": True}, "prospect"),
        ({"sourced": True, "hired_at": "2026-11-20T09:00:00Z"}, "hired"),
        ({"disqualified": None, "sourced": None, "stage.name": None}, "active"),
    ],
)
def test_the_status_follows_flags_and_moment_of_hiring(changes: dict[str, Any], status: str) -> None:
    assert applied(**changes).status == status


def test_a_rejection_has_no_moment_no_reason_and_was_told_to_nobody() -> None:
    row = applied(disqualified=True)

    assert (row.rejected_at, row.reject_reason, row.told_at) == (None, None, None)


def test_a_prospect_did_not_apply_and_an_open_application_has_no_job() -> None:
    assert applied(sourced=True).applied_at is None
    assert applied(vacancy_id=None, stage_id=None).job_id is None


@pytest.mark.parametrize(
    ("word", "status", "confidential"),
    [
        ("public", "open", False),
        ("private", "open", True),
        ("closed", "closed", False),
        ("draft", "draft", False),
        ("new word", "unknown", False),
    ],
)
def test_a_vacancy_is_mapped_by_its_status(word: str, status: str, confidential: bool) -> None:
    job = to_job(
        {
            "id": JOB_ID,
            "title": "Verpleegkundige",
            "status": word,
            "location.city": "Utrecht",
            "job_url": "https://acme.example.org/verpleegkundige",
            "application_form_url": "https://acme.example.org/verpleegkundige/apply",
            "created_at": "2026-11-01T09:00:00Z",
            "stages": [{"id": f"{JOB_ID}:new", "name": "new"}, {"id": f"{JOB_ID}:hired", "name": "hired"}],
        }
    )

    assert job == Job(
        remote_id=JOB_ID,
        name="Verpleegkundige",
        status=status,
        confidential=confidential,
        location="Utrecht",
        post_url="https://acme.example.org/verpleegkundige",
        apply_url="https://acme.example.org/verpleegkundige/apply",
        opened_at=at(11, 1),
        stages=(
            JobStage(f"{JOB_ID}:new", JOB_ID, "new", "applied", 0),
            JobStage(f"{JOB_ID}:hired", JOB_ID, "hired", "hired", 1),
        ),
    )


def test_a_row_without_an_id_or_with_an_unreadable_moment_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="id"):
        to_job({"title": "Verpleegkundige"})
    with pytest.raises(InvalidRecord, match="created_at"):
        applied(created_at="yesterday")


def test_nothing_forbidden_is_asked_for() -> None:
    assert [name for names in field_lists().values() for name in names if is_forbidden(name)] == []
