"""People after an open day."""

from __future__ import annotations

from docs.render.people import NURSE, Example, at, person, touched

EXAMPLES = (
    Example(
        "After the open day",
        "Off by default.\nNobody of the team was in touch since Saturday.",
        person(
            71,
            "Thijs",
            None,
            "Brouwer",
            touches=(*touched("event_attended", 21), *touched("vacancy_visit", 22, job_id="j1")),
            viewed=(NURSE,),
        ),
    ),
    Example(
        "Registered, and did not come",
        "Only with `plays.event_follow_up.no_shows`.",
        person(72, "Amina", "el", "Idrissi", missed_events=(at("2026-11-21 10:00"),)),
        {"WARMLINE_PLAYS__EVENT_FOLLOW_UP__NO_SHOWS": "true"},
    ),
)
