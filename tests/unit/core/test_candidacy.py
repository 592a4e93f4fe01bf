"""Whom plays that rest on behaviour leave alone because of their applications."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.core.activity import Activity
from sync.core.facts import PersonFacts
from sync.core.model import Job, JobStage, Refusal
from sync.core.plays.candidacy import candidacy
from sync.core.plays.wish import Case, No
from tests.unit.core.make import NOW, POLICY, applied, moment, person

STAGES = tuple(
    JobStage(kind, "8", kind, kind, place) for place, kind in enumerate(("applied", "screening", "interview", "offer"))
)
NURSE = Job("8", "Verpleegkundige", status="open", stages=STAGES)
SENT = moment("2026-11-12 10:00")


def mail(at: str, direction: str) -> Activity:
    return Activity("m", "email", moment(at), direction=direction)


def running(stage: str | None = "applied", *activities: Activity, **more: object) -> PersonFacts:
    one = applied(NURSE, stage_id=stage, **more)  # type: ignore[arg-type]
    return person(applications=(one,), activities=activities)


def rejected(rejected_at: str | None, told_at: str | None = None) -> PersonFacts:
    made = applied(NURSE, status="rejected", at="2026-09-01 10:00")
    said = {"rejected_at": rejected_at, "told_at": told_at}
    moments = {name: moment(at) if at else None for name, at in said.items()}
    dated = replace(made.application, rejected_at=moments["rejected_at"], told_at=moments["told_at"])
    return person(applications=(replace(made, application=dated),))


def undated(changed_at: str) -> PersonFacts:
    return person(applications=(applied(NURSE, status="rejected", updated_at=moment(changed_at)),))


WAITS, PROCESS = No(Refusal.AWAITING_REACTION), No(Refusal.IN_PROCESS)


def lately(until: str) -> No:
    return No(Refusal.REJECTED_LATELY, moment(until))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (person(), None),
        (person(applications=(applied(NURSE, status="prospect"),)), None),
        (person(applications=(applied(NURSE, status="withdrawn"),)), None),
        # nobody reacted yet; the person's own mail is no reaction
        (running(), WAITS),
        (running(None), WAITS),
        (running("applied", mail("2026-11-13 10:00", "in")), WAITS),
        (running("applied", mail("2026-11-11 10:00", "out")), WAITS),  # about something before
        # somebody did: by the ATS, by a mail of the team, by moving it on
        (running(first_reply_at=moment("2026-11-13 10:00")), PROCESS),
        (running("applied", mail("2026-11-13 10:00", "out")), PROCESS),
        (running("screening"), PROCESS),
        (running(stage_entries=(("applied", SENT), ("other", moment("2026-11-13 10:00")))), PROCESS),
        (running("interview"), PROCESS),
        (running("offer"), PROCESS),
        # one that waits goes before one in process
        (
            person(applications=(applied(NURSE, stage_id="offer"), applied(NURSE, stage_id="applied"))),
            WAITS,
        ),
        (person(applications=(applied(NURSE, status="hired"), applied(NURSE, status="withdrawn"))), No(Refusal.HIRED)),
        # 28 days from being told, else from the rejection
        (rejected("2026-11-01 10:00"), lately("2026-11-29 10:00")),
        (rejected("2026-10-01 10:00", told_at="2026-11-01 10:00"), lately("2026-11-29 10:00")),
        (rejected("2026-10-01 10:00"), None),
        (rejected("2026-10-27 09:00"), None),  # 28 days to the hour
        (rejected("2026-10-27 09:01"), lately("2026-11-24 09:01")),
        # vendors that date no rejection: from the application's last change
        (undated("2026-11-01 10:00"), lately("2026-11-29 10:00")),
        (undated("2026-10-01 10:00"), None),
        (rejected(None), PROCESS),  # a rejection nobody dated
    ],
)
def test_nobody_is_called_for_interest_while_an_answer_is_owed_or_hurts(
    facts: PersonFacts, expected: No | None
) -> None:
    assert candidacy(Case(facts, POLICY, NOW)) == expected
