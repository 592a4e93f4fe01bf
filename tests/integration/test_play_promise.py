"""News after an interview and the answer to a decision, in time; the date that was told, and who may move it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from sandbox.store import Record
from tests.integration.conftest import Stage
from tests.integration.promised import (
    about,
    done,
    promises,
    put,
    quiet,
    reply_due,
    status,
    text,
    vacancy,
)

AFTER_INTERVIEW = {
    "nl": [
        "Vóór wo 25 nov 12:00: uitslag aan Jan de Vries (Wijkverpleegkundige)",
        "Beloofd na gesprek ma 23 nov; gezegd: uiterlijk ma 7 dec.",
        "Sindsdien niets zichtbaar in het sollicitatiesysteem of HubSpot; mobiel en WhatsApp zie ik niet.",
        'Bel de uitslag door. Nog geen besluit? Bel dat ook en pas "Reactie uiterlijk" aan.',
        "Bij een nee: één reden, één tip.",
        "Al gedaan? Vink af.",
        "Grond: lopende sollicitatie.",
    ],
    "en": [
        "Before Wed 25 Nov 12:00: the outcome to Jan de Vries (Wijkverpleegkundige)",
        "Promised after the interview on Mon 23 Nov; told: by Mon 7 Dec.",
        "Nothing visible since in the applicant tracking system or HubSpot; mobile phones and WhatsApp I cannot see.",
        'Call with the outcome. No decision yet? Call about that too and change "Reply due".',
        "If it is a no: one reason, one tip.",
        "Done already? Tick it off.",
        "Ground: running application.",
    ],
}
DECIDED = {
    "nl": [
        "Vóór wo 25 nov 12:00: uitslag aan Jan de Vries (Wijkverpleegkundige)",
        "Beloofd na sollicitatie ma 16 nov; gezegd: uiterlijk ma 7 dec.",
        "Nog geen uitslag zichtbaar in het sollicitatiesysteem of HubSpot; mobiel en WhatsApp zie ik niet.",
        *AFTER_INTERVIEW["nl"][3:],
    ],
    "en": [
        "Before Wed 25 Nov 12:00: the outcome to Jan de Vries (Wijkverpleegkundige)",
        "Promised after the application of Mon 16 Nov; told: by Mon 7 Dec.",
        "No outcome visible yet in the applicant tracking system or HubSpot; mobile phones and WhatsApp I cannot see.",
        *AFTER_INTERVIEW["en"][3:],
    ],
}
NOON = "2026-11-23T12:00:00+01:00"


def put_jan(stage: Stage, **more: object) -> None:
    """Jan's application of a week ago, as the ATS has it now."""
    put(stage, 1, at=stage.now.replace(year=2026, month=11, day=16, hour=10, minute=0), **more)


def interviewed(stage: Stage) -> str:
    """Jan had an interview on Monday at noon; it is Monday afternoon."""
    vacancy(stage)
    jan = stage.person(1, "Jan", "de Vries")
    put_jan(stage, stage_id="s2", stage_entered_at="2026-11-18T10:00:00+01:00")
    stage.sync()
    stage.at("2026-11-23T14:00")
    put_jan(stage, stage_id="s3", stage_entered_at=NOON)
    assert done(stage) == {}
    return jan


def with_task(stage: Stage) -> tuple[str, Record]:
    """The same, on Tuesday afternoon: contact and the task that came of it."""
    jan = interviewed(stage)
    stage.at("2026-11-24T12:30")
    assert done(stage) == {"create_task": 1}
    [task] = stage.tasks(jan)
    stage.later(minutes=30)
    return jan, task


@pytest.mark.parametrize("language", AFTER_INTERVIEW)
def test_a_working_day_before_news_after_an_interview_is_due_there_is_a_call_task(stage: Stage, language: str) -> None:
    stage.set(TEAM__LANGUAGE=language)

    jan, task = with_task(stage)

    assert text(task) == AFTER_INTERVIEW[language]
    assert about(stage, task) == [jan]
    shown = {name: task.properties[name] for name in ("hs_task_type", "hs_timestamp", "hs_task_priority")}
    assert shown == {"hs_task_type": "CALL", "hs_timestamp": "2026-11-25T10:00:00.000Z", "hs_task_priority": "HIGH"}
    assert quiet(stage)


