"""People who keep coming back."""

from __future__ import annotations

from dataclasses import replace

from docs.render.people import NURSE, SECRET, Example, applied, at, person, touched
from sync.core.activity import Activity
from sync.core.model import Contact

VISITS = touched("site_visit", 19, 21, 23) + touched("mail_click", 22)
VIEWS = touched("vacancy_visit", 19, 21, 23, job_id="j1")
TALKED = Activity("1", "call", at("2026-10-20 16:30"), ("501",), "out", "connected", "71")
EXAMPLES = (
    Example(
        "A fan who never applied",
        "Looked at a vacancy on three days within a week, and came to an open day.\n"
        "The vacancy is open, so it is what there is to offer.",
        person(
            1,
            "Sanne",
            "van de",
            "Haterd",
            touches=(*VIEWS, *touched("mail_click", 22), *touched("event_attended", -11)),
            viewed=(NURSE,),
            activities=(TALKED,),
        ),
    ),
    Example(
        "Which page was seen is not known",
        "HubSpot's visit counter does not say which vacancy it was: nothing is made up.",
        person(5, "Fatma", None, "Yılmaz", touches=VISITS),
    ),
    Example(
        "Back after an earlier rejection",
        "They were told the outcome more than four weeks ago.\n"
        "The reason of a rejection is never shown, and the vacancy is not offered again.",
        person(
            2,
            "Youssef",
            None,
            "Ben Ali",
            applications=(
                replace(
                    applied(NURSE, "rejected", 1),
                    application=replace(
                        applied(NURSE, "rejected", 1).application,
                        applied_at=at("2026-02-03 10:00"),
                        rejected_at=at("2026-02-20 10:00"),
                        told_at=at("2026-02-21 10:00"),
                    ),
                ),
            ),
            touches=(*touched("reply", 20), *touched("form", 11), *touched("careers_visit", 18, 19, 20)),
        ),
    ),
    Example(
        "Applied to a confidential vacancy",
        "Neither the vacancy nor the application shows.",
        person(
            3,
            "Ingrid",
            "ter",
            "Horst",
            applications=(applied(SECRET, "withdrawn", 18),),
            touches=(*touched("application_submitted", 18, job_id="j2"), *touched("meeting_held", 17), *VISITS),
        ),
    ),
    Example(
        "Does not want to be called",
        "The wish is refused, and the refusal says why.",
        person(
            4,
            "Tomasz",
            None,
            "Nowak",
            contact=Contact("504", email="tomasz@example.org", first_name="Tomasz", seen=True, do_not_call=True),
            touches=(*VISITS, *touched("reply", 20)),
        ),
    ),
)
