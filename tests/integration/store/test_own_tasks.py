"""Tasks warmline made: what they looked like, and whose they are after the mirror was rebuilt."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sync.core.facts import Load, OwnTask
from sync.core.model import Action, ActionKind, Contact, OutboxState, PersonId, Task
from sync.store import links, loads, outbox, reads, scores, tasks, work
from sync.store.db import Mirror
from sync.store.outbox import Waiting
from sync.store.scores import Scored
from sync.store.tasks import Look
from tests.integration.store import mirror
from tests.integration.store.test_outbox import plan, task, update
from tests.integration.store.test_people import HOT
from tests.integration.store.values import LATER, NOW, TODAY, contact_ref, ref

MADE = Task("900", ("101",), "ab" * 6, "NOT_STARTED", "CALL", "7", visible_hash="as sent")


def save_own(db: Mirror, *, confirmed: bool) -> None:
    with db.write():
        mirror.save_own_task(db, MADE, 5, "fan", confirmed=confirmed, now=NOW)


def read_back(db: Mirror, visible_hash: str) -> Look:
    read = replace(MADE, visible_hash=visible_hash, updated_at=LATER)
    with db.write():
        mirror.save_tasks(db, [read], LATER)
    return mirror.load_looks(db, ["900"])["900"]


def test_a_task_whose_text_the_answer_showed_is_measured_against_that(db: Mirror) -> None:
    save_own(db, confirmed=True)

    look = read_back(db, "edited")

    assert (look.task.visible_hash, look.written) == ("edited", "as sent")
    assert mirror.people_of_tasks(db, ["900", "901"]) == [5]


def test_a_task_whose_text_was_not_shown_is_measured_against_its_first_sight(db: Mirror) -> None:
    save_own(db, confirmed=False)

    first, second = read_back(db, "as sent").written, read_back(db, "edited").written

    assert (first, second) == ("as sent", "as sent")


def test_a_task_the_mirror_read_before_its_receipt_stays_as_read(db: Mirror) -> None:
    read_back(db, "as read")

    save_own(db, confirmed=True)

    assert mirror.load_looks(db, ["900"])["900"].task.visible_hash == "as read"


def test_a_rebuilt_mirror_adopts_tasks_that_carry_a_marker(db: Mirror) -> None:
    with db.write():
        person = links.ensure_people(db, [contact_ref("101")], NOW)[contact_ref("101")]
        as_made = replace(MADE, created_at=NOW, updated_at=NOW + timedelta(seconds=59))
        changed = replace(as_made, remote_id="903", updated_at=NOW + timedelta(minutes=2))
        mirror.save_tasks(db, [as_made, changed, Task("901", ("101",)), Task("902", ("55",), "cd" * 6)], NOW)

    assert mirror.people_of_tasks(db, ["900", "901", "902"]) == [person]
    looks = mirror.load_looks(db, ["900", "903"])
    assert [looks[one].written for one in ("900", "903")] == ["as sent", ""]  # '' is the hash of nothing: edited


def test_a_claim_keeps_exactly_what_is_sent_and_leaves_out_what_may_not_be(db: Mirror) -> None:
    plan(db, update("k1", "101", 1), update("k2", "102", 2))
    with db.write():
        outbox.settle(db, "k2", OutboxState.DEFERRED, now=NOW, not_before=LATER)
        claimed = outbox.claim(db, {"k1": {"a": "1"}, "k2": {}, "k3": {}}, token="t1", now=NOW)

    assert [(row.key, row.after, row.state) for row in claimed] == [("k1", {"a": "1"}, OutboxState.SENT)]


def test_the_summary_counts_what_waits(db: Mirror) -> None:
    plan(db, update("k1", "101", 1), task("k2", 2), task("k3", 3))
    with db.write():
        outbox.settle(db, "k3", OutboxState.DONE, now=NOW)

    assert outbox.summary(db) == Waiting(contacts=1, new_tasks=1, creates=0)


def test_planned_tasks_of_people_who_are_decided_anew_do_not_count(db: Mirror) -> None:
    plan(db, task("a" * 32, 1), task("b" * 32, 2))

    assert loads.load_loads(db, TODAY, planned_anew=[1]) == {"7": Load(new_today=1, open=1)}


def test_reconcile_looks_at_every_record_again_when_everyone_is_asked_for(db: Mirror) -> None:
    with db.write():
        links.ensure_people(db, [ref("c1"), ref("c2")], NOW)
        work.enqueue_everyone(db, NOW)

    assert work.take_due(db, "reconcile", NOW, None) == [ref("c1"), ref("c2")]


def test_who_left_the_audience_loses_the_score(db: Mirror) -> None:
    with db.write():
        made = links.ensure_people(db, [ref("c1"), ref("c2")], NOW)
        rows = {person_id: Scored(HOT) for person_id in made.values()}
        scores.save_scores(db, rows, rules_version="v1", today=TODAY, now=NOW)
        ranked = reads.listed_people(db)
        left = scores.drop_scores(db, [2, 3])

    assert (ranked, left, reads.listed_people(db)) == ([1, 2], [2], [1])


def test_a_snapshot_is_under_way_from_its_first_record_to_its_end(db: Mirror) -> None:
    seen = [mirror.under_way(db, "acme.candidates")]
    with db.write():
        mirror.mark_seen(db, "acme.candidates", ["c1"])
        seen.append(mirror.under_way(db, "acme.candidates"))
        mirror.delete_missing(db, "candidates", "acme", NOW + timedelta(0))

    assert [*seen, mirror.under_way(db, "acme.candidates")] == [False, True, False]


def test_the_members_of_some_lists(db: Mirror) -> None:
    with db.write():
        mirror.replace_list_members(db, "1", ["101", "102"])
        mirror.replace_list_members(db, "2", ["102", "103"])
        mirror.replace_list_members(db, "3", ["104"])

    assert mirror.list_members(db, ["1", "2"]) == {"101", "102", "103"}


def test_a_person_without_records_is_absorbed_with_tasks_and_outbox_rows(db: Mirror) -> None:
    c1, c2 = ref("c1"), ref("c2")
    with db.write():
        links.ensure_people(db, [c1, c2], NOW)
        mirror.save_own_task(db, MADE, 2, "fan", confirmed=True, now=NOW)
        work.enqueue_people(db, "score", [1, 2], NOW)
    plan(db, task("k1", 1), task("k2", 2), update("k3", "102", 2))
    with db.write():
        too_early = links.absorb(db, 2, 1)
        links.set_link(db, c2, 1, "ruling", {}, 1, NOW)
        absorbed = links.absorb(db, 2, 1)

    assert (too_early, absorbed) == (False, True)
    assert db.rows("SELECT key, person_id, state FROM outbox ORDER BY key") == [
        ("k1", 1, "PENDING"),
        ("k2", 1, "WITHDRAWN"),
        ("k3", 1, "PENDING"),
    ]
    assert mirror.people_of_tasks(db, ["900"]) == [1]
    assert (work.due_people(db, "score", NOW, None), db.rows("SELECT id FROM person")) == ([1], [(1,)])


def change(kind: ActionKind, key: str, person_id: int, task_id: str = "900") -> Action:
    return Action(kind, key, PersonId(person_id), "101", {}, object_id=task_id, reason="expired")


def test_a_task_has_one_open_change_of_any_kind_and_it_follows_the_task_to_another_person(db: Mirror) -> None:
    complete, archive = ActionKind.COMPLETE_TASK, ActionKind.ARCHIVE_TASK
    plan(db, change(complete, "k1", 1))
    replaced = plan(db, change(archive, "k2", 1), change(archive, "k3", 1, "901"))
    kept = plan(db, change(archive, "k2", 1))
    moved = plan(db, change(archive, "k2", 2))

    assert (replaced.replaced, replaced.added, kept.kept, moved.replaced) == (("k2",), ("k3",), ("k2",), ("k2",))
    assert db.rows("SELECT key, person_id FROM outbox ORDER BY key") == [("k2", 2), ("k3", 1)]


def test_a_change_that_was_sent_stands_in_the_way_of_another(db: Mirror) -> None:
    plan(db, change(ActionKind.COMPLETE_TASK, "k1", 1))
    with db.write():
        outbox.claim(db, {"k1": {}}, token="t1", now=NOW)

    assert plan(db, change(ActionKind.ARCHIVE_TASK, "k2", 1)).refused == ("k2",)


def own_task(db: Mirror, seen: str) -> OwnTask:
    with db.write():
        mirror.save_tasks(db, [replace(MADE, visible_hash=seen, updated_at=LATER)], LATER)
        db.change("UPDATE task SET row_hash = ''")
    return tasks.load_own_tasks(db, [5])[5][0]


def test_a_task_is_untouched_as_written_and_as_a_change_under_way_makes_it(db: Mirror) -> None:
    save_own(db, confirmed=True)
    with db.write():
        tasks.note_sending(db, {"900": "as it will be"})
    looks = ("as sent", "as it will be", "as a person wants it")

    assert [own_task(db, seen).untouched for seen in looks] == [True, True, False]


def test_a_task_warmline_closed_and_a_person_opened_again_is_touched(db: Mirror) -> None:
    save_own(db, confirmed=True)
    plan(db, change(ActionKind.ARCHIVE_TASK, "k1", 5))
    with db.write():
        outbox.claim(db, {"k1": {}}, token="t1", now=NOW)
        outbox.settle(db, "k1", OutboxState.DONE, now=NOW)

    assert own_task(db, "as sent").untouched is False


def test_a_task_is_lost_when_each_of_its_contacts_is_known_to_be_gone_or_somebody_elses(db: Mirror) -> None:
    save_own(db, confirmed=True)
    found = [own_task(db, "as sent").lost]  # the mirror does not have the contact yet
    with db.write():
        mirror.save_contacts(db, [Contact("101")], NOW)
        db.change("INSERT INTO person (id, created_at) VALUES (5, '')")
        links.set_link(db, contact_ref("101"), 5, "ruling", {}, 1, NOW)
        found.append(own_task(db, "as sent").lost)
        links.unlink(db, contact_ref("101"))
        found.append(own_task(db, "as sent").lost)
        links.set_link(db, contact_ref("101"), 5, "ruling", {}, 1, NOW)
        mirror.mark_contacts_deleted(db, ["101"], NOW)
        found.append(own_task(db, "as sent").lost)

    assert found == [False, False, True, True]


def test_a_task_whose_marker_a_person_took_out_is_still_known(db: Mirror) -> None:
    save_own(db, confirmed=True)
    with db.write():
        rows = tasks.with_markers(db, [replace(MADE, marker=None), Task("905")])

    assert [(row.remote_id, row.marker) for row in rows] == [("900", "ab" * 6)]
