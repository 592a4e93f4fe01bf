"""What `doctor` says of an org, and that the mapping it proposes works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mappings.salesforce import Mapper
from sandbox.server import RunningSandbox
from sync.errors import NotServed
from tests.contract.ats_dialect import served
from tests.contract.ats_harness import everything
from tests.contract.salesforce_org import BynerHarness, SalesforceHarness


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served()


def proposed(told: str, folder: Path) -> Path:
    """The file somebody saves."""
    path = folder / "mapping.toml"
    path.write_text(told[told.index("# A proposal") :], encoding="utf-8")
    return path


def test_an_org_that_has_everything_is_a_sentence(running: RunningSandbox) -> None:
    told = SalesforceHarness(running).connect().check()

    assert told == "5 of 5 objects readable, 6 of 15,000 requests a day used"


def test_fields_that_are_not_shown_are_named_and_left_out_of_the_proposal(
    running: RunningSandbox, tmp_path: Path
) -> None:
    ats = SalesforceHarness(running)
    ats.company.hidden = ["cxsrec__cxsCandidate__c.cxsrec__mobilePhone__c"]

    told = ats.connect().check()

    assert "candidates: without cxsrec__mobilePhone__c" in told.splitlines()[0]
    wanted = {**Mapper("connexys").field_lists()}
    wanted["candidates"] = tuple(one for one in wanted["candidates"] if one != "cxsrec__mobilePhone__c")
    assert Mapper("connexys", proposed(told, tmp_path)).field_lists() == wanted


def test_a_lookup_of_another_name_is_told_and_proposed(running: RunningSandbox, tmp_path: Path) -> None:
    told = BynerHarness(running, Mapper("byner")).connect().check()

    assert "applications: byner__Contact__c is byner__Professional__c here" in told
    assert "every Contact is taken as a candidate" in told
    assert "byner__Professional__c" in Mapper("byner", proposed(told, tmp_path)).field_lists()["applications"]


def test_an_org_of_another_package_gets_a_mapping_that_reads_it(running: RunningSandbox, tmp_path: Path) -> None:
    ats = BynerHarness(running, Mapper("tigris"))
    with pytest.raises(NotServed, match="no object tigris__Vacancy__c for jobs") as caught:
        ats.connect().check()

    ats.mapper = mapper = Mapper("tigris", proposed(caught.value.fix, tmp_path))

    jobs = [mapper.to_job(one) for page in everything(ats, "jobs") for one in page.records]
    rows = [mapper.to_application(one) for page in everything(ats, "applications") for one in page.records]
    assert {job.remote_id for job in jobs} == {row.job_id for row in rows if row.job_id} | ats.ids("jobs")
    assert [stage.kind for stage in jobs[0].stages] == ["applied", "screening", "interview", "offer", "hired"]
    assert {row.status for row in rows} == {"active", "hired", "rejected", "withdrawn", "prospect"}
    assert {row.candidate_id for row in rows} == ats.ids("candidates")


def test_an_org_that_calls_itself_otherwise_is_told(running: RunningSandbox) -> None:
    ats = SalesforceHarness(running)
    ats.company.instance_url = "https://voorbeeld.my.salesforce.com"

    told = ats.connect().check()

    assert told.splitlines()[1].startswith("the org calls itself voorbeeld.my.salesforce.com:")
