"""Who is one candidate in a list of applications."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.homerun.people import candidate_id, candidates_of, joined_application


def application(record_id: str, **more: Any) -> dict[str, Any]:
    info = {"first_name": "Noor", "last_name": "de Wit", "email": "noor@example.org", "phone_number": None}
    person = {key: more.pop(key) for key in list(more) if key in info}
    return {"id": record_id, "created_at": "2026-11-01T09:00:00Z", "personal_info": {**info, **person}, **more}


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        ({}, True),
        ({"email": " Noor@Example.org "}, True),
        ({"first_name": "NOOR", "last_name": "van der Wit"}, True),
        ({"first_name": "Piet"}, False),  # a shared mailbox
        ({"email": "noor@example.com"}, False),
        ({"email": None}, False),
    ],
)
def test_the_same_address_and_first_name_are_one_person(other: dict[str, Any], is_same: bool) -> None:
    assert (candidate_id(application("ap_1")) == candidate_id(application("ap_2", **other))) is is_same


def test_without_an_address_everybody_is_somebody_else() -> None:
    assert candidate_id(application("ap_1", email=None)) == "of_ap_1"
    assert candidate_id({"id": "ap_2"}) == "of_ap_2"


def test_an_id_is_the_same_each_time_and_holds_no_address() -> None:
    assert candidate_id(application("ap_1")) == "p_e252f1abe1465d77c9864c285f97d191"


def test_a_candidate_has_the_newest_details_all_numbers_and_the_latest_end() -> None:
    rows = [
        application(
            "ap_2",
            created_at="2026-11-05T09:00:00Z",
            last_name="Wit",
            phone_number="0612345678",
            retention_period_ends_at="2027-11-05T09:00:00Z",
            sources=[{"name": "Indeed"}],
        ),
        application("ap_1", phone_number="0301234567", retention_period_ends_at=None, sources=[{"name": "Referral"}]),
    ]

    assert candidates_of(rows) == [
        {
            "id": candidate_id(rows[0]),
            "first_name": "Noor",
            "last_name": "Wit",
            "email": "noor@example.org",
            "phone_number": ["0612345678", "0301234567"],
            "source.name": "Indeed",
            "created_at": "2026-11-01T09:00:00Z",
            "retention_period_ends_at": "2027-11-05T09:00:00Z",
        }
    ]


def test_the_order_of_the_list_makes_no_difference() -> None:
    rows = [application("ap_1", phone_number="1"), application("ap_2", phone_number="2")]

    assert candidates_of(rows) == candidates_of(rows[::-1])


@pytest.mark.parametrize(
    ("more", "stage_id"),
    [
        ({"vacancy_id": "job_1", "stage": {"name": " First  call "}}, "job_1:First call"),
        ({"vacancy_id": "job_1", "stage": "new"}, "job_1:new"),
        ({"vacancy_id": "job_1", "stage": None}, None),
        ({"vacancy_id": "job_1"}, None),
        ({"vacancy_id": None, "stage": {"name": "new"}}, None),
    ],
)
def test_a_stage_is_known_by_its_vacancy_and_its_name(more: dict[str, Any], stage_id: str | None) -> None:
    assert joined_application(application("ap_1", **more))["stage_id"] == stage_id


@pytest.mark.parametrize("sources", [None, [], "Indeed", [{"name": None}], [None]])
def test_unreadable_sources_are_none(sources: object) -> None:
    assert joined_application(application("ap_1", sources=sources))["source.name"] is None
