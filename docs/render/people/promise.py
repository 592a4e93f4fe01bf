"""Applicants who wait for news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from docs.render.people import NURSE, Alone, Example, applied, at, person
from sync.core.activity import Activity
from sync.core.model import Contact, JobStage
from sync.core.promise import INTERVIEW, Promise
from sync.core.wording_say import Say

RECRUITEE = {
    "WARMLINE_SOURCES__ATS__KIND": "recruitee",
    "WARMLINE_SOURCES__ATS__COMPANY": "1",
    "WARMLINE_SOURCES__ATS__TOKEN": "not-a-token",
}
JOB = replace(NURSE, stages=(JobStage("s2", "j1", "Gesprek", "interview", 2),))
WAITS = applied(JOB, "active", 9, stage_id="s2", stage_entered_at=at("2026-11-18 10:00"))
MET = Activity("41", "meeting", at("2026-11-20 10:00"), ("541",), None, "completed", "71")
PROMISED = Promise("ats", "a9", INTERVIEW, MET.at, at("2026-11-24 18:00"), at("2026-12-04 18:00"))
EXAMPLES = (
    Example(
        "News after an interview",
        "The team's own norm is two working days after the interview.\nWhat warmline cannot see, it says.",
        person(41, "Mila", None, "Jansen", applications=(WAITS,), activities=(MET,), promises=(PROMISED,)),
        RECRUITEE,
    ),
    Example(
        "News for somebody who may not be called",
        "An answer is owed all the same: it becomes a mail.",
        person(
            42,
            "Joost",
            None,
            "Smeets",
            contact=Contact("542", email="joost@example.org", first_name="Joost", seen=True, do_not_call=True),
            applications=(WAITS,),
            activities=(replace(MET, contact_ids=("542",)),),
            promises=(PROMISED,),
        ),
        RECRUITEE,
    ),
)


def _waiting(say: Say) -> Mapping[str, object]:
    return {
        "job": say.job(NURSE),
        "waiting": 12,
        "urgent": 4,
        "urgent_by": say.weekday(at("2026-11-25 12:00")),
        "first_day": say.weekday(at("2026-11-16 12:00")),
        "last_day": say.weekday(at("2026-11-23 12:00")),
        "told_by": say.weekday(at("2026-11-30 12:00")),
        "ats": "Recruitee",
        "ats_moves": True,
        "ats_messages": True,
    }


ALONE = (
    Alone(
        "First reactions to one vacancy",
        "One task a recruiter and vacancy, with everybody who waits as its contacts.",
        "first_reaction",
        _waiting,
    ),
)
