"""Rows of Salesforce orgs as the model, by preset and by a user's file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mappings.rules import is_forbidden
from mappings.salesforce import PRESETS, Mapper
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import ConfigError, InvalidRecord

CONNEXYS = Mapper("connexys")
APPLIED, CHANGED = datetime(2026, 10, 1, 8, 30, tzinfo=UTC), datetime(2026, 11, 20, 12, 37, 32, tzinfo=UTC)
MOMENTS = {"CreatedDate": "2026-10-01T08:30:00.000+0000", "SystemModstamp": "2026-11-20T12:37:32.000+0000"}
CANDIDATE = {
    "id": "a0B9K00000000GCUAY",
    "cxsrec__First_name__c": "Noor",
    "cxsrec__Last_name__c": "de Wit",
    "cxsrec__E_mail_address__c": "noor@example.org",
    "cxsrec__mobilePhone__c": "06 12345678",
    "cxsrec__Anonymize_status__c": None,
    "Owner.Email": "Sanne@Example.org",
    **MOMENTS,
}
APPLICATION = {
    "id": "a0A9K000004EgTWQA0",
    "cxsrec__Candidate__c": "a0B9K00000000GCUAY",
    "cxsrec__Position__c": "a0w9K0000000001QAA",
    "cxsrec__Workflow_status__c": "a1W9K0000000001UAA",
    "cxsrec__Workflow_status__r.Name": "Uitgenodigd",
    "cxsrec__Workflow_status__r.cxsrec__Active__c": True,
    "cxsrec__Created_from__c": "Form",
    **MOMENTS,
}
STATUS = "cxsrec__Workflow_status__r.Name"


def test_a_user_is_mapped_whole() -> None:
    raw = {"id": "0059K00000AbCdEQAV", "Name": "Sanne Bakker", "Email": "Sanne@Example.org", "IsActive": False}

    assert CONNEXYS.to_user(raw) == AtsUser("0059K00000AbCdEQAV", "Sanne Bakker", "sanne@example.org", False)


def test_a_candidate_is_mapped_whole() -> None:
    assert CONNEXYS.to_candidate(CANDIDATE) == Candidate(
        remote_id="a0B9K00000000GCUAY",
        first_name="Noor",
        last_name="de Wit",
        email_addresses=("noor@example.org",),
        phone_numbers=("06 12345678",),
        created_at=APPLIED,
        updated_at=CHANGED,
        owner_email="sanne@example.org",
    )


def test_of_an_anonymised_candidate_only_moments_are_left() -> None:
    raw = {**CANDIDATE, "cxsrec__Anonymize_status__c": "Anonymized"}

    assert CONNEXYS.to_candidate(raw) == Candidate(
        "a0B9K00000000GCUAY", created_at=APPLIED, updated_at=CHANGED, anonymised_at=CHANGED
    )


@pytest.mark.parametrize(("opted_out", "can_email"), [(True, False), ("true", False), (False, True), (None, None)])
def test_a_contact_that_opted_out_may_not_be_mailed(opted_out: Any, can_email: bool | None) -> None:
    found = Mapper("byner").to_candidate({"id": "003A", "MiddleName": "van der", "HasOptedOutOfEmail": opted_out})

    assert found == Candidate("003A", name_infix="van der", can_email=can_email)


def test_an_application_is_mapped_whole() -> None:
    assert CONNEXYS.to_application(APPLICATION) == Application(
        remote_id="a0A9K000004EgTWQA0",
        candidate_id="a0B9K00000000GCUAY",
        job_id="a0w9K0000000001QAA",
        status="active",
        applied_at=APPLIED,
        stage_id="a1W9K0000000001UAA",
        origin="Form",
        updated_at=CHANGED,
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({STATUS: "Afgewezen na gesprek"}, "rejected"),
        ({STATUS: "Kandidaat teruggetrokken"}, "withdrawn"),
        ({STATUS: "Geplaatst"}, "hired"),
        ({STATUS: "Aangenomen"}, "hired"),
        ({STATUS: None, "cxsrec__Workflow_status__c": None}, "active"),  # nothing was done with it yet
        ({"cxsrec__Workflow_status__r.cxsrec__Active__c": False}, "unknown"),  # over, in words nobody listed
        ({"cxsrec__Position__c": None}, "prospect"),
        ({"cxsrec__Position__c": None, STATUS: "Afgewezen"}, "rejected"),
    ],
)
def test_a_status_says_how_an_application_stands(changes: dict[str, Any], status: str) -> None:
    assert CONNEXYS.to_application({**APPLICATION, **changes}).status == status


@pytest.mark.parametrize(
    ("hidden", "status"),
    [
        (["cxsrec__Position__c"], "active"),
        (["cxsrec__Workflow_status__c", STATUS, "cxsrec__Workflow_status__r.cxsrec__Active__c"], "unknown"),
    ],
)
def test_a_field_that_is_not_shown_is_not_an_empty_one(hidden: list[str], status: str) -> None:
    raw = {name: value for name, value in APPLICATION.items() if name not in hidden}

    assert CONNEXYS.to_application(raw).status == status


def test_a_way_out_of_the_pipeline_is_no_stage() -> None:
    assert CONNEXYS.to_application({**APPLICATION, STATUS: "Afgewezen"}).stage_id is None


def test_a_reject_field_says_no() -> None:
    rows = [
        {"id": "a01", "TR1__Job__c": "a02", "TR1__Stage__c": "Interview", "TR1__Reject__c": one} for one in ("x", None)
    ]

    assert [Mapper("bullhorn_rc").to_application(row).status for row in rows] == ["rejected", "active"]


@pytest.mark.parametrize(("preset", "field"), [("byner", "byner__Job_location__c"), ("tigris", "tigris__plaats__c")])
def test_a_vacancy_is_where_the_preset_says(preset: str, field: str) -> None:
    mapper = Mapper(preset)

    assert field in mapper.field_lists()["jobs"]
    assert mapper.to_job({"id": "j1", field: "Utrecht"}).location == "Utrecht"
    assert mapper.to_job({"id": "j1"}).location is None


def test_a_vacancy_has_the_stages_of_the_org_in_order_without_the_ways_out() -> None:
    names = ["Afgewezen", "Aangenomen", "Eerste gesprek", "Nieuw", "Wachtlijst"]
    stages = [{"id": f"s{place}", "Name": name} for place, name in enumerate(names)]
    raw = {"id": "j1", "Name": "Wijkverpleegkundige", "cxsrec__Status__c": "Heropend", "stages": stages, **MOMENTS}
    raw |= {"cxsrec__Recruiter__r.Email": None, "Owner.Email": "sanne@example.org"}

    assert CONNEXYS.to_job(raw) == Job(
        remote_id="j1",
        name="Wijkverpleegkundige",
        status="open",
        recruiter_email="sanne@example.org",
        opened_at=APPLIED,
        stages=(
            JobStage("s3", "j1", "Nieuw", "applied", 0),
            JobStage("s2", "j1", "Eerste gesprek", "interview", 1),
            JobStage("s1", "j1", "Aangenomen", "hired", 2),
            JobStage("s4", "j1", "Wachtlijst", "other", 3),
        ),
    )


@pytest.mark.parametrize(
    ("told", "status", "is_hidden"),
    [
        ("Nieuwe", "open", False),
        ("Ingevuld (klant)", "closed", False),
        ("On hold", "closed", False),
        ("Gesloten", "closed", False),
        ("Inactief", "closed", False),
        ("Concept", "draft", False),
        ("Vertrouwelijk", "open", True),
        ("Zomaar iets", "unknown", False),
        (None, "unknown", False),
    ],
)
def test_a_vacancy_says_whether_it_is_open_and_whether_it_may_be_named(
    told: str | None, status: str, is_hidden: bool
) -> None:
    job = CONNEXYS.to_job({"id": "j1", "cxsrec__Status__c": told})

    assert (job.status, job.confidential) == (status, is_hidden)


@pytest.mark.parametrize("preset", PRESETS)
def test_no_preset_reads_what_may_not_be_read(preset: str) -> None:
    names = [name for noun in Mapper(preset).field_lists().values() for name in noun]

    assert len(names) > 20
    assert [name for name in names if is_forbidden(name)] == []


class TestOwnFile:
    """A user's mapping, on a preset or alone."""

    def test_a_table_replaces_the_presets_and_the_rest_stays(self, tmp_path: Path) -> None:
        rules = (
            'Candidate__c = { to = "candidate_id", type = "id" }\nReden__c = { to = "reject_reason", type = "text" }'
        )
        words = '[words.outcome]\nrejected = ["niet door"]'
        mapper = _written(tmp_path, f'[objects]\njobs = "Baan__c"\n[applications]\n{rules}\nSt__c = {STAGE}\n{words}')

        found = mapper.to_application({"id": "a1", "Candidate__c": "c1", "St__c": "Niet door", "Reden__c": "Te ver"})

        assert found == Application("a1", candidate_id="c1", status="rejected", reject_reason="Te ver")
        assert mapper.objects() == {**CONNEXYS.objects(), "jobs": "Baan__c"}
        assert mapper.field_lists()["candidates"] == CONNEXYS.field_lists()["candidates"]
        assert mapper.lookups() == {"applications": {"Candidate__c": "candidates", "St__c": "stages"}}

    def test_own_words_for_stages_say_who_was_hired(self, tmp_path: Path) -> None:
        mapper = _written(tmp_path, '[words.stage_kind]\nhired = ["match"]')

        assert mapper.to_application({**APPLICATION, STATUS: "Match"}).status == "hired"

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("[candidates]\nBirthdate = { to = 'first_name', type = 'text' }", "may never be read"),
            ("[candidates]\nName = { to = 'shoe_size', type = 'text' }", "unknown field shoe_size"),
            ("[objects]\njobs = ''", "no object for jobs"),
            ("objects = ", "not valid TOML"),
        ],
    )
    def test_what_is_wrong_with_a_file_is_told(self, tmp_path: Path, text: str, told: str) -> None:
        with pytest.raises(ConfigError, match=told):
            _written(tmp_path, text)

    def test_without_a_preset_the_file_says_everything(self, tmp_path: Path) -> None:
        (tmp_path / "mapping.toml").write_text('[objects]\ncandidates = "Contact"\n', encoding="utf-8")

        with pytest.raises(ConfigError) as caught:
            Mapper("", tmp_path / "mapping.toml")

        assert [problem.problem for problem in caught.value.problems] == [
            "no object for jobs.",
            "no object for applications.",
        ]


def test_an_unknown_preset_is_told_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="Known: byner, connexys, tigris, bullhorn_rc"):
        Mapper("mysolution")


@pytest.mark.parametrize("field", ["CreatedDate", "cxsrec__Candidate__c"])
def test_a_value_that_cannot_be_read_is_named_and_not_quoted(field: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        CONNEXYS.to_application({**APPLICATION, field: ["Zwanenmeer-marker"]})

    assert caught.value.field == field
    assert "Zwanenmeer-marker" not in str(caught.value)


STAGE = '{ to = "stage_id", type = "id" }'


def _written(folder: Path, text: str) -> Mapper:
    (folder / "mapping.toml").write_text(text, encoding="utf-8")
    return Mapper("connexys", folder / "mapping.toml")
