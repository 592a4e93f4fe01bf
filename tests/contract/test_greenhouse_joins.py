"""What hangs on Greenhouse's jobs, candidates and applications comes with them, against the sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from connectors.protocols import Window
from sandbox.server import RunningSandbox
from sync.errors import MissingScope
from tests.contract.ats_dialect import served
from tests.contract.ats_harness import Harness, changes, everything
from tests.contract.greenhouse import JOB, GreenhouseHarness


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served()


@pytest.fixture
def ats(running: RunningSandbox) -> GreenhouseHarness:
    return GreenhouseHarness(running)


class TestJoins:
    """What hangs on applications and jobs."""

    def test_jobs_come_with_their_plan_recruiter_and_post(self, ats: GreenhouseHarness) -> None:
        job = _job(ats)

        assert [(stage.position, stage.kind) for stage in job.stages] == [
            (0, "applied"),
            (1, "screening"),
            (2, "interview"),
            (3, "offer"),
            (4, "hired"),
        ]
        assert "@" in job.recruiter_email
        assert job.post_url.endswith("/vacature/j01")

    @pytest.mark.parametrize("how", ["absent", "unscoped"])
    def test_without_job_owners_the_recruiter_is_that_of_the_newest_application(
        self, ats: GreenhouseHarness, how: str
    ) -> None:
        known = _job(ats).recruiter_email
        setattr(ats.company, how, ["job_owners", "job_posts", "sources"])

        job = _job(ats)

        assert (job.recruiter_email, job.post_url) == (known, None)

    @pytest.mark.parametrize("name", ["application_stages", "job_interview_stages", "rejection_reasons"])
    def test_a_list_the_truth_hangs_on_is_not_done_without(self, ats: GreenhouseHarness, name: str) -> None:
        ats.company.unscoped = [name]

        with pytest.raises(MissingScope, match=f"/{name}"):
            [everything(ats, noun) for noun in ("jobs", "applications")]

    def test_a_window_tells_the_moment_of_a_move(self, ats: GreenhouseHarness) -> None:
        application_id = _active(ats)
        since = ats.now
        ats.advance(30)
        ats.company.move(application_id, 767_012)
        moved_at = ats.now
        ats.advance(5)

        [record] = [one for page in changes(ats, "applications", since + timedelta(minutes=1)) for one in page.records]

        moved = ats.mappers["applications"](record)
        assert (moved.remote_id, moved.stage_id, moved.stage_entered_at) == (application_id, "767012", moved_at)

    def test_a_move_during_the_read_has_no_moment_of_another_stage(self, ats: GreenhouseHarness) -> None:
        application_id = str(max(int(one) for one in ats.ids("applications")))
        source = ats.connect(page_size=500)
        pages = source.fetch_pages("applications", Window(None, ats.now), None)
        ats.fail("status", path_regex="^/v3/applications$", status=200, body=[_moved(ats, application_id)])

        [record] = next(iter(pages)).records

        found = ats.mappers["applications"](record)
        assert (found.stage_id, found.stage_entered_at) == ("767999", None)

    def test_details_of_a_rejection_are_looked_up_where_the_application_is_silent(self, ats: GreenhouseHarness) -> None:
        ats.company.bare_rejections = True
        application_id = _active(ats)
        ats.company.reject(application_id, "Te ver weg", "THEY_REJECTED_US")

        found = _application(ats, application_id)

        assert (found.status, found.reject_reason, found.rejected_at) == ("withdrawn", "Te ver weg", ats.now)

    def test_an_anonymised_person_is_gone_but_for_dates(self, ats: GreenhouseHarness) -> None:
        gone = min(ats.ids("candidates"))
        ats.company.anonymise(gone)

        [found] = [
            ats.mappers["candidates"](record)
            for page in everything(ats, "candidates")
            for record in page.records
            if record["id"] == gone
        ]

        assert (found.anonymised_at, found.first_name, found.last_name, found.email_addresses) == (
            ats.now,
            None,
            None,
            (),
        )


@pytest.mark.parametrize("noun", ["jobs", "candidates", "applications"])
def test_records_by_id_are_as_pages_show_them_and_those_that_are_gone_are_absent(
    ats: GreenhouseHarness, noun: str
) -> None:
    shown = {str(record["id"]): record for page in everything(ats, noun) for record in page.records}
    source: Any = ats.connect()

    found = source.fetch_records(noun, [*shown, "1", "nobody"])

    assert found == shown


def _job(ats: Harness) -> Any:
    records = [record for page in everything(ats, "jobs") for record in page.records]
    return ats.mappers["jobs"](next(one for one in records if one["id"] == str(JOB)))


def _application(ats: Harness, application_id: str) -> Any:
    records = [record for page in everything(ats, "applications") for record in page.records]
    return ats.mappers["applications"](next(one for one in records if one["id"] == application_id))


def _active(ats: Harness) -> str:
    """An application that is still undecided, in the first stage of the first job."""
    found = [ats.mappers["applications"](one) for page in everything(ats, "applications") for one in page.records]
    return str(next(one.remote_id for one in found if one.status == "active" and one.stage_id == "767010"))


def _moved(ats: GreenhouseHarness, application_id: str) -> dict[str, Any]:
    """The application as it is after a move that its history, read before, does not show."""
    return {
        **ats.company.get("applications", application_id),
        "status": "in_process",
        "job_interview_stage_id": 767_999,
    }
