"""Recruitee's rows as the model. Payloads after docs/vendor-facts.md."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mappings import json_rows
from mappings.recruitee import field_lists, to_application, to_candidate, to_job, to_user
from mappings.rules import is_forbidden
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.core.names import first_names_agree, full_name
from sync.errors import InvalidRecord

APPLIED = "2026-11-20T09:00:00.123456Z"
CANDIDATE = {
    "id": "47628534",
    "name": "Sanne van de Haterd",
    "emails": ["sanne@example.org", "sanne@example.org"],
    "phones": ["+31612345678"],
    "source": "career_site",
    "admin.email": "Noor@Example.org",
    "created_at": "2026-02-07T07:09:08.809894Z",
    "updated_at": "2026-11-07T07:09:47.246854Z",
    "gdpr_expires_at": "2027-02-07T00:00:00.000000Z",
}
PLACEMENT = {
    "id": "50538859",
    "candidate_id": "47628534",
    "offer_id": "1209656",
    "stage_id": "901",
    "created_at": APPLIED,
    "updated_at": APPLIED,
    "offer.kind": "job",
    "candidate.source": "career_site",
}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def placed(**changes: Any) -> Application:
    return to_application({**PLACEMENT, **changes})


def test_a_candidate_is_mapped_whole() -> None:
    assert to_candidate(CANDIDATE) == Candidate(
        remote_id="47628534",
        first_name="Sanne",
        last_name="van de Haterd",
        email_addresses=("sanne@example.org",),
        phone_numbers=("+31612345678",),
        created_at=datetime(2026, 2, 7, 7, 9, 8, 809894, UTC),
        updated_at=datetime(2026, 11, 7, 7, 9, 47, 246854, UTC),
        origin="career_site",
        owner_email="noor@example.org",
        consent_expires_at=datetime(2027, 2, 7, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Sanne van de Haterd", "Sanne", "van de Haterd"),
        ("sanne bakker", "sanne", "bakker"),  # as registered
        ("Anna Maria Jansen", "Anna", "Maria Jansen"),  # nobody can know where the first names end
        ("Sanne", "Sanne", None),
        ("Haterd, Sanne van de", None, "Haterd, Sanne van de"),
        ("van de Haterd", None, "van de Haterd"),
        ("'t Hartog", None, "'t Hartog"),
        ("S. Bakker", None, "S. Bakker"),
        ("  Zoë   de  Wit ", "Zoë", "de Wit"),
        ("", None, None),
    ],
)
def test_one_name_field_is_not_guessed_apart(name: str, first: str | None, last: str | None) -> None:
    found = to_candidate({"id": "1", "name": name})

    assert (found.first_name, found.name_infix, found.last_name) == (first, None, last)
    assert full_name(found.first_name, found.name_infix, found.last_name) == " ".join(name.split())


def test_a_double_first_name_still_agrees_with_the_other_system() -> None:
    found = to_candidate({"id": "1", "name": "Anna Maria Jansen"})

    assert first_names_agree(found.first_name.lower() if found.first_name else "", "anna maria")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "Anonymized candidate", "emails": [], "phones": []}, datetime(2026, 11, 7, 7, 9, 47, 246854, UTC)),
        ({"anonymized_at": "2026-11-08T00:00:00Z"}, at(8, 0)),
        ({"name": "Anonymous Bosch"}, None),  # a person with an address is a person
    ],
)
def test_an_anonymised_candidate_has_nothing_left(changes: dict[str, Any], expected: datetime | None) -> None:
    found = to_candidate({**CANDIDATE, **changes})

    assert found.anonymised_at == expected
    assert (found.email_addresses == ()) is (expected is not None)


def test_a_tombstone_is_a_deleted_candidate() -> None:
    found = to_candidate({"id": "8", "deleted_at": "2026-11-24T07:50:00.000000Z", "admin.email": None})

    assert found == Candidate(remote_id="8", deleted_at=at(24, 7, 50))


def test_one_odd_number_does_not_cost_the_person() -> None:
    found = to_candidate({**CANDIDATE, "phones": ["=1+1 (werk)", None, "+31 6 1234 (privé)"]})

    assert found.phone_numbers == ("=1+1 (werk)", "+31 6 1234 (privé)")


def test_an_active_placement_is_mapped_whole() -> None:
    assert placed() == Application(
        remote_id="50538859",
        candidate_id="47628534",
        job_id="1209656",
        status="active",
        applied_at=datetime(2026, 11, 20, 9, 0, 0, 123456, UTC),
        stage_id="901",
        origin="career_site",
        updated_at=datetime(2026, 11, 20, 9, 0, 0, 123456, UTC),
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "active"),
        ({"hired_at": "2026-11-22T09:00:00Z"}, "hired"),
        ({"disqualified_at": "2026-11-22T09:00:00Z"}, "rejected"),  # without a reason
        ({"disqualified_at": "2026-11-22T09:00:00Z", "disqualify_reason": "Onvoldoende ervaring"}, "rejected"),
        ({"disqualified_at": "2026-11-22T09:00:00Z", "disqualify_reason": "Candidate withdrew"}, "withdrawn"),
        ({"disqualified_at": "2026-11-22T09:00:00Z", "disqualify_reason": "Heeft zich teruggetrokken"}, "withdrawn"),
        ({"offer.kind": "talent_pool"}, "prospect"),
        ({"offer.kind": "talent_pool", "disqualified_at": "2026-11-22T09:00:00Z"}, "prospect"),
        ({"offer.kind": None}, "unknown"),  # the offer is not visible to the token
    ],
)
def test_a_placement_has_one_status(changes: dict[str, Any], status: str) -> None:
    assert placed(**changes).status == status


def test_a_rejection_is_dated_and_nobody_was_told_by_it() -> None:
    found = placed(disqualified_at="2026-11-22T09:00:00Z", disqualify_reason="Te ver")

    assert (found.rejected_at, found.reject_reason, found.told_at) == (at(22, 9), "Te ver", None)


def test_a_prospect_did_not_apply() -> None:
    found = placed(**{"offer.kind": "talent_pool", "candidate.last_message_at": "2026-11-22T09:00:00Z"})

    assert (found.applied_at, found.first_reply_at) == (None, None)


@pytest.mark.parametrize(
    ("last_message_at", "hired_at", "first_reply_at"),
    [
        (None, None, None),
        ("2026-11-19T09:00:00Z", None, None),  # before applying: about something else
        ("2026-11-20T09:01:00Z", None, None),  # the automatic confirmation
        ("2026-11-21T09:00:00Z", None, at(21, 9)),
        ("2026-11-23T09:00:00Z", "2026-11-22T09:00:00Z", at(22, 9)),  # the earliest evidence
    ],
)
def test_a_message_or_a_hire_shows_that_somebody_reacted(
    last_message_at: str | None, hired_at: str | None, first_reply_at: datetime | None
) -> None:
    found = placed(**{"candidate.last_message_at": last_message_at, "hired_at": hired_at})

    assert found.first_reply_at == first_reply_at


def test_a_job_is_mapped_whole() -> None:
    raw = {
        "id": "1209656",
        "title": "Recruiter",
        "kind": "job",
        "status": "published",
        "recruiter.email": "noor@example.org",
        "location": "Amsterdam",
        "careers_url": "https://acme.recruitee.example/o/recruiter",
        "published_at": "2026-11-01T00:00:00Z",
        "updated_at": "2026-11-02T00:00:00Z",
        "stages": [{"id": "901", "name": "Applied", "position": 0, "category": "apply"}],
    }

    assert to_job(raw) == Job(
        remote_id="1209656",
        name="Recruiter",
        status="open",
        recruiter_email="noor@example.org",
        location="Amsterdam",
        post_url="https://acme.recruitee.example/o/recruiter",
        opened_at=at(1, 0),
        stages=(JobStage("901", "1209656", "Applied", "applied", 0),),
    )


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("published", ("open", False)),
        ("internal", ("open", True)),  # not public: its name stays out of HubSpot
        ("closed", ("closed", False)),
        ("draft", ("draft", False)),
        ("archived", ("archived", False)),
        ("something new", ("unknown", False)),
        (None, ("unknown", False)),
    ],
)
def test_a_job_has_one_status(status: str | None, expected: tuple[str, bool]) -> None:
    found = to_job({"id": "1", "status": status})

    assert (found.status, found.confidential) == expected


@pytest.mark.parametrize(
    ("category", "name", "kind"),
    [
        ("apply", "Inbox", "applied"),
        ("phone_screen", "Gesprek", "screening"),  # the category goes first
        ("interview", "x", "interview"),
        ("offer", "x", "offer"),
        ("hire", "x", "hired"),
        (None, "Nieuw", "applied"),
        (None, "Gesolliciteerd", "applied"),
        (None, "Telefonisch gesprek", "screening"),
        (None, "Phone screen", "screening"),
        (None, "1e gesprek", "interview"),
        (None, "Kennismaking", "interview"),
        (None, "Arbeidsvoorwaarden", "offer"),
        (None, "Contract getekend", "hired"),
        (None, "Aangenomen", "hired"),
        (None, "Wachtkamer", "other"),
        ("custom", "Interview", "interview"),
        (None, None, "other"),
    ],
)
def test_a_stage_has_one_kind(category: str | None, name: str | None, kind: str) -> None:
    job = to_job({"id": "1", "stages": [{"id": "2", "name": name, "category": category}]})

    assert job.stages[0].kind == kind


@pytest.mark.parametrize(
    ("raw", "user"),
    [
        ({"name": "Noor V", "email": "Noor@Example.org"}, AtsUser("3", "Noor V", "noor@example.org")),
        ({"first_name": "Noor", "last_name": "V"}, AtsUser("3", "Noor V")),
        ({"name": "Noor V", "first_name": "Noor", "last_name": "V"}, AtsUser("3", "Noor V")),
        ({"active": False}, AtsUser("3", active=False)),
    ],
)
def test_a_user_is_mapped_from_either_spelling_of_the_name(raw: dict[str, Any], user: AtsUser) -> None:
    assert to_user({"id": "3", **raw}) == user


@pytest.mark.parametrize("to_row", [to_user, to_candidate, to_job, to_application])
def test_a_row_without_an_id_is_refused(to_row: Any) -> None:
    with pytest.raises(InvalidRecord, match="id"):
        to_row({"name": "Sanne"})


def test_an_unreadable_moment_is_refused_without_its_value() -> None:
    with pytest.raises(InvalidRecord) as caught:
        placed(disqualified_at="ooit, zei Sanne")

    assert (caught.value.field, "Sanne" in str(caught.value)) == ("disqualified_at", False)


def test_no_forbidden_field_is_asked_for() -> None:
    asked = [name for names in field_lists().values() for name in names]

    assert [name for name in asked if is_forbidden(name)] == []
    assert set(field_lists()) == set(json_rows.NOUNS)
