"""What a write makes of a task, and what an answer to it tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mappings.hubspot_tasks import after_write, is_whole, to_task, visible_hash
from sync.errors import InvalidRecord

SHOWN = {
    "hs_task_subject": "Bel Jan",
    "hs_task_body": "Waarom nu: een formulier.<br>[wl:abababababab]",
    "hs_timestamp": "2026-11-24T12:00:00Z",
    "hubspot_owner_id": "71",
    "hs_task_type": "CALL",
    "hs_task_status": "NOT_STARTED",
}
TASK = to_task({"id": "900", "properties": SHOWN, "contact_ids": ["501"]})


def test_only_what_was_written_changes() -> None:
    told = {"hubspot_owner_id": "72", "hs_lastmodifieddate": "2026-11-24T08:00:00Z", "hs_task_completion_date": ""}

    assert after_write(TASK, told, "as it looks now") == replace(
        TASK, owner_id="72", updated_at=datetime(2026, 11, 24, 8, tzinfo=UTC), visible_hash="as it looks now"
    )


def test_a_date_that_cannot_be_read_is_told() -> None:
    with pytest.raises(InvalidRecord, match="hs_timestamp"):
        after_write(TASK, {"hs_timestamp": "soon"}, "x")


@pytest.mark.parametrize("missing", sorted(SHOWN.keys() - {"hs_task_status"}))
def test_an_answer_without_a_part_a_person_sees_does_not_show_the_task(missing: str) -> None:
    assert is_whole(SHOWN)
    assert not is_whole({name: value for name, value in SHOWN.items() if name != missing})


def test_the_status_is_no_part_of_how_a_task_looks() -> None:
    assert visible_hash({**SHOWN, "hs_task_status": "COMPLETED"}) == visible_hash(SHOWN)
