"""Which of the team's acts end an open task, for plays that do not simply count everything since the task was made."""

from __future__ import annotations

from sync.core.activity import Activity, is_act
from sync.core.facts import OwnTask
from sync.core.plays.wish import Case


def since_made(_: Case, task: OwnTask, activity: Activity) -> bool:
    """Any act of the team after the task was made."""
    return activity.at > task.made_at and is_act(activity)
