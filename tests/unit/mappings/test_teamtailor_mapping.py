"""Teamtailor's rows as the model. Payloads after docs/vendor-facts.md."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mappings.rules import is_forbidden
from mappings.teamtailor import field_lists, to_application, to_candidate, to_job, to_user
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import InvalidRecord

APPLICATION = {
    "id": "1337",
    "candidate_id": "576",
    "job_id": "7199",
    "stage_id": "22505",
    "created-at": "2026-11-02T10:30:43.910+01:00",
    "updated-at": "2026-11-05T10:30:43.910+01:00",
    "changed-stage-at": "2026-11-04T10:30:43.910+01:00",
    "referring-site": "Indeed",
    "sourced": False,
    "stage.stage-type": "In process",
}
CANDIDATE = {
    "id": "576",
    "first-name": "Sanne",
    "last-name": "van de Haterd",
    "email": "sanne@example.org",
    "phone": "+31612345678",
    "referring-site": "Indeed",
    "unsubscribed": True,
    "created-at": "2026-11-02T10:30:43.910+01:00",
    "updated-at": "2026-11-05T10:30:43.910+01:00",
}


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 9, 30, 43, 910_000, UTC)


def applied(**changes: Any) -> Application:
    return to_application({**APPLICATION, **changes})


def rejected(**more: Any) -> Application:
    return to_application({**APPLICATION, "rejected-at": "2026-11-05T10:30:43.910+01:00", **more})


def test_a_candidate_is_mapped_whole() -> None:
    assert to_candidate(CANDIDATE) == Candidate(
        remote_id="576",
        first_name="Sanne",
        last_name="van de Haterd",
        email_addresses=("sanne@example.org",),
        phone_numbers=("+31612345678",),
        created_at=at(2),
        updated_at=at(5),
        origin="Indeed",
        can_email=False,
    )


@pytest.mark.parametrize(("unsubscribed", "may"), [(True, False), (False, True), (None, None)])
def test_who_unsubscribed_may_not_be_mailed(unsubscribed: bool | None, may: bool | None) -> None:
    assert to_candidate({**CANDIDATE, "unsubscribed": unsubscribed}).can_email is may


def test_an_anonymised_candidate_keeps_no_name() -> None:
    row = {"id": "576", "first-name": "Anonymized", "last-name": "576", "updated-at": CANDIDATE["updated-at"]}

    assert to_candidate(row) == Candidate(remote_id="576", anonymised_at=at(5), updated_at=at(5))


def test_an_application_is_mapped_whole() -> None:
    assert applied() == Application(
        remote_id="1337",
        candidate_id="576",
        job_id="7199",
        stage_id="22505",
        status="active",
        applied_at=at(2),
        updated_at=at(5),
        stage_entered_at=at(4),
        origin="Indeed",
    )


def test_a_hire_is_in_a_stage_of_that_type_since_it_was_entered() -> None:
    found = applied(**{"stage.stage-type": "Hired"})

    assert (found.status, found.hired_at) == ("hired", at(4))


def test_a_sourced_person_is_a_prospect_who_did_not_apply() -> None:
    found = applied(sourced=True)

    assert (found.status, found.applied_at) == ("prospect", None)


@pytest.mark.parametrize(("by_company", "status"), [(True, "rejected"), (False, "withdrawn"), (None, "rejected")])
def test_whose_choice_it_was_stands_with_the_reason(by_company: bool | None, status: str) -> None:
    found = rejected(**{"reject-reason.reason": "Te ver weg", "reject-reason.rejected-by-company": by_company})

    assert (found.status, found.reject_reason, found.rejected_at) == (status, "Te ver weg", at(5))


def test_the_reason_of_older_versions_is_a_text() -> None:
    assert rejected(**{"reject-reason": "Te ver weg"}).reject_reason == "Te ver weg"


def test_a_rejection_is_told_from_the_moment_it_may_show() -> None:
    assert rejected(**{"transparent-recruiting-visible-at": "2026-11-06T10:30:43.910+01:00"}).told_at == at(6)
    assert rejected().told_at is None
    assert applied(**{"transparent-recruiting-visible-at": "2026-11-06T10:30:43.910+01:00"}).told_at is None


def test_a_job_is_mapped_whole_with_its_stages_in_order() -> None:
    stages = [
        {"id": "2", "name": "Kennismaking", "stage-type": "In process", "row-order": 12},
        {"id": "1", "name": "Inbox", "stage-type": "Inbox", "row-order": -4_194_303},
        {"id": "3", "name": "Welkom!", "stage-type": "Hired", "row-order": 99},
    ]
    row = {"id": "7199", "title": "Verpleegkundige", "status": "open", "human-status": "published", "internal": False}
    row |= {"user.login-email": "Noor@example.org", "user.email": "werk@example.org", "stages": stages}
    row |= {"created-at": "2026-11-02T10:30:43.910+01:00", "link.careersite-job-url": "https://werk.example.org/1"}

    assert to_job(row) == Job(
        remote_id="7199",
        name="Verpleegkundige",
        status="open",
        recruiter_email="noor@example.org",
        post_url="https://werk.example.org/1",
        opened_at=at(2),
        stages=(
            JobStage(remote_id="1", job_id="7199", name="Inbox", kind="applied", position=0),
            JobStage(remote_id="2", job_id="7199", name="Kennismaking", kind="interview", position=1),
            JobStage(remote_id="3", job_id="7199", name="Welkom!", kind="hired", position=2),
        ),
    )


@pytest.mark.parametrize(
    ("status", "shown_as", "internal", "wanted"),
    [
        ("open", "published", False, ("open", False)),
        ("open", "expired", False, ("closed", False)),
        ("open", "scheduled", False, ("draft", False)),
        ("archived", None, False, ("archived", False)),
        ("unlisted", "unlisted", False, ("open", True)),
        ("open", "published", True, ("open", True)),
        ("open", "something new", None, ("open", False)),
        ("temp", "unsaved", None, ("draft", False)),
        (None, None, None, ("unknown", False)),
    ],
)
def test_what_the_public_does_not_see_is_confidential(
    status: str | None, shown_as: str | None, internal: bool | None, wanted: tuple[str, bool]
) -> None:
    job = to_job({"id": "1", "title": "X", "status": status, "human-status": shown_as, "internal": internal})

    assert (job.status, job.confidential) == wanted


def test_a_user_has_the_address_of_the_login_first() -> None:
    row = {"id": "1", "name": "Noor Vos", "email": "werk@example.org", "login-email": "noor@example.org"}

    assert to_user(row) == AtsUser(remote_id="1", name="Noor Vos", email="noor@example.org")
    assert to_user({**row, "login-email": None}).email == "werk@example.org"


def test_a_value_of_another_shape_is_refused_by_its_field() -> None:
    with pytest.raises(InvalidRecord) as caught:
        applied(**{"created-at": "gisteren"})

    assert caught.value.field == "created-at"


def test_no_forbidden_field_is_asked_for() -> None:
    asked = [name for names in field_lists().values() for name in names]

    assert [name for name in asked if is_forbidden(name)] == []