KEPT: dict[str, tuple[Callable[[Stage, str, Record], object], str]] = {
    "a call": (lambda stage, jan, _: stage.portal.log_call(jan, disposition="connected"), "call"),
    "a mail": (lambda stage, jan, _: stage.portal.log_email(jan, direction="out"), "email"),
    "a stage move": (
        lambda stage, *_: put_jan(stage, stage_id="s4", stage_entered_at=stage.now.isoformat()),
        "stage_move",
    ),
    "hired": (lambda stage, *_: put_jan(stage, stage_id="s4", status="hired", hired_at=stage.now.isoformat()), "hired"),
}


@pytest.mark.parametrize("how", KEPT)
def test_news_completes_the_task_and_clears_the_date(stage: Stage, how: str) -> None:
    stage.set(PLAYS__NO_ANSWER__ENABLED="false")
    jan, task = with_task(stage)
    tell, evidence = KEPT[how]
    tell(stage, jan, task)
    stage.later(minutes=2)

    assert done(stage) == {"complete_task": 1}
    assert (status(stage, task), reply_due(stage, jan)) == (("COMPLETED", False), "")
    [interview] = [one for one in promises(stage) if one.kind == "interview"]
    assert (interview.evidence, interview.state(stage.now)) == (evidence, "kept")
    assert quiet(stage)


def test_ticking_the_task_off_keeps_the_promise(stage: Stage) -> None:
    jan, task = with_task(stage)
    stage.portal.complete_task(task.id)
    stage.later(minutes=2)

    assert done(stage) == {}
    assert reply_due(stage, jan) == ""
    assert [one.evidence for one in promises(stage) if one.kind == "interview"] == ["task"]
    assert quiet(stage)


def test_a_call_nobody_took_leaves_the_task(stage: Stage) -> None:
    jan, task = with_task(stage)
    stage.portal.log_call(jan, disposition="no_answer")
    stage.later(minutes=2)

    assert done(stage) == {}
    assert status(stage, task) == ("NOT_STARTED", False)


def test_an_interview_that_is_still_to_come_promises_nothing_until_it_was_held(stage: Stage) -> None:
    jan = interviewed(stage)
    stage.portal.log_meeting(jan, start=stage.now + timedelta(days=1))
    stage.later(minutes=2)
    stage.sync()
    assert reply_due(stage, jan) == ""

    stage.at("2026-11-25T16:00")
    assert done(stage) == {"create_task": 1}
    [task] = stage.tasks(jan)
    assert text(task)[:2] == [
        "Vóór do 26 nov 14:00: uitslag aan Jan de Vries (Wijkverpleegkundige)",
        "Beloofd na gesprek di 24 nov; gezegd: uiterlijk di 8 dec.",
    ]


def test_who_may_not_be_called_gets_the_news_by_mail(stage: Stage) -> None:
    jan = interviewed(stage)
    stage.portal.edit("contacts", jan, {"warmline_do_not_call": "true"})
    stage.at("2026-11-24T12:30")

    assert done(stage) == {"create_task": 1}
    [task] = stage.tasks(jan)
    assert task.properties["hs_task_type"] == "EMAIL"
    assert text(task)[3] == 'Mail de uitslag. Nog geen besluit? Mail dat ook en pas "Reactie uiterlijk" aan.'


def test_a_confidential_vacancy_is_not_named_in_it(stage: Stage) -> None:
    jan = interviewed(stage)
    vacancy(stage, confidential=True)
    stage.at("2026-11-24T12:30")
    stage.sync()

    [task] = stage.tasks(jan)
    assert "Wijkverpleegkundige" not in str(task.properties)
    assert text(task)[0] == "Vóór wo 25 nov 12:00: uitslag aan Jan de Vries"


@pytest.mark.parametrize("language", DECIDED)
def test_a_decision_nobody_told_is_due_two_days_later_and_what_it_is_never_shows(stage: Stage, language: str) -> None:
    stage.set(TEAM__LANGUAGE=language)
    vacancy(stage)
    jan = stage.person(1, "Jan", "de Vries")
    put_jan(stage, stage_id="s2", stage_entered_at="2026-11-18T10:00:00+01:00")
    stage.sync()
    stage.at("2026-11-23T14:00")
    put_jan(stage, stage_id="s2", status="rejected", rejected_at=NOON)
    assert done(stage) == {}
    stage.at("2026-11-24T12:30")

    assert done(stage) == {"create_task": 1}
    [task] = stage.tasks(jan)
    assert text(task) == DECIDED[language]
    stage.later(minutes=30)
    put_jan(stage, stage_id="s2", status="rejected", rejected_at=NOON, told_at=stage.now.isoformat())
    stage.later(minutes=2)
    assert done(stage) == {"complete_task": 1}
    assert reply_due(stage, jan) == ""
