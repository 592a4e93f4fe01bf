"""Until when people may be approached."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sync.core.consent import Consent
from sync.core.consent_said import said_by_candidate
from sync.core.facts import LinkedApplication, LinkedCandidate, PersonFacts
from sync.core.model import Job
from sync.core.policy import RetentionPolicy
from sync.core.retention import retention_end
from tests.unit.core.make import NOW, SANNE, applied, moment, person

OPEN = Job("8", "Verpleegkundige", status="open")
CLOSED = Job("9", "Kok", status="closed", closed_at=moment("2026-10-01 12:00"))
UNDATED = Job("10", "Tuinman", status="archived")
ENDED = moment("2026-10-01 12:00")


def said_no(job: Job | None, **more: object) -> LinkedApplication:
    return applied(job, status="rejected", at="2026-09-01 10:00", rejected_at=moment("2026-09-10 10:00"), **more)


def consenting(until: str, *applications: LinkedApplication) -> PersonFacts:
    one = replace(SANNE, consent_expires_at=moment(until))
    said = tuple(Consent("recruitee", "9", said, NOW) for said in said_by_candidate(one))
    return person(candidates=(LinkedCandidate("recruitee", one),), applications=applications, consents=said)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (person(), None),  # never applied, no consent with an end
        (consenting("2027-03-01 00:00"), moment("2027-03-01 00:00")),  # never applied: consent alone
        (person(applications=(applied(OPEN),)), None),  # runs
        # the procedure ends with the vacancy, not with the rejection
        (person(applications=(said_no(OPEN),)), None),
        (person(applications=(said_no(CLOSED),)), ENDED + timedelta(days=28)),
        (person(applications=(applied(CLOSED, status="withdrawn"),)), moment("2026-11-12 10:00") + timedelta(days=28)),
        # an application that still runs in a closed vacancy: somebody is owed an answer
        (person(applications=(applied(CLOSED),)), None),
        (person(applications=(applied(CLOSED, status="hired"),)), None),
        (person(applications=(applied(CLOSED, status="prospect"),)), None),
        # the last procedure counts
        (person(applications=(said_no(CLOSED), applied(OPEN))), None),
        # a closed vacancy without a date, and an application without a vacancy
        (person(applications=(said_no(UNDATED),)), moment("2026-09-10 10:00") + timedelta(days=28)),
        (person(applications=(said_no(None),)), None),
        # consent keeps longer, at most a year; a consent that ended shortens nothing
        (consenting("2027-03-01 00:00", said_no(CLOSED)), moment("2027-03-01 00:00")),
        (consenting("2029-03-01 00:00", said_no(CLOSED)), ENDED + timedelta(days=365)),
        (consenting("2026-10-05 00:00", said_no(CLOSED)), ENDED + timedelta(days=28)),
    ],
)
def test_retention_ends_four_weeks_after_the_last_procedure_or_with_the_consent(
    facts: PersonFacts, expected: object
) -> None:
    assert retention_end(facts, RetentionPolicy()) == expected
