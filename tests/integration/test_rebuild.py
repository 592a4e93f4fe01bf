"""A mirror that was lost or put back from a backup: no second task, no second contact, no hand edit overwritten."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.protocols import Crm
from sync.bootstrap import open_session
from sync.errors import MirrorBusy, MirrorError
from sync.store.backup import back_up
from tests.integration.conftest import Stage, applied, candidate

MOST_RUNS = 5
Happening = Callable[[], object]


def lose(stage: Stage) -> None:
    """The mirror's disk is gone."""
    for file in stage.folder.glob("mirror.db*"):
        file.unlink()


def until_quiet(stage: Stage) -> int:
    """Runs until one is complete and writes nothing; how many it took."""
    for nth in range(MOST_RUNS):
        stage.writes()
        stage.sync(confirm_create=50, share=1.0)
        assert stage.outcome is not None
        if stage.outcome.complete and stage.writes() == 0:
            return nth + 1
        stage.later(minutes=10)
    raise AssertionError(f"not quiet after {MOST_RUNS} runs: {stage.outcome and stage.outcome.reasons}")


def task_ids(stage: Stage, contact: str) -> list[str]:
    """Every task there ever was about a contact."""
    return sorted(one.id for one in stage.tasks(contact))


def contacts(stage: Stage) -> dict[str, str]:
    """Id by e-mail address of every contact."""
    return {one.properties["email"]: key for key, one in stage.portal.stores["contacts"].records.items()}


class Story:
    """Five fans with a task each, one quiet contact, one candidate HubSpot did not know; then people at work."""

    def __init__(self, stage: Stage) -> None:
        stage.set(WRITES__CREATE_CONTACTS="all")
        names = ("Jan", "Lia", "Mo", "Eva", "Tom")
        self.fans = [stage.person(n, first, "de Vries") for n, first in enumerate(names, 1)]
        self.open, self.done, self.deleted, self.edited, self.away = self.fans
        self.quiet = stage.person(6, "Ria", "Stil")
        for one in self.fans:
            stage.fan_signs(one)
        stage.portal.form(self.quiet, stage.now - timedelta(days=1))
        stage.drop("candidates", candidate("c7", "Rosa", "Nieuw"))
        stage.drop("applications", applied("a7", "c7", "", stage.now))
        until_quiet(stage)
        assert [len(stage.tasks(one)) for one in self.fans] == [1] * 5
        assert len(contacts(stage)) == 7
        self.people_at_work(stage)

    def people_at_work(self, stage: Stage) -> None:
        """One task done, one deleted, one reworded, one given away; two properties written by hand."""
        stage.portal.complete_task(stage.tasks(self.done)[0].id)
        stage.portal.delete_task(stage.tasks(self.deleted)[0].id)
        stage.portal.edit("tasks", stage.tasks(self.edited)[0].id, {"hs_task_subject": "Na 17:00 bellen"})
        stage.portal.reassign_task(stage.tasks(self.away)[0].id, "702")
        stage.portal.edit("contacts", self.quiet, {"warmline_score": "99"})
        stage.portal.edit("contacts", self.open, {"warmline_why": "eigen woorden"})


@pytest.fixture
def story(stage: Stage) -> Story:
    return Story(stage)


def task_texts(stage: Stage) -> list[tuple[str, str, str]]:
    """Id, subject and owner of every task."""
    return sorted(
        (one.id, one.properties["hs_task_subject"], one.properties["hubspot_owner_id"]) for one in stage.tasks()
    )


@pytest.mark.parametrize("lag_s", [0, 90])
def test_a_lost_mirror_comes_back_without_a_second_task_or_contact_or_a_lost_edit(
    stage: Stage, story: Story, lag_s: int
) -> None:
    stage.portal.search_lag_s = lag_s
    tasks, known = task_texts(stage), contacts(stage)
    shown = {one: stage.properties(one) for one in known.values()}
    lose(stage)
    runs = until_quiet(stage)

    assert runs <= 2
    assert task_texts(stage) == tasks
    assert contacts(stage) == known
    assert {one: stage.properties(one) for one in known.values()} == shown
    assert stage.refusals(story.open) == ["already_done"]


def test_a_lost_mirror_keeps_edits_while_the_scores_move_on(stage: Stage, story: Story) -> None:
    known, tasks = contacts(stage), {one: task_ids(stage, one) for one in story.fans}
    lose(stage)
    for _ in range(4):
        stage.later(days=1)
        for one in (*story.fans, story.quiet):
            stage.visit(one, 0.1)
        stage.sync(confirm_create=50, share=1.0)

    assert stage.properties(story.quiet)["warmline_score"] == "99"
    assert stage.properties(story.open)["warmline_why"] == "eigen woorden"
    assert {(one, name) for one, name, *_ in stage.conflicts()} >= {
        (story.quiet, "warmline_score"),
        (story.open, "warmline_why"),
    }
    assert contacts(stage) == known
    assert {one: task_ids(stage, one) for one in story.fans} == tasks


