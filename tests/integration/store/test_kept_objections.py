"""Activities age; what a person asked for in one does not."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sync.core.activity import Activity
from sync.core.ageing import kept_from
from sync.store.activities import activities_of_contacts, save_activities
from sync.store.ageing import forget_activities
from sync.store.db import Mirror
from tests.integration.store.values import LATER, NOW

ZONE = ZoneInfo("Europe/Amsterdam")


def test_a_call_that_ended_with_leave_me_alone_outlives_the_others(db: Mirror) -> None:
    calls = [
        Activity(str(number), "call", NOW - timedelta(days=1), ("101",), "out", outcome)
        for number, outcome in enumerate(("connected", None, "do_not_contact"))
    ]
    with db.write():
        save_activities(db, "hubspot.calls", calls, NOW, ZONE)
        gone = forget_activities(db, LATER, kept_from(LATER.date(), {}))

    assert gone == 2
    assert [one.outcome for one in activities_of_contacts(db, ["101"])["101"]] == ["do_not_contact"]
