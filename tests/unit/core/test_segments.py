"""Who belongs to a target group, and what people are to the team."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync.core.facts import LinkedApplication, LinkedCandidate, PersonFacts
from sync.core.model import Application, Candidate, Job, JobStage, PersonId
from sync.core.segments import Relationship, Segment, belongs, relationship

TOLD = datetime(2026, 11, 20, 12, tzinfo=UTC)
NURSE = Job(
    "j1",
    name="Verpleegkundige – wijkteam Utrecht",
    stages=(JobStage("s2", "j1", "Gesprek", "interview"),),
    location="Den Haag, Zuid-Holland",
)
SECRET = Job("j2", name="Verpleegkundige directie", confidential=True, location="Utrecht")


def applied(
    status: str, job: Job | None = None, *, stage: str | None = None, origin: str | None = None, told: bool = False
) -> LinkedApplication:
    told_at = TOLD if told else None
    application = Application("a1", "c1", "j1", status=status, stage_id=stage, origin=origin, told_at=told_at)
    return LinkedApplication("ats", application, job)


def person(*applications: LinkedApplication, origin: str | None = None) -> PersonFacts:
    candidates = (LinkedCandidate("ats", Candidate("c1", origin=origin)),)
    return PersonFacts(PersonId(1), candidates=candidates, applications=applications)


def words(*some: str) -> Segment:
    return Segment(job_words=frozenset(some))


@pytest.mark.parametrize(
    ("statuses", "told", "expected"),
    [
        ((), False, Relationship.NEVER_APPLIED),
        (("prospect",), False, Relationship.NEVER_APPLIED),  # sourced by a recruiter
        (("active",), False, Relationship.APPLIED),
        (("withdrawn",), False, Relationship.APPLIED),
        (("rejected",), False, Relationship.REJECTED),  # the team knows; HubSpot is not told
        (("rejected",), True, Relationship.REJECTED),
        (("rejected", "active"), True, Relationship.APPLIED),  # another one runs
        (("rejected", "hired"), True, Relationship.HIRED),
        (("hired", "active"), False, Relationship.APPLIED),
    ],
)
def test_a_relationship_follows_from_the_applications(
    statuses: tuple[str, ...], told: bool, expected: Relationship
) -> None:
    assert relationship(person(*(applied(status, told=told) for status in statuses))) is expected


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (Segment(), True),
        (words("verpleegkundig"), True),  # as the word begins
        (words("utrecht"), True),
        (words("wijkteam utrecht"), True),
        (words("kundige"), False),  # not its end
        (words("kok", "verpleeg"), True),  # one of them
        (Segment(regions=frozenset({"den haag"})), True),
        (Segment(regions=frozenset({"zwolle", "zuid holland"})), True),
        (Segment(regions=frozenset({"haag"})), True),
        (Segment(regions=frozenset({"utrecht"})), False),  # stands in the name only
        (Segment(job_words=frozenset({"kok"}), regions=frozenset({"den haag"})), False),
        (Segment(stages=frozenset({"interview"})), True),
        (Segment(stages=frozenset({"offer"})), False),
        (Segment(statuses=frozenset({"active"})), True),
        (Segment(statuses=frozenset({"hired"})), False),
        (Segment(origins=frozenset({"indeed"})), True),
        (Segment(origins=frozenset({"beurs"})), False),  # came from elsewhere
        (Segment(sources=frozenset({"ats"})), True),
        (Segment(sources=frozenset({"other"})), False),
        (Segment(job_words=frozenset({"verpleeg"}), stages=frozenset({"offer"})), False),  # all must fit
        (Segment(relationships=frozenset({Relationship.APPLIED})), True),
        (Segment(relationships=frozenset({Relationship.HIRED})), False),
    ],
)
def test_one_application_fits_all_that_a_segment_asks(segment: Segment, expected: bool) -> None:
    facts = person(applied("active", NURSE, stage="s2", origin="Indeed"))

    assert belongs(facts, segment) is expected


def test_two_applications_do_not_fit_together_what_neither_fits_alone() -> None:
    facts = person(applied("active", NURSE), applied("hired", Job("j3", name="Kok")))

    assert not belongs(facts, Segment(job_words=frozenset({"kok"}), statuses=frozenset({"active"})))


def test_somebody_who_never_applied_is_found_by_where_they_come_from() -> None:
    facts = person(origin="Beurs Zorg")

    assert belongs(facts, Segment(origins=frozenset({"beurs zorg"})))
    assert belongs(facts, Segment(relationships=frozenset({Relationship.NEVER_APPLIED})))
    assert not belongs(facts, words("verpleeg"))


def test_a_confidential_vacancy_is_found_by_no_word() -> None:
    assert not belongs(person(applied("active", SECRET)), words("verpleeg"))
    assert not belongs(person(applied("active", SECRET)), Segment(regions=frozenset({"utrecht"})))


def test_a_vacancy_without_a_place_is_in_no_region() -> None:
    utrecht = Segment(regions=frozenset({"utrecht"}))

    assert not belongs(person(applied("active", Job("j9", name="Kok Utrecht"))), utrecht)
    assert not belongs(person(applied("active")), utrecht)
