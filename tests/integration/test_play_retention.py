"""A week before somebody may not be kept any longer: the whole text, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.integration.conftest import NOOR, Stage, applied

COOK = {"id": "j1", "name": "Kok", "status": "closed", "recruiter_email": NOOR}

TEXT = {
    "nl": [
        "Vraag toestemming of neem afscheid: Jan Smitsma (vóór 30 nov)",
        "De procedure Kok is voorbij; bewaren mag nog tot 30 nov.",
        "Blijft deze persoon graag? Vraag per mail of de gegevens mogen blijven, en leg het ja vast met datum en "
        "tekst. Een nee heeft geen gevolgen.",
        "Anders: bedank en neem afscheid.",
        "Geen reactie? Dan verwijdert warmline wat het zelf bewaart, en stelt het voor om ook hier en in het "
        "sollicitatiesysteem te wissen.",
    ],
    "en": [
        "Ask consent or say goodbye: Jan Smitsma (before 30 Nov)",
        "The procedure Kok is over; their data may be kept until 30 Nov.",
        "Would they like to stay? Ask by mail whether their data may be kept, and record the yes with its date and "
        "text. A no has no consequences.",
        "Else: say thank you and goodbye.",
        "No answer? Then warmline erases what it holds itself, and proposes to erase here and in the applicant system "
        "too.",
    ],
}


@pytest.mark.parametrize("language", TEXT)
def test_who_was_rejected_four_weeks_ago_is_asked_for_consent_or_thanked(stage: Stage, language: str) -> None:
    stage.set(TEAM__LANGUAGE=language)
    contact = stage.person(1, "Jan", "Smitsma")
    no = (stage.now - timedelta(days=30)).isoformat()
    told = {"status": "rejected", "rejected_at": no, "told_at": no}
    stage.drop("jobs", {**COOK, "closed_at": (stage.now - timedelta(days=21)).isoformat()})
    stage.drop("applications", applied("a1", "c1", "j1", stage.now - timedelta(days=50), **told))

    stage.sync()

    [task] = stage.tasks(contact)
    assert [task.properties["hs_task_subject"], *task.properties["hs_task_body"].split("<br>")[:-1]] == TEXT[language]
