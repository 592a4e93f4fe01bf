"""The call to somebody who keeps coming back: the whole text, in both languages."""

from __future__ import annotations

import pytest

from tests.integration.conftest import NOOR, Stage
from tests.integration.open_days import open_day, tell

VACANCY = "https://zorg.example.org/werk/wijkzorg"
JOB = {"id": "j1", "name": "Wijkverpleegkundige", "status": "open", "recruiter_email": NOOR, "post_url": VACANCY}

TEXT = {
    "nl": [
        "Bel Jan de Vries: Wijkverpleegkundige",
        "Waarom nu: open dag op 21 nov; vacature Wijkverpleegkundige bekeken op 24 en 26 nov. Niet gesolliciteerd.",
        "Laatste contact: Noor de Wit, 16 nov.",
        "Te bieden: Wijkverpleegkundige.",
        'Opening: "Je was op onze open dag. Schikt het? Wat zoek je nu?"',
        "Niet doen: websitebezoek noemen.",
        "Bellen mag: gerechtvaardigd belang; liefst vóór 12:00.",
        'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
    ],
    "en": [
        "Call Jan de Vries: Wijkverpleegkundige",
        "Why now: open day on 21 Nov; looked at the vacancy Wijkverpleegkundige on 24 and 26 Nov. Has not applied.",
        "Last contact: Noor de Wit, 16 Nov.",
        "To offer: Wijkverpleegkundige.",
        'Opening: "You were at our open day. Is this a good moment? What are you looking for now?"',
        "Do not: mention visits to the website.",
        "Calling is allowed: legitimate interest; preferably before 12:00.",
        'No answer? Leave a voicemail saying when you will call again; fill in "Call back at".',
    ],
}


@pytest.mark.parametrize("language", TEXT)
def test_somebody_who_looks_at_a_vacancy_on_two_days_after_an_open_day_gets_a_call(stage: Stage, language: str) -> None:
    stage.set(TEAM__LANGUAGE=language)
    stage.drop("jobs", JOB)
    contact = stage.person(1, "Jan", "de Vries")
    tell(stage, open_day(stage), contact, "ATTENDED")
    stage.portal.log_call(contact, "2026-11-16T10:00:00+01:00", disposition="connected", owner_id="701")
    stage.later(minutes=2)
    stage.sync()
    made = []
    for day in ("2026-11-24", "2026-11-26"):
        stage.at(f"{day}T08:30")
        stage.portal.visit(contact, stage.now, pages=1, url=VACANCY)
        stage.at(f"{day}T09:00")
        stage.sync()
        made.append(len(stage.tasks(contact)))

    assert made == [0, 1]
    [task] = stage.tasks(contact)
    assert [task.properties["hs_task_subject"], *task.properties["hs_task_body"].split("<br>")[:-1]] == TEXT[language]
    assert (task.properties["hs_task_type"], task.properties["hs_timestamp"]) == ("CALL", "2026-11-26T12:00:00.000Z")
