"""People a recruiter agreed a moment with."""

from __future__ import annotations

from docs.render.people import NURSE, Example, applied, at, person
from sync.core.activity import Activity
from sync.core.model import Contact

TALKED = Activity("11", "call", at("2026-11-20 15:10"), ("511",), "out", "connected", "71")
EXAMPLES = (
    Example(
        "A moment to call back",
        'The recruiter filled in "Call back at".\nThe task is due at that very minute.',
        person(
            11,
            "Esra",
            None,
            "Demir",
            contact=Contact(
                "511", email="esra@example.org", first_name="Esra", seen=True, call_back_at=at("2026-11-24 14:30")
            ),
            applications=(applied(NURSE, "active", 17),),
            activities=(TALKED,),
        ),
    ),
    Example(
        "A moment that was missed",
        "Nobody was in touch around the agreed time, as far as HubSpot shows.",
        person(
            12,
            "Willem",
            "van",
            "Dijk",
            contact=Contact(
                "512", email="willem@example.org", first_name="Willem", seen=True, call_back_at=at("2026-11-23 16:00")
            ),
        ),
    ),
)
