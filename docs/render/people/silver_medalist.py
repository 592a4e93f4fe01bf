"""People who came far, and are back."""

from __future__ import annotations

from dataclasses import replace

from docs.render.people import NURSE, Example, at, person, touched
from sync.core.facts import LinkedApplication
from sync.core.model import Application, JobStage

CARER = replace(NURSE, remote_id="j9", name="Verzorgende IG", status="closed", closed_at=at("2026-11-06 12:00"))
CARER = replace(CARER, stages=(JobStage("s2", "j9", "Gesprek", "interview", 2),))
SECOND = LinkedApplication(
    "ats",
    Application(
        "a61",
        job_id="j9",
        status="rejected",
        applied_at=at("2026-08-24 10:00"),
        stage_id="s2",
        rejected_at=at("2026-09-18 10:00"),
        told_at=at("2026-09-21 10:00"),
    ),
    CARER,
)
EXAMPLES = (
    Example(
        "Second then, and interested again",
        "Off by default.\nThey looked at a vacancy that is open: that is what there is to offer.",
        person(
            61,
            "Ruben",
            None,
            "Pinas",
            touches=touched("vacancy_visit", 19, 21, job_id="j1"),
            viewed=(NURSE,),
            applications=(SECOND,),
        ),
    ),
    Example(
        "Told less than four weeks ago",
        "The wish is refused until four weeks are over: it would hurt.",
        person(
            62,
            "Elif",
            None,
            "Kaya",
            touches=touched("site_visit", 20),
            applications=(replace(SECOND, application=replace(SECOND.application, told_at=at("2026-11-09 10:00"))),),
        ),
    ),
)
