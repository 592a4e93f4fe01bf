"""People who were warm for weeks, and are so no more."""

from __future__ import annotations

from docs.render.people import NURSE, Example, at, person, touched

EXAMPLES = (
    Example(
        "Cooling down after weeks",
        "Off by default.\nThe task is a mail, not a call.",
        person(
            81,
            "Marieke",
            "van der",
            "Ploeg",
            touches=(
                *touched("reply", -40),
                *touched("vacancy_visit", -6, -4, job_id="j1"),
            ),
            viewed=(NURSE,),
            watched_since=at("2026-09-01 09:00"),
        ),
    ),
)
