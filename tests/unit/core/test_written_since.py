"""After a restore: warmline's own later writes are no hand edits."""

from __future__ import annotations

import pytest

from sync.core.writes import written_since

OURS, OTHER, PERSON = ("INTEGRATION", "app-1"), ("INTEGRATION", "app-2"), ("CRM_UI", "userId:9")


@pytest.mark.parametrize(
    "history, is_ours",
    [
        ([("47", *OURS), ("28", *OURS)], True),
        ([("60", *OURS), ("47", *OURS), ("28", *OURS)], True),
        ([("60", *OURS), ("5", *PERSON), ("28", *OURS)], True),
        ([("47", *PERSON), ("28", *OURS)], False),
        ([("47", *OTHER), ("28", *OURS)], False),
        ([("47", "INTEGRATION", ""), ("28", "INTEGRATION", "")], False),
        ([("47", *OURS)], False),
        ([], False),
    ],
)
def test_a_later_value_is_ours_when_its_source_set_the_baseline_too(
    history: list[tuple[str, str, str]], is_ours: bool
) -> None:
    assert written_since(history, "28", str) is is_ours


def test_without_a_baseline_nothing_tells_which_source_is_ours() -> None:
    assert written_since([("47", *OURS), ("28", *OURS)], None, str) is False
