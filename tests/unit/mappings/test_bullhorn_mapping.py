"""Bullhorn's rows as the model. Payloads after docs/vendor-facts.md."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mappings.bullhorn import Mapper, field_lists, to_candidate, to_user
from mappings.rules import is_forbidden
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import ConfigError, InvalidRecord

DAY = 86_400_000
START = 1_761_955_200_000  # 2025-11-01 00:00 UTC
SUBMISSION = {
    "id": "901",
    "candidate_id": "5059165",
    "jobOrder_id": "1003",
    "status": "Interview Scheduled",
    "source": "LinkedIn",
    "dateAdded": START,
    "dateWebResponse": START,
    "dateLastModified": START + 3 * DAY,
    "isDeleted": False,
    "history": [f"{START} New Lead", f"{START + DAY} Client Submission", f"{START + 3 * DAY} Interview Scheduled"],
    "placements": [],
}
CANDIDATE = {
    "id": "5059165",
    "firstName": "Sanne",
    "lastName": "van de Haterd",
    "email": "sanne@example.org",
    "email2": "s.haterd@example.com",
    "mobile": "+31612345678",
    "source": "LinkedIn",
    "owner.email": "Eva@example.com",
    "massMailOptOut": True,
    "isAnonymized": False,
    "isDeleted": False,
    "dateAdded": START,
    "dateLastModified": START + DAY,
}


def at(day: int) -> datetime:
    return datetime(2025, 11, day, tzinfo=UTC)


def submitted(mapper: Mapper | None = None, **changes: Any) -> Application:
    return (mapper or Mapper()).to_application({**SUBMISSION, **changes})


def through(*statuses: str, **more: Any) -> Application:
    """A submission that went through statuses, one a day from the first of November on."""
    history = [f"{START + place * DAY} {status}" for place, status in enumerate(statuses)]
    return submitted(status=statuses[-1], history=history, **more)


def own_words(folder: Path, text: str) -> Mapper:
    path = folder / "words.toml"
    path.write_text(text, encoding="utf-8")
    return Mapper(path)


def test_a_candidate_is_mapped_whole() -> None:
    assert to_candidate(CANDIDATE) == Candidate(
        remote_id="5059165",
        first_name="Sanne",
        last_name="van de Haterd",
        email_addresses=("sanne@example.org", "s.haterd@example.com"),
        phone_numbers=("+31612345678",),
        created_at=at(1),
        updated_at=at(2),
        origin="LinkedIn",
        owner_email="eva@example.com",
        can_email=False,
    )


def test_without_a_word_on_mailing_it_stays_unknown() -> None:
    assert to_candidate({**CANDIDATE, "massMailOptOut": None}).can_email is None


def test_a_deleted_candidate_is_gone_since_the_last_change() -> None:
    assert to_candidate({**CANDIDATE, "isDeleted": True}).deleted_at == at(2)


def test_of_an_anonymised_candidate_only_dates_are_left() -> None:
    found = to_candidate({**CANDIDATE, "firstName": "Anonymized", "isAnonymized": True})

    assert found == Candidate(remote_id="5059165", created_at=at(1), updated_at=at(2), anonymised_at=at(2))


def test_a_web_response_that_went_on_is_mapped_whole() -> None:
    assert submitted() == Application(
        remote_id="901",
        candidate_id="5059165",
        job_id="1003",
        status="active",
        applied_at=at(1),
        stage_id="interview_scheduled",
        stage_entered_at=at(4),
        origin="LinkedIn",
        updated_at=at(4),
    )


@pytest.mark.parametrize("status", ["Client Rejected", "Internally Rejected", "Afgewezen door klant"])
def test_a_rejection_has_its_moment_and_the_stage_before_it_and_nobody_was_told(status: str) -> None:
    found = through("New Lead", "Client Submission", status)

    assert (found.status, found.rejected_at, found.told_at) == ("rejected", at(3), None)
    assert (found.stage_id, found.stage_entered_at, found.reject_reason) == ("client_submission", at(2), None)


def test_a_rejection_counts_from_its_first_word() -> None:
    assert through("New Lead", "Internally Rejected", "Client Rejected").rejected_at == at(2)


def test_who_came_back_after_a_rejection_is_running() -> None:
    found = through("New Lead", "Client Rejected", "Interview Scheduled")

    assert (found.status, found.rejected_at, found.stage_id) == ("active", None, "interview_scheduled")


def test_a_withdrawal_is_no_rejection() -> None:
    found = through("New Lead", "Candidate Withdrew")

    assert (found.status, found.rejected_at) == ("withdrawn", None)


def test_a_status_like_placed_is_a_hire_since_it_was_given() -> None:
    found = through("New Lead", "Offer Extended", "Placed")

    assert (found.status, found.hired_at) == ("hired", at(3))


def test_a_placement_is_a_hire_whatever_the_status_says() -> None:
    found = submitted(placements=[f"{START + 5 * DAY} Approved"])

    assert (found.status, found.hired_at, found.stage_id) == ("hired", at(6), "interview_scheduled")


def test_a_placement_that_came_to_nothing_is_none() -> None:
    assert submitted(placements=[f"{START + 5 * DAY} Cancelled"]).status == "active"


def test_a_submission_that_was_never_a_web_response_is_a_prospect() -> None:
    found = through("Client Submission", "Interview Scheduled", dateWebResponse=None)

    assert (found.status, found.applied_at, found.stage_id) == ("prospect", None, "interview_scheduled")


def test_the_longlist_is_no_stage() -> None:
    found = through("Longlist", dateWebResponse=None)

    assert (found.status, found.stage_id, found.stage_entered_at) == ("prospect", None, None)


def test_who_applied_and_is_on_the_longlist_is_running() -> None:
    assert through("New Lead", "Longlist").status == "active"


def test_a_company_without_moments_of_web_responses_has_them_in_the_history() -> None:
    found = through("New Lead", "Client Submission", dateWebResponse=None)

    assert (found.status, found.applied_at) == ("active", at(1))


@pytest.mark.parametrize("history", [{}, {"history": []}])
def test_without_a_history_nothing_is_guessed(history: dict[str, Any]) -> None:
    known = {key: value for key, value in SUBMISSION.items() if key not in ("history", "dateWebResponse")}

    found = Mapper().to_application({**known, **history})

    assert (found.status, found.applied_at, found.stage_entered_at) == ("active", None, None)
    assert found.stage_id == "interview_scheduled"


def test_a_status_the_history_does_not_have_yet_is_the_one_that_counts() -> None:
    found = submitted(status="Client Rejected")

    assert (found.status, found.rejected_at, found.stage_id) == ("rejected", None, "interview_scheduled")


def test_of_a_deleted_submission_nothing_but_its_ids_is_kept() -> None:
    found = submitted(isDeleted=True)

    assert found == Application(remote_id="901", candidate_id="5059165", job_id="1003", updated_at=at(4))


def test_a_job_has_the_statuses_that_end_nothing_as_stages() -> None:
    statuses = ["New Lead", "Longlist", "Client Submission", "Interview Scheduled", "Client Rejected", "Placed"]
    raw = {
        "id": "1003",
        "title": "Verpleegkundige",
        "status": "Accepting Candidates",
        "isOpen": True,
        "isPublic": 1,
        "isDeleted": False,
        "owner.email": "eva@example.com",
        "dateAdded": START,
        "dateClosed": START + DAY,
        "stages": [{"name": status} for status in statuses],
    }

    assert Mapper().to_job(raw) == Job(
        remote_id="1003",
        name="Verpleegkundige",
        status="open",
        recruiter_email="eva@example.com",
        opened_at=at(1),
        stages=(
            JobStage("new_lead", "1003", "New Lead", "applied", 0),
            JobStage("client_submission", "1003", "Client Submission", "screening", 1),
            JobStage("interview_scheduled", "1003", "Interview Scheduled", "interview", 2),
            JobStage("placed", "1003", "Placed", "hired", 3),
        ),
    )


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"status": "Accepting Candidates", "isOpen": True}, "open"),
        ({"status": "Accepting Candidates", "isOpen": False}, "closed"),
        ({"status": "Filled", "isOpen": True}, "closed"),
        ({"status": "Iets eigens", "isOpen": True}, "open"),
        ({"status": "Iets eigens"}, "unknown"),
        ({"status": "Archive", "isOpen": False}, "archived"),
        ({"status": "Accepting Candidates", "isOpen": True, "isDeleted": True}, "archived"),
    ],
)
def test_a_job_is_open_as_its_status_and_its_flag_say(told: dict[str, Any], status: str) -> None:
    assert Mapper().to_job({"id": "1", **told}).status == status


@pytest.mark.parametrize(("public", "confidential"), [(1, False), (0, True), (-1, True), (None, False)])
def test_a_job_that_is_not_published_is_confidential(public: int | None, confidential: bool) -> None:
    assert Mapper().to_job({"id": "1", "isPublic": public}).confidential is confidential


@pytest.mark.parametrize(
    ("flags", "active"), [({}, True), ({"enabled": False}, False), ({"enabled": True, "isDeleted": True}, False)]
)
def test_a_user_is_active_unless_disabled_or_deleted(flags: dict[str, Any], active: bool) -> None:
    found = to_user({"id": "7", "name": "Eva Jansen", "email": "Eva@example.com", **flags})

    assert found == AtsUser(remote_id="7", name="Eva Jansen", email="eva@example.com", active=active)


def test_a_companys_own_words_come_first(tmp_path: Path) -> None:
    words = own_words(
        tmp_path, '[words.ended]\nrejected = ["Geen match"]\nwithdrawn = ["client rejected"]\n[words.stage_kind]\n'
    )

    assert submitted(words, status="Geen match").status == "rejected"
    assert submitted(words, status="Client Rejected").status == "withdrawn"
    assert submitted(words, status="Internally Rejected").status == "rejected"
    assert words.version != Mapper().version


@pytest.mark.parametrize(
    "text",
    [
        '[words.endings]\nrejected = ["x"]',
        '[words.ended]\nlost = ["x"]',
        '[words.ended]\nrejected = "x"',
        '[words]\nended = "x"',
        '[candidates]\nx = "y"',
    ],
)
def test_words_that_mean_nothing_are_refused_with_what_is_known(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"words\.ended\.rejected"):
        own_words(tmp_path, text)


@pytest.mark.parametrize("line", ["x New Lead", "99999999999999999999 New Lead"])
def test_a_moment_that_cannot_be_names_the_field_only(line: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        submitted(history=[line])

    assert (caught.value.field, caught.value.reason) == ("history", "not milliseconds since 1970")


def test_nothing_that_may_never_be_read_is_in_the_mapping() -> None:
    names = {name for fields in field_lists().values() for name in fields}

    assert [name for name in names if is_forbidden(name)] == []
