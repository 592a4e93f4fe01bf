"""One effect: slots, keys, claims and settlements."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sync.core.model import Action, ActionKind, OutboxState, PersonId
from sync.store import failures, outbox
from sync.store.db import Mirror
from sync.store.outbox import OutboxRow, Planned
from tests.integration.store.values import LATER, NOW, TODAY

S = OutboxState


def update(key: str, contact_id: str, person_id: int, score: str = "70") -> Action:
    return Action(ActionKind.UPDATE_CONTACT, key, PersonId(person_id), contact_id, {"warmline_score": score})


def task(key: str, person_id: int, subject: str = "Call", play: str = "fan") -> Action:
    return Action(
        ActionKind.CREATE_TASK,
        key,
        PersonId(person_id),
        "101",
        {"hs_task_subject": subject},
        play=play,
        reason="hot",
    )


def plan(db: Mirror, *actions: Action, day=TODAY, now=NOW) -> Planned:
    with db.write():
        return outbox.plan(db, actions, now=now, day=day, owner_of={action.key: "7" for action in actions})


def claim(db: Mirror, kind: ActionKind = ActionKind.CREATE_TASK, *, token: str = "t1", now=NOW) -> list[str]:
    with db.write():
        payloads = {row.key: row.after for row in outbox.claimable(db, kind, 100, now)}
        return [row.key for row in outbox.claim(db, payloads, token=token, now=now)]


def settle(db: Mirror, key: str, state: OutboxState, **facts) -> None:
    with db.write():
        outbox.settle(db, key, state, now=NOW, **facts)


def states(db: Mirror) -> dict[str, str]:
    return dict(db.rows("SELECT key, state FROM outbox ORDER BY key"))


def test_a_planned_action_waits_with_its_exact_content(db: Mirror) -> None:
    action = replace(task("k1", 5, "Bel Sanné"), before={"a": "1"}, object_id="77")

    planned = plan(db, action)

    assert planned == Planned(added=("k1",))
    assert outbox.claimable(db, ActionKind.CREATE_TASK, 10, NOW) == [
        OutboxRow(
            key="k1",
            kind=ActionKind.CREATE_TASK,
            person_id=5,
            contact_id="101",
            object_id="77",
            play="fan",
            reason="hot",
            owner_id="7",
            after={"hs_task_subject": "Bel Sanné"},
            before={"a": "1"},
            state=S.PENDING,
            lease_token=None,
            attempts=0,
            not_before=None,
            error="",
            planned_day=TODAY,
            planned_at=NOW,
            sent_at=None,
            done_at=None,
        )
    ]


def test_an_equal_plan_changes_nothing_but_its_day(db: Mirror) -> None:
    plan(db, task("k1", 1))

    again = plan(db, task("k1", 1), day=TODAY + timedelta(days=1), now=LATER)

    assert again == Planned(kept=("k1",))
    assert db.rows("SELECT key, planned_day, planned_at FROM outbox") == [
        ("k1", "2026-11-22", "2026-11-21T09:30:15.250Z")
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (task("k1", 1), task("k1", 1, "Other")),  # the same occasion in other words
        (task("k1", 1), task("k2", 1, play="promise")),  # a stronger play for the person
        (update("k1", "101", 1), update("k2", "101", 1, "80")),  # a newer score
        (update("k1", "101", 1), update("k2", "101", 2, "80")),  # the contact's person changed
    ],
)
def test_an_open_row_of_the_same_slot_is_replaced(db: Mirror, first: Action, second: Action) -> None:
    plan(db, first)

    planned = plan(db, second)

    assert planned == Planned(replaced=(second.key,))
    assert [(row.key, row.after, row.play) for row in outbox.list_rows(db, [S.PENDING])] == [
        (second.key, second.after, second.play)
    ]
    assert states(db) == {second.key: "PENDING"}


def test_two_actions_for_a_slot_in_one_plan_leave_the_last(db: Mirror) -> None:
    plan(db, task("k1", 1), task("k2", 1), task("k3", 2))

    assert states(db) == {"k2": "PENDING", "k3": "PENDING"}


@pytest.mark.parametrize("state", [S.SENT, S.UNKNOWN, S.DONE, S.DEAD])
def test_a_key_that_was_sent_is_not_planned_again(db: Mirror, state: OutboxState) -> None:
    plan(db, task("k1", 1))
    claim(db)
    settle(db, "k1", state)

    assert plan(db, task("k1", 1, "Other")) == Planned(refused=("k1",))
    assert states(db) == {"k1": state.value}


@pytest.mark.parametrize("state", [S.SENT, S.UNKNOWN])
def test_a_slot_whose_row_is_under_way_takes_no_other(db: Mirror, state: OutboxState) -> None:
    plan(db, task("k1", 1))
    claim(db)
    settle(db, "k1", state)

    assert plan(db, task("k2", 1)) == Planned(refused=("k2",))


def test_a_withdrawn_key_is_planned_anew(db: Mirror) -> None:
    plan(db, task("k1", 1), task("k2", 2))
    with db.write():
        withdrawn = outbox.withdraw(db, [1, 2], [ActionKind.CREATE_TASK], keep=["k2"])

    assert (withdrawn, states(db)) == (["k1"], {"k1": "WITHDRAWN", "k2": "PENDING"})
    assert plan(db, task("k1", 1)) == Planned(added=("k1",))
    assert states(db) == {"k1": "PENDING", "k2": "PENDING"}


def test_a_replaced_row_that_was_tried_keeps_its_history_and_passes_on_its_wait(db: Mirror) -> None:
    plan(db, task("k1", 1))
    claim(db)
    settle(db, "k1", S.DEFERRED, not_before=LATER)

    plan(db, task("k2", 1))

    assert states(db) == {"k1": "WITHDRAWN", "k2": "DEFERRED"}
    assert (claim(db), claim(db, now=LATER)) == ([], ["k2"])


def test_what_is_sent_or_of_another_kind_is_not_withdrawn(db: Mirror) -> None:
    plan(db, task("k1", 1), update("k2", "101", 1), task("k3", 2))
    claim(db)
    with db.write():
        withdrawn = outbox.withdraw(db, [1, 2], [ActionKind.CREATE_TASK])
        by_key = outbox.withdraw_keys(db, ["k1", "k2"])

    assert (withdrawn, by_key) == ([], ["k2"])


def test_a_claim_is_sent_once_under_its_token(db: Mirror) -> None:
    plan(db, task("k1", 1), task("k2", 2))

    assert (claim(db), claim(db)) == (["k1", "k2"], [])
    assert (
        db.rows("SELECT state, lease_token, attempts, sent_at FROM outbox")
        == [("SENT", "t1", 1, "2026-11-21T09:30:15.250Z")] * 2
    )


def test_what_another_worker_had_sent_becomes_unknown_and_is_looked_up(db: Mirror) -> None:
    plan(db, task("k1", 1), task("k2", 2))
    claim(db)

    with db.write():
        found = (outbox.orphans(db, "t1"), outbox.orphans(db, "t2"))
    settle(db, "k2", S.UNKNOWN, not_before=LATER)

    assert found == ([], ["k1", "k2"])
    assert [row.key for row in outbox.load_unknown(db, ActionKind.CREATE_TASK, 1)] == ["k1"]


def test_a_settled_row_keeps_what_was_made(db: Mirror) -> None:
    plan(db, task("k1", 1))
    claim(db)
    settle(db, "k1", S.DONE, object_id="900")

    row = outbox.load_rows(db, ["k1"])[0]
    assert (row.state, row.object_id, row.done_at) == (S.DONE, "900", NOW)


def test_counts_dead_rows_and_stale_plans(db: Mirror) -> None:
    plan(db, task("k1", 1), task("k2", 2), update("k3", "101", 1))
    settle(db, "k1", S.DEAD, error="INVALID_OWNER")

    assert outbox.counts(db) == {
        ActionKind.CREATE_TASK: {S.DEAD: 1, S.PENDING: 1},
        ActionKind.UPDATE_CONTACT: {S.PENDING: 1},
    }
    assert (outbox.stale_pending(db, TODAY), outbox.stale_pending(db, TODAY + timedelta(days=1))) == (
        [],
        [1, 2],
    )


@pytest.mark.parametrize("action", [update, task])
def test_a_refused_write_is_planned_again_on_a_later_day_with_other_content(db: Mirror, action) -> None:
    first, other = (
        (action("k1", "101", 1), action("k2", "101", 1, "80"))
        if action is update
        else (
            action("k1", 1),
            action("k1", 1, "Other"),
        )
    )
    plan(db, first)
    kind = first.kind
    claim(db, kind)
    settle(db, "k1", S.DEAD)
    tomorrow = TODAY + timedelta(days=1)

    same_day, same_content = plan(db, other), plan(db, replace(first, key=other.key), day=tomorrow)
    later = plan(db, other, day=tomorrow)

    assert (same_day.refused, same_content.refused) == ((other.key,), (other.key,))
    assert later.new == {other.key}
    assert [row.key for row in outbox.list_rows(db, [S.DEAD])] == []


def test_a_retried_write_gives_way_to_a_newer_one(db: Mirror) -> None:
    plan(db, update("k1", "101", 1))
    claim(db, ActionKind.UPDATE_CONTACT)
    settle(db, "k1", S.DEAD)
    plan(db, update("k2", "101", 1, "80"), day=TODAY + timedelta(days=1))
    with db.write():
        db.change("UPDATE outbox SET state = 'DEAD' WHERE key = 'k1'")

    with db.write():
        done = failures.retry(db, outbox.list_rows(db, [S.DEAD]), NOW)

    assert (done.again, done.replaced) == ((), ("k1",))
    assert states(db) == {"k1": "WITHDRAWN", "k2": "PENDING"}
