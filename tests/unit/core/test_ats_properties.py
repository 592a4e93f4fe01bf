"""Where an application stands, as HubSpot may show it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sync.core.engagement import score
from sync.core.facts import LinkedApplication, PersonFacts
from sync.core.model import Job, JobStage, Score
from sync.core.person_score import UNSCORED
from sync.core.properties import Subject
from sync.core.properties.ats import APPLIED_AT, JOB, LIFECYCLE, STAGE, STATUS, wanted
from tests.unit.core.make import CONTACT, NOW, POLICY, SCORING, TODAY, applied, moment, person, touched

STAGES = (
    JobStage("s1", "8", "Nieuw", "applied", 0),
    JobStage("s2", "8", "Gesprek", "interview", 1),
    JobStage("s9", "8", "Afgewezen", "other", 9),
)
NURSE = Job("8", "Verpleegkundige", status="open", stages=STAGES)
COOK = Job("9", "Kok", status="open")
VISITS = touched("site_visit", "2026-11-19", "2026-11-21", "2026-11-23")
WARM = score(VISITS, SCORING, today=TODAY, seen=True, previous=None)
EMPTY = {LIFECYCLE: "", STATUS: "", STAGE: "", JOB: "", APPLIED_AT: ""}
RUNS = {
    LIFECYCLE: "applicant",
    STATUS: "active",
    STAGE: "Gesprek",
    JOB: "Verpleegkundige",
    APPLIED_AT: "2026-11-12T09:00:00.000Z",
}
WITHOUT_A_NO = moment("2026-11-20 10:00")


def said(facts: PersonFacts, before: dict[str, str] | None = None, found: Score = UNSCORED) -> dict[str, str]:
    """All five as they stand in HubSpot after the write. `before`: those that stood there."""
    there = EMPTY | (before or {})
    known = replace(facts, written=tuple(there.items()))
    return there | wanted(Subject(known, POLICY, NOW, found))


def at(stage_id: str = "s2", job: Job = NURSE, status: str = "active", **more: Any) -> LinkedApplication:
    return applied(job, status=status, stage_id=stage_id, **more)


def test_the_newest_application_is_told_as_the_ats_has_it() -> None:
    older = at(job=COOK, at="2025-01-05 10:00")

    assert said(person(applications=(at(), older))) == RUNS


def test_nothing_is_written_that_stands_there_already_nor_over_an_edit_again_and_again() -> None:
    facts = person(applications=(at(),))
    same = replace(facts, written=tuple(RUNS.items()))
    edited = replace(facts, written=tuple((RUNS | {STAGE: "Nieuw"}).items()), contested=((STAGE, "Gesprek"),))
    handed_back = replace(edited, owed=frozenset({STAGE}))

    assert [wanted(Subject(one, POLICY, NOW, UNSCORED)) for one in (same, edited, handed_back)] == [
        {},
        {},
        {STAGE: "Gesprek"},
    ]


@pytest.mark.parametrize(
    ("one", "shown"),
    [
        (at(status="rejected", told_at=WITHOUT_A_NO), {LIFECYCLE: "former_applicant", STATUS: "rejected"}),
        (at(status="withdrawn"), {LIFECYCLE: "former_applicant", STATUS: "withdrawn"}),
        (at(status="hired"), {LIFECYCLE: "hired", STATUS: "hired"}),
    ],
)
def test_how_an_application_ended_shows_once_the_person_knows(one: LinkedApplication, shown: dict[str, str]) -> None:
    assert said(person(applications=(one,))) == RUNS | shown


@pytest.mark.parametrize("stage_id", ["s2", "s9"])
def test_a_rejection_the_person_was_not_told_of_changes_nothing_in_hubspot(stage_id: str) -> None:
    facts = person(applications=(at(stage_id, status="rejected", rejected_at=WITHOUT_A_NO),))

    assert said(facts, RUNS) == RUNS
    assert said(facts) == RUNS | {STAGE: ""}
    assert said(facts, {JOB: "Kok", STAGE: "Proefdag"}) == RUNS | {STAGE: ""}


def test_a_stage_that_is_called_a_no_does_not_show_while_the_application_runs() -> None:
    assert said(person(applications=(at("s9"),)), RUNS) == RUNS


@pytest.mark.parametrize(
    "hidden",
    [
        at(job=replace(NURSE, confidential=True)),
        replace(at(), job=None),  # whether it is confidential is not known
        at(status="prospect"),
        at(status="unknown"),
    ],
)
def test_what_may_not_show_leaves_no_trace_and_takes_back_what_did(hidden: LinkedApplication) -> None:
    assert said(person(applications=(hidden,)), RUNS) == EMPTY


def test_behind_a_confidential_application_the_one_before_it_shows() -> None:
    secret = at(job=replace(COOK, confidential=True), at="2026-11-20 10:00")

    assert said(person(applications=(secret, at()))) == RUNS


def test_an_application_to_no_vacancy_shows_without_one() -> None:
    assert said(person(applications=(applied(None),))) == RUNS | {STAGE: "", JOB: ""}


def test_who_shows_interest_and_never_applied_is_a_fan_and_stays_one_when_it_fades() -> None:
    facts = person(touches=VISITS)

    assert said(facts, found=WARM) == EMPTY | {LIFECYCLE: "fan"}
    assert said(facts) == EMPTY
    assert said(facts, {LIFECYCLE: "fan"}) == EMPTY | {LIFECYCLE: "fan"}


def test_interest_of_somebody_who_objects_to_profiling_is_taken_back() -> None:
    facts = person(contact=replace(CONTACT, no_profiling=True))

    assert said(facts, {LIFECYCLE: "fan"}) == EMPTY
