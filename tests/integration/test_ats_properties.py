"""Where people stand in the ATS, on their contacts: only in a portal that asked for it, and never too early."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.conftest import Stage
from tests.integration.promised import applicant, put, vacancy

ATS = ("warmline_lifecycle", "warmline_ats_status", "warmline_ats_stage", "warmline_ats_job", "warmline_applied_at")


@pytest.fixture
def asked(stage: Stage) -> Stage:
    """A portal with every property, and a vacancy."""
    stage.provision(everything=True)
    vacancy(stage)
    return stage


def shown(stage: Stage, contact: str) -> tuple[str, ...]:
    """The five, in their order."""
    found = stage.properties(contact)
    return tuple(found.get(name, "") for name in ATS)


def test_an_application_is_followed_to_its_end_and_a_no_shows_once_it_was_told(asked: Stage) -> None:
    contact, moment = applicant(asked, 1, "Jan"), asked.now - timedelta(hours=2)
    story = []
    steps: list[tuple[int, dict[str, Any]]] = [
        (0, {}),
        (10, {"stage_id": "s3"}),
        (10, {"stage_id": "s4", "status": "rejected", "rejected_at": "2026-11-23T09:15:00+01:00"}),
        (10, {"stage_id": "s4", "status": "rejected", "told_at": "2026-11-23T09:25:00+01:00"}),
    ]
    for minutes, more in steps:
        asked.later(minutes=minutes)
        put(asked, 1, at=moment, **more)
        asked.sync()
        story.append(shown(asked, contact))

    told = ("Wijkverpleegkundige", "2026-11-23T06:00:00.000Z")
    assert story == [
        ("applicant", "active", "Nieuw", *told),
        ("applicant", "active", "Gesprek", *told),
        ("applicant", "active", "Gesprek", *told),
        ("former_applicant", "rejected", "Aanbod", *told),
    ]


def test_a_vacancy_that_becomes_confidential_is_taken_back(asked: Stage) -> None:
    contact = applicant(asked, 1, "Jan")
    asked.sync()
    before = shown(asked, contact)
    vacancy(asked, confidential=True)
    asked.sync()

    assert before[3] == "Wijkverpleegkundige"
    assert shown(asked, contact) == ("fan", "", "", "", "")


def test_nothing_is_written_twice(asked: Stage) -> None:
    applicant(asked, 1, "Jan")
    asked.sync()
    asked.later(minutes=10)
    asked.sync()
    asked.writes()
    asked.later(minutes=10)
    asked.sync()

    assert asked.writes() == 0


def test_a_portal_without_the_properties_gets_none(stage: Stage) -> None:
    vacancy(stage)
    contact = applicant(stage, 1, "Jan")

    report = stage.sync()

    assert (shown(stage, contact), report["complete"]) == (("", "", "", "", ""), True)


def test_properties_that_are_made_later_are_filled_at_the_next_run(stage: Stage) -> None:
    vacancy(stage)
    contact = applicant(stage, 1, "Jan")
    stage.sync()
    stage.provision(everything=True)
    stage.later(minutes=10)
    stage.sync()

    assert shown(stage, contact)[:4] == ("applicant", "active", "Nieuw", "Wijkverpleegkundige")
