"""What may be written over what, and what becomes of a write."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync.core.actions import Verdict, after_history, hubspot_datetime, next_state, three_way
from sync.core.model import OutboxState
from sync.core.writes import is_stubborn, portions
from tests.unit.core.make import NOW

TEXT = str.strip


@pytest.mark.parametrize(
    ("desired", "present", "baseline", "expected"),
    [
        ("62", "40", "40", Verdict.SEND),  # as we left it
        ("62", "62", "40", Verdict.SAME),  # somebody wrote what we want
        ("62", "62", None, Verdict.SAME),
        ("62", "50", "40", Verdict.CONFLICT),  # a hand edit
        ("62", None, None, Verdict.SEND),  # empty, never written
        ("62", "", "40", Verdict.SEND),  # cleared: handed back
        ("62", "50", None, Verdict.HISTORY),  # by whom?
        ("", "40", "40", Verdict.SEND),  # clearing what we wrote
        ("", None, "40", Verdict.SAME),
        ("", "50", "40", Verdict.CONFLICT),
    ],
)
def test_a_hand_edit_wins(desired: str, present: str | None, baseline: str | None, expected: Verdict) -> None:
    assert three_way(desired, present, baseline, TEXT) is expected


@pytest.mark.parametrize(
    ("source_type", "source_id", "own", "expected"),
    [
        ("INTEGRATION", "app", frozenset(), Verdict.SEND),
        ("API", None, frozenset(), Verdict.SEND),
        ("INTEGRATION", "app", frozenset({"app"}), Verdict.SEND),
        ("INTEGRATION", "other", frozenset({"app"}), Verdict.CONFLICT),  # another integration
        ("CRM_UI", "user", frozenset(), Verdict.CONFLICT),
        ("IMPORT", None, frozenset(), Verdict.CONFLICT),
        (None, None, frozenset(), Verdict.CONFLICT),  # no history: not ours to overwrite
    ],
)
def test_a_filled_property_without_baseline_is_ours_when_an_integration_wrote_it(
    source_type: str | None, source_id: str | None, own: frozenset[str], expected: Verdict
) -> None:
    assert after_history(source_type, source_id, own) is expected


@pytest.mark.parametrize(
    ("status", "attempts", "state", "wait"),
    [
        ("done", 1, OutboxState.DONE, None),
        ("rejected", 1, OutboxState.DEAD, None),
        ("retry", 1, OutboxState.DEFERRED, timedelta(minutes=1)),
        ("retry", 3, OutboxState.DEFERRED, timedelta(minutes=4)),
        ("retry", 99, OutboxState.DEFERRED, timedelta(hours=1)),
        ("unknown", 1, OutboxState.UNKNOWN, timedelta(minutes=5)),
        ("unknown", 3, OutboxState.UNKNOWN, timedelta(minutes=20)),
        ("unknown", 99, OutboxState.UNKNOWN, timedelta(hours=1)),
    ],
)
def test_a_reply_decides_the_next_state(status: str, attempts: int, state: OutboxState, wait: timedelta | None) -> None:
    found = next_state(status, attempts, now=NOW, not_before=timedelta(minutes=5))

    assert found == (state, None if wait is None else NOW + wait)


@pytest.mark.parametrize("wait", [timedelta(0), timedelta(hours=3)])
def test_the_wait_for_a_look_up_is_never_shorter_than_the_setting_nor_made_of_nothing(wait: timedelta) -> None:
    assert next_state("unknown", 9, now=NOW, not_before=wait) == (OutboxState.UNKNOWN, NOW + wait)


@pytest.mark.parametrize(
    ("tries", "sizes"),
    [
        ([0] * 250, [100, 100, 50]),
        ([1] * 30, [25, 5]),
        ([2] * 7, [6, 1]),
        ([3, 0, 99, 0], [2, 1, 1]),  # the new ones first, in their order
        ([], []),
    ],
)
def test_rows_that_got_no_answer_go_in_ever_smaller_requests(tries: list[int], sizes: list[int]) -> None:
    rows = list(enumerate(tries))

    found = list(portions(rows, lambda row: row[1], 100))

    assert [len(some) for some in found] == sizes
    assert sorted(row for some in found for row in some) == rows


@pytest.mark.parametrize(
    ("state", "attempts", "sent_ago", "expected"),
    [
        (OutboxState.DEFERRED, 2, timedelta(days=1), False),
        (OutboxState.DEFERRED, 3, timedelta(0), True),
        (OutboxState.UNKNOWN, 1, timedelta(minutes=59), False),
        (OutboxState.UNKNOWN, 1, timedelta(hours=1), True),
        (OutboxState.UNKNOWN, 3, timedelta(0), True),
        (OutboxState.PENDING, 9, timedelta(days=9), False),
    ],
)
def test_a_write_that_waits_for_long_deserves_a_look(
    state: OutboxState, attempts: int, sent_ago: timedelta, expected: bool
) -> None:
    assert is_stubborn(state, attempts, NOW - sent_ago, NOW) is expected


def test_a_reply_nobody_knows_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        next_state("perhaps", 1, now=NOW, not_before=timedelta(0))


def test_moments_are_spelled_as_hubspot_wants_them() -> None:
    assert hubspot_datetime(NOW) == "2026-11-24T08:00:00.000Z"
