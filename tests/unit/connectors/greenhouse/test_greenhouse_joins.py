"""What hangs on Greenhouse's applications and jobs, of answers by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from connectors.greenhouse.api import Api
from connectors.greenhouse.applications import ApplicationJoins
from connectors.greenhouse.directory import Directory
from connectors.greenhouse.jobs import JobJoins
from connectors.http import Answer
from connectors.vendor_api import Refused
from sync.errors import BadAnswer

Lists = Mapping[str, Sequence[Mapping[str, Any]]]


class FakeVendor:
    """Answers each list with given rows, whatever the filter; others with 404. `asked`: paths with their queries."""

    vendor = "Greenhouse"

    def __init__(self, lists: Lists, headers: Mapping[str, str] | None = None) -> None:
        self._lists, self._headers = lists, headers or {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Answer:
        import json

        self.asked.append((path, dict(query)))
        if path not in self._lists:
            raise Refused(self.vendor, path, 404)
        return Answer(200, dict(self._headers), json.dumps(list(self._lists[path])).encode())


def api(lists: Lists, headers: Mapping[str, str] | None = None) -> tuple[Api, FakeVendor]:
    vendor: Any = FakeVendor(lists, headers)
    return Api(vendor, 500), vendor


def entered(record_id: int, stage: int, entered_at: str | None, current: bool = False) -> dict[str, Any]:
    known = {"application_id": 1, "job_interview_stage_id": stage, "entered_at": entered_at, "current": current}
    return {"id": record_id, **known}


@pytest.mark.parametrize(
    ("row", "entries", "place"),
    [
        ({}, [entered(1, 70, "2026-11-01"), entered(2, 71, "2026-11-02", True)], ("71", "2026-11-02")),
        ({}, [entered(2, 71, "2026-11-02", True), entered(1, 70, "2026-11-03")], ("71", "2026-11-02")),  # current wins
        ({}, [entered(1, 70, "2026-11-01"), entered(2, 71, "2026-11-02")], ("71", "2026-11-02")),  # rejected: the last
        ({}, [entered(1, 70, None), entered(2, 71, None)], ("71", None)),  # history that was not recorded
        ({"job_interview_stage_id": 72}, [entered(2, 71, "2026-11-02", True)], ("72", None)),  # moved meanwhile
        ({"job_interview_stage_id": 72}, [], ("72", None)),
        ({"stage_id": 2}, [], (None, None)),  # the number of an entry says nothing of the plan
    ],
)
def test_the_stage_is_the_current_one_and_its_moment_that_of_the_same_stage(
    row: dict[str, Any], entries: list[dict[str, Any]], place: tuple[str | None, str | None]
) -> None:
    joined, _ = api({"/application_stages": entries, "/sources": [], "/rejection_reasons": []})

    [found] = ApplicationJoins(joined, Directory(joined)).of([{"id": 1, "status": "in_process", **row}])

    assert (found["job_interview_stage_id"], found["stage.entered_at"]) == place


def test_fifty_applications_are_asked_for_at_a_time() -> None:
    joined, vendor = api({"/application_stages": []})

    ApplicationJoins(joined, Directory(joined)).of([{"id": one, "status": "in_process"} for one in range(120)])

    asked = [query["application_ids"].count(",") + 1 for path, query in vendor.asked if path == "/application_stages"]
    assert asked == [50, 50, 20]


@pytest.mark.parametrize(("jobs", "job"), [([7], "7"), ([7, 8], None), ([], None), (None, None)])
def test_a_prospect_has_a_job_when_one_is_named(jobs: list[int] | None, job: str | None) -> None:
    joined, _ = api({"/application_stages": []})

    [found] = ApplicationJoins(joined, Directory(joined)).of([{"id": 1, "prospective_job_ids": jobs}])

    assert found["prospective_job_id"] == job


def test_templates_are_no_vacancies_and_retired_stages_stand_last() -> None:
    stages = [
        {"id": 3, "job_id": 1, "name": "Offer", "sort_order": 1, "active": True},
        {"id": 2, "job_id": 1, "name": "Case", "sort_order": 0, "active": False},
        {"id": 1, "job_id": 1, "name": "Review", "sort_order": 0, "active": True},
    ]
    joined, _ = api({"/job_interview_stages": stages, "/applications": []})

    [job] = JobJoins(joined, Directory(joined), ["name"]).of([{"id": 1}, {"id": 2, "is_template": True}])

    assert [stage["name"] for stage in job["stages"]] == ["Review", "Offer", "Case"]


def test_the_responsible_recruiter_comes_before_others_and_coordinators_are_none() -> None:
    owners = [
        {"id": 1, "job_id": 1, "user_id": 10, "type": "coordinator", "responsible": True},
        {"id": 2, "job_id": 1, "user_id": 11, "type": "recruiter", "responsible": False},
        {"id": 3, "job_id": 1, "user_id": 12, "type": "recruiter", "responsible": True},
    ]
    users = [{"id": one, "primary_email": None, "emails": [f"u{one}@example.org"]} for one in (10, 11, 12)]
    joined, _ = api({"/job_interview_stages": [], "/job_owners": owners, "/users": users})

    [job] = JobJoins(joined, Directory(joined), []).of([{"id": 1}])

    assert job["recruiter.email"] == "u12@example.org"


def test_a_public_post_that_is_live_comes_first() -> None:
    posts = [
        {"id": 3, "job_id": 1, "public_url": "https://intern.example.org", "internal": True, "live": True},
        {"id": 2, "job_id": 1, "public_url": "https://old.example.org", "internal": False, "live": False},
        {"id": 1, "job_id": 1, "public_url": "https://jobs.example.org", "internal": False, "live": True},
    ]
    joined, _ = api({"/job_interview_stages": [], "/job_posts": posts, "/applications": []})

    [job] = JobJoins(joined, Directory(joined), []).of([{"id": 1}])

    assert job["post.url"] == "https://jobs.example.org"


def test_a_next_page_without_a_cursor_is_a_bad_answer() -> None:
    joined, _ = api({"/users": []}, {"Link": '<https://harvest.example.com/v3/users?page=2>; rel="next"'})

    with pytest.raises(BadAnswer, match="without a cursor"):
        joined.page("/users")
