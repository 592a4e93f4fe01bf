"""People the team called and did not reach."""

from __future__ import annotations

from docs.render.people import NURSE, Example, applied, at, person
from sync.core.activity import Activity

EXAMPLES = (
    Example(
        "A second attempt",
        "The next attempt is at another part of the day.",
        person(
            31,
            "Lotte",
            "de",
            "Groot",
            applications=(applied(NURSE, "active", 10),),
            activities=(Activity("31", "call", at("2026-11-19 10:05"), ("531",), "out", "voicemail", "71"),),
        ),
    ),
    Example(
        "The last attempt",
        "Three attempts in a row are enough; then the person is left in peace.",
        person(
            32,
            "Ahmed",
            None,
            "Şahin",
            activities=(
                Activity("32", "call", at("2026-11-17 10:05"), ("532",), "out", "no_answer", "71"),
                Activity("33", "call", at("2026-11-19 16:30"), ("532",), "out", "no_answer", "71"),
            ),
        ),
    ),
)
