"""People who turned to the team and wait."""

from __future__ import annotations

from docs.render.people import NURSE, Example, applied, at, person
from sync.core.activity import Activity

EXAMPLES = (
    Example(
        "A mail nobody answered",
        "Warmline knows that a mail came in, not what it says.",
        person(
            21,
            "Noor",
            "el",
            "Amrani",
            applications=(applied(NURSE, "active", 12),),
            activities=(
                Activity("21", "call", at("2026-11-13 10:00"), ("521",), "out", "connected", "72"),
                Activity("22", "email", at("2026-11-20 09:12"), ("521",), "in"),
            ),
        ),
    ),
    Example(
        "A call nobody took",
        "They called, and nobody called back.",
        person(
            22,
            "Bas",
            None,
            "Mulder",
            activities=(
                Activity("23", "email", at("2026-11-20 08:40"), ("522",), "in"),
                Activity("24", "call", at("2026-11-20 16:20"), ("522",), "in", "no_answer"),
            ),
        ),
    ),
)