def restore(stage: Stage, backup: Path) -> None:
    """The steps of docs/operations.md."""
    lose(stage)
    shutil.copy(backup, stage.mirror)


@pytest.mark.parametrize("deleted", [False, True], ids=["the task stands", "the task was deleted"])
def test_an_older_backup_is_put_to_work_without_a_second_write(stage: Stage, tmp_path: Path, deleted: bool) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.form(jan, stage.now - timedelta(days=1))
    until_quiet(stage)
    backup = back_up(stage.mirror, tmp_path / "backup.db").path
    stage.set(WRITES__CREATE_CONTACTS="all")
    stage.drop("candidates", candidate("c7", "Rosa", "Nieuw"))
    for _ in range(3):
        stage.later(days=1)
        stage.visit(jan, 0)
        stage.later(minutes=10)
        until_quiet(stage)
    made, known = task_ids(stage, jan), contacts(stage)
    if deleted:
        stage.portal.delete_task(stage.tasks(jan)[0].id)
    stage.later(minutes=30)
    shown = stage.properties(jan)
    restore(stage, backup)
    until_quiet(stage)
    stage.later(days=1)
    stage.visit(jan, 0)
    stage.sync()

    assert len(made) == 1
    assert (task_ids(stage, jan), contacts(stage)) == (made, known)
    assert (stage.properties(jan)["warmline_band"], stage.conflicts()) == (shown["warmline_band"], [])


def test_what_warmline_wrote_after_the_backup_is_no_hand_edit(stage: Stage, tmp_path: Path) -> None:
    jan, lia = stage.person(1, "Jan", "de Vries"), stage.person(2, "Lia", "Los")
    for one in (jan, lia):
        stage.portal.form(one, stage.now - timedelta(days=1))
    until_quiet(stage)
    backup = back_up(stage.mirror, tmp_path / "backup.db").path
    stage.later(hours=1)
    for one in (jan, lia):
        stage.visit(one, 0)
        stage.portal.click(one)
    stage.later(minutes=10)
    until_quiet(stage)
    written = stage.properties(jan)["warmline_score"]
    stage.portal.edit("contacts", lia, {"warmline_score": "5"})
    stage.later(hours=1)
    for one in (jan, lia):
        stage.portal.reply(one)
    stage.later(minutes=10)
    restore(stage, backup)
    until_quiet(stage)

    assert written == "47"
    assert int(stage.properties(jan)["warmline_score"]) > 47
    assert stage.properties(lia)["warmline_score"] == "5"
    assert [(one, name) for one, name, *_ in stage.conflicts()] == [(lia, "warmline_score")]


class FaultAfterSending:
    """HubSpot as it is; once tasks were made, something happens to the disk."""

    def __init__(self, crm: Crm, happen: Happening) -> None:
        self._crm, self._happen = crm, happen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._crm, name)

    def create_tasks(self, rows: Sequence[Any]) -> Any:
        """The tasks are made, and then it happens."""
        results = self._crm.create_tasks(rows)
        self._happen()
        return results


@contextmanager
def locked(mirror: Path) -> Iterator[Happening]:
    """Another process takes the mirror."""
    other = sqlite3.connect(mirror, isolation_level=None, check_same_thread=False)
    yield lambda: other.execute("BEGIN IMMEDIATE")
    other.close()


@contextmanager
def no_writes(_: Path) -> Iterator[Happening]:
    """The disk takes no more bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("trouble, error", [(locked, MirrorBusy), (no_writes, MirrorError)])
def test_a_fault_of_the_disk_after_tasks_were_made_makes_none_twice(
    stage: Stage, trouble: Callable[[Path], AbstractContextManager[Happening]], error: type[MirrorError]
) -> None:
    people = [stage.person(n, first, "de Vries") for n, first in enumerate(("Jan", "Lia"), 1)]
    for one in people:
        stage.fan_signs(one)
    stage.set(WRITES__NOT_BEFORE_MINUTES="0")
    stage.sync(writes=False)
    with (
        trouble(stage.mirror) as happen,
        pytest.raises(error),
        open_session(stage.app(), "sync") as session,
    ):
        session.run.db.rows("PRAGMA busy_timeout = 1")
        session.sender = replace(session.sender, crm=FaultAfterSending(session.crm, happen))
        session.execute(session.limits(writes=True, share=1.0))
    made = [task_ids(stage, one) for one in people]
    with sqlite3.connect(stage.mirror) as raw:
        raw.execute("DELETE FROM lease")  # the worker is gone; its lease would be taken over after a minute
    raw.close()
    stage.later(minutes=10)
    until_quiet(stage)

    assert [len(one) for one in made] == [1, 1]
    assert [task_ids(stage, one) for one in people] == made
