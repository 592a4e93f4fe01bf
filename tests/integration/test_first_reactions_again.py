"""The to-do of those who wait for a first reaction, when requests break off and when the mirror is lost."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Stage
from tests.integration.promised import about, applicant, done, quiet, reply_due, status, text, todo, vacancy
from tests.integration.test_first_reactions import two_waiting


def test_an_answer_that_was_lost_makes_no_second_one(stage: Stage) -> None:
    vacancy(stage)
    jan, lia = applicant(stage, 1, "Jan"), applicant(stage, 2, "Lia")
    stage.portal.plan_fault("drop_after", "/tasks/batch/create")
    stage.sync()
    stage.later(minutes=10)

    stage.sync()

    assert about(stage, todo(stage)) == sorted([jan, lia])
    assert quiet(stage)


REQUESTS = [
    (fault, path)
    for path in ("/associations/.*/batch/create", "/associations/.*/batch/archive", "/tasks/batch/update")
    for fault in ("drop_before", "drop_after")
]


@pytest.mark.parametrize(("fault", "path"), REQUESTS)
def test_a_change_that_breaks_off_anywhere_is_made_whole_by_a_later_run(stage: Stage, fault: str, path: str) -> None:
    jan, lia, task = two_waiting(stage)
    stage.portal.log_call(jan, disposition="connected")
    mo = applicant(stage, 3, "Mo")
    stage.portal.plan_fault(fault, path)
    for _ in range(3):
        stage.later(minutes=10)
        stage.sync()

    assert (todo(stage).id, about(stage, task)) == (task.id, sorted([lia, mo]))
    assert text(todo(stage))[0] == "Eerste reactie Wijkverpleegkundige: 2 wachten, 2 uiterlijk do 26 nov"
    assert quiet(stage)


def lose_mirror(stage: Stage) -> None:
    """The mirror's disk is gone."""
    for file in stage.folder.glob("mirror.db*"):
        file.unlink()


def test_a_rebuilt_mirror_knows_its_todo_by_the_marker_and_goes_on_with_it(stage: Stage) -> None:
    vacancy(stage)
    jan = applicant(stage, 1, "Jan")
    stage.sync()
    task = todo(stage)
    lose_mirror(stage)
    stage.later(minutes=30)

    stage.sync()

    assert (todo(stage).id, status(stage, task)) == (task.id, ("NOT_STARTED", False))
    stage.later(minutes=10)
    assert quiet(stage)
    stage.portal.log_call(jan, disposition="connected")
    stage.later(minutes=2)
    assert done(stage) == {"complete_task": 1}


def test_one_that_was_written_anew_before_the_mirror_was_lost_counts_as_taken_and_its_tick_counts(stage: Stage) -> None:
    jan, lia, task = two_waiting(stage)
    lose_mirror(stage)
    stage.later(minutes=30)
    stage.sync()
    stage.later(minutes=10)

    assert quiet(stage)
    assert todo(stage).id == task.id
    stage.portal.complete_task(task.id)
    stage.later(minutes=2)
    assert done(stage) == {}
    assert (reply_due(stage, jan), reply_due(stage, lia)) == ("", "")


def test_a_rebuilt_mirror_does_not_make_again_what_a_person_deleted(stage: Stage) -> None:
    _, _, task = two_waiting(stage)
    stage.portal.archive("tasks", task.id)
    stage.later(minutes=10)
    stage.sync()
    lose_mirror(stage)
    stage.later(minutes=10)

    assert done(stage) == {}
    assert quiet(stage)
