"""The date the applicant was told: who may move it, what was overdue before the first run, and how it is said."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Stage
from tests.integration.promised import (
    about,
    applicant,
    done,
    promises,
    put,
    quiet,
    reply_due,
    status,
    text,
    todo,
    vacancy,
)
from tests.integration.test_play_promise import with_task


def test_a_recruiter_moves_the_promise_by_editing_the_date_and_moves_it_again(stage: Stage) -> None:
    vacancy(stage)
    jan = applicant(stage, 1, "Jan")
    stage.sync()
    assert reply_due(stage, jan) == "2026-12-07T17:00:00.000Z"
    for date in ("2026-12-01T15:00:00.000Z", "2026-12-11T15:00:00.000Z"):
        stage.later(minutes=10)
        stage.portal.edit("contacts", jan, {"warmline_reply_due_at": date})
        stage.writes()
        for _ in range(2):
            stage.later(minutes=2)
            assert stage.sync()["complete"]

        assert (reply_due(stage, jan), stage.conflicts()) == (date, [])
        assert [one.due_at.isoformat() for one in promises(stage)] == [date.replace(".000Z", "+00:00")]
    assert todo(stage).properties["hs_timestamp"] == "2026-12-11T15:00:00.000Z"
    assert quiet(stage)


def test_emptying_the_date_goes_back_to_the_rule(stage: Stage) -> None:
    vacancy(stage)
    jan = applicant(stage, 1, "Jan")
    stage.sync()
    for date in ("2026-12-01T15:00:00.000Z", ""):
        stage.later(minutes=10)
        stage.portal.edit("contacts", jan, {"warmline_reply_due_at": date})
        stage.later(minutes=2)
        stage.sync()

    assert (reply_due(stage, jan), stage.conflicts()) == ("2026-12-07T17:00:00.000Z", [])
    assert quiet(stage)


def test_moving_the_date_takes_the_task_away_until_it_is_near(stage: Stage) -> None:
    jan, task = with_task(stage)
    stage.portal.edit("contacts", jan, {"warmline_reply_due_at": "2026-12-02T11:00:00.000Z"})
    stage.later(minutes=2)

    assert done(stage) == {"archive_task": 1}
    assert status(stage, task) == ("NOT_STARTED", True)
    stage.at("2026-12-01T12:30")
    assert done(stage) == {"create_task": 1}
    assert text(stage.tasks(jan)[-1])[:2] == [
        "Vóór wo 2 dec 12:00: uitslag aan Jan de Vries (Wijkverpleegkundige)",
        "Beloofd na gesprek ma 23 nov.",
    ]


def test_an_edit_between_reading_and_writing_is_neither_overwritten_nor_a_conflict(stage: Stage) -> None:
    vacancy(stage)
    jan = applicant(stage, 1, "Jan")
    stage.sync()
    stage.later(minutes=10)
    put(stage, 1, hours_ago=2.2, stage_id="s2")
    stage.sync(writes=False)
    stage.portal.edit("contacts", jan, {"warmline_reply_due_at": "2026-12-01T15:00:00.000Z"})

    stage.sync()

    assert (reply_due(stage, jan), stage.conflicts()) == ("2026-12-01T15:00:00.000Z", [])


def test_a_vacancy_has_a_public_term_of_its_own(stage: Stage) -> None:
    stage.set(PLAYS__PROMISE__JOBS__J1="5")
    vacancy(stage)
    jan = applicant(stage, 1, "Jan")

    stage.sync()

    assert reply_due(stage, jan) == "2026-11-30T17:00:00.000Z"


def test_what_was_overdue_before_the_first_run_makes_no_task_and_stands_apart(stage: Stage) -> None:
    vacancy(stage)
    old = applicant(stage, 1, "Jan", hours_ago=24 * 30)
    new = applicant(stage, 2, "Lia")

    assert done(stage) == {"create_task": 1}
    assert about(stage, todo(stage)) == [new]
    assert reply_due(stage, old) == ""
    states = {one.application_id: one.state(stage.now) for one in promises(stage)}
    assert states == {"a1": "backlog", "a2": "open"}
    assert quiet(stage)


def test_a_promise_that_breaks_had_its_task_and_stays_open_until_it_is_kept(stage: Stage) -> None:
    vacancy(stage)
    jan = applicant(stage, 1, "Jan")
    stage.sync()
    stage.at("2026-12-08T09:00")

    assert done(stage) == {}
    [broken] = promises(stage)
    assert (broken.state(stage.now), status(stage, todo(stage))) == ("broken", ("NOT_STARTED", False))
    stage.portal.log_call(jan, disposition="connected")
    stage.later(minutes=2)
    assert done(stage) == {"complete_task": 1}
    [kept_late] = promises(stage)
    assert (kept_late.state(stage.now), kept_late.evidence) == ("broken", "call")


IN_WORDS = {
    "nl": "uiterlijk maandag 7 december 2026, van Noor de Wit",
    "en": "by Monday 7 December 2026, from Noor de Wit",
}


@pytest.mark.parametrize("language", IN_WORDS)
def test_the_date_in_words_names_the_contact_person(bare: Stage, language: str) -> None:
    bare.set(TEAM__LANGUAGE=language)
    bare.provision(everything=True)
    vacancy(bare)
    jan = applicant(bare, 1, "Jan")
    bare.sync()

    assert bare.properties(jan)["warmline_reply_due_text"] == IN_WORDS[language]
    bare.portal.log_call(jan, disposition="connected")
    bare.later(minutes=2)
    bare.sync()
    assert not bare.properties(jan).get("warmline_reply_due_text")
