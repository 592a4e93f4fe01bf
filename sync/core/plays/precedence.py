"""Which play has the say about a person's one open task."""

from __future__ import annotations

from sync.core.facts import OwnTask

_PRECEDENCE = {"call_back": 0, "promise": 1, "unanswered": 1, "abandoned_application": 2, "fan": 3}
_THE_REST = 4
_MOVES = frozenset({"call_back", "promise"})  # another moment, or a missed one, is the same appointment


def precedence(play: str | None) -> int:
    """Lower goes first. A play that is not named, and a task whose play is not known, come last."""
    return _PRECEDENCE.get(play or "", _THE_REST)


def may_rewrite(play: str, task: OwnTask) -> bool:
    """Whether a play takes over an open task: a weaker play made it, or itself where its wishes move, and no person
    changed it since.
    """
    own = play == task.play and play in _MOVES
    return task.open and is_at_hand(task) and (own or precedence(play) < precedence(task.play))


def is_at_hand(task: OwnTask) -> bool:
    """Whether warmline may change the task at all: it is known in HubSpot and stands there as it was written."""
    return task.untouched and bool(task.remote_id)
