"""Who set a value, as HubSpot's history tells it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.protocols import PropertyValue
from sync.stages.hand_edits import last_edit
from sync.store.conflicts import Conflict, Edit

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
CONFLICT = Conflict("501", "warmline_score", "47", "99")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (PropertyValue("99", AT, "CRM_UI", "userId:9002"), Edit("CRM_UI", "9002", AT)),
        (
            PropertyValue("99.0", AT, "CRM_UI", "userId:9002", "9003"),
            Edit("CRM_UI", "9002", AT),
        ),  # as HubSpot spells it
        (PropertyValue("99", AT, "MOBILE_IOS", "", "9003"), Edit("MOBILE_IOS", "9003", AT)),
        (PropertyValue("99", AT, "IMPORT", "12"), Edit("IMPORT", None, AT)),
        (PropertyValue("99", AT, "", ""), Edit(None, None, AT)),
        (PropertyValue("98", AT, "CRM_UI", "userId:9002"), Edit()),  # about another value
    ],
)
def test_the_newest_entry_of_the_history_says_who(value: PropertyValue, expected: Edit) -> None:
    older = PropertyValue("99", AT, "INTEGRATION", "app")

    assert last_edit([value, older], CONFLICT) == expected


def test_without_a_history_nobody_knows() -> None:
    assert last_edit([], CONFLICT) == Edit()
