"""People who began to apply and did not finish."""

from __future__ import annotations

from dataclasses import replace

from docs.render.people import NURSE, Example, applied, at, person, touched
from sync.core.model import Contact, TouchDay

BEGAN = TouchDay("application_started", at("2026-11-23 14:05").date(), 1, at("2026-11-23 14:05"), "j1")
CAME = touched("event_attended", -11)
EXAMPLES = (
    Example(
        "An application that was begun",
        "The page to apply was seen on Monday, and by the end of three working hours nothing had come in.\n"
        "Help is what there is to offer.",
        person(51, "Daphne", "van 't", "Hof", touches=(BEGAN, *CAME), viewed=(NURSE,)),
    ),
    Example(
        "Somebody who may not be called",
        "The call is refused; the trigger for the reminder mail is set all the same.",
        person(
            52,
            "Kwame",
            None,
            "Mensah",
            contact=Contact("552", email="kwame@example.org", first_name="Kwame", seen=True, do_not_call=True),
            touches=(BEGAN, *CAME),
            viewed=(NURSE,),
        ),
    ),
    Example(
        "Somebody who is in a procedure for another vacancy",
        "The recruiter of that procedure is in touch: no second call.",
        person(
            53,
            "Hanneke",
            "de",
            "Wit",
            touches=(BEGAN, *CAME),
            viewed=(NURSE,),
            applications=(
                applied(
                    replace(NURSE, remote_id="j9", name="Verzorgende IG"),
                    "active",
                    12,
                    first_reply_at=at("2026-11-13 10:00"),
                ),
            ),
        ),
    ),
)
